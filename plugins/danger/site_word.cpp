#include "danger/site_word.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "danger/phrase.hpp"

namespace watchpost::danger {
namespace {

struct Profile {
  std::string_view name;
  std::string_view words;
  Danger danger;
};
constexpr std::array kProfiles{
    Profile{"sos-button", "sos button", Danger::sos},
    Profile{"smoke-alarm", "smoke alarm", Danger::smoke},
    Profile{"fire-alarm", "fire alarm", Danger::fire},
    Profile{"heat-alarm", "heat alarm", Danger::heat},
    Profile{"gas-alarm", "gas alarm", Danger::gas},
    Profile{"co-alarm", "co alarm", Danger::co},
    Profile{"leak-alarm", "leak alarm", Danger::leak},
    Profile{"fall-alarm", "fall alarm", Danger::fall},
    Profile{"call-point", "call point", Danger::manual_call},
};
constexpr auto kNames = [] {
  std::array<std::string_view, kProfiles.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kProfiles[i].name;
  return names;
}();

constexpr std::array<std::string_view, 8> kActive{"on",      "true",      "1",     "open",
                                                  "pressed", "triggered", "alarm", "active"};
constexpr std::array<std::string_view, 8> kInactive{"off",      "false",  "0",     "closed",
                                                    "released", "normal", "clear", "inactive"};

}  // namespace

std::optional<SiteWord> site_word(const sdk::Device* device) {
  if (device == nullptr || device->profile.empty()) return std::nullopt;
  const Phrase profile(device->profile);
  for (const Profile& known : kProfiles) {
    if (!profile.is(known.words)) continue;
    return SiteWord{known.danger, sdk::boolean_at(device->options, "inverted").value_or(false)};
  }
  return std::nullopt;
}

std::span<const std::string_view> site_profiles() {
  return kNames;
}

bool is_sos_button(const sdk::Device* device) {
  const auto word = site_word(device);
  return word && word->danger == Danger::sos;
}

sdk::Observation contact_of(const SiteWord& word, std::optional<bool> active) {
  const Subject& subject = subject_of(word.danger);
  if (active && word.inverted) active = !*active;
  sdk::Observation observation(subject.kind, !active   ? WATCHPOST_UNKNOWN
                                             : *active ? WATCHPOST_ALARM
                                                       : WATCHPOST_NORMAL);
  observation.boolean({subject.quantity}, active);
  return observation;
}

ContactSaid contact_said(const SiteWord& word, const sdk::json::value& value) {
  const auto active = contact_value(value);
  ContactSaid said{contact_of(word, active)};
  if (active || value.is_null()) return said;
  constexpr std::size_t kLongestWord = 80;
  said.observation.flag("not_understood");
  said.unread = "a contact says " + sdk::json::serialize(value).substr(0, kLongestWord) +
                ", which is neither on nor off";
  return said;
}

std::optional<bool> contact_value(const sdk::json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (const auto number = sdk::number_of(value)) {
    if (*number == 0) return false;
    if (*number == 1) return true;
    return std::nullopt;
  }
  if (!value.is_string()) return std::nullopt;
  const std::string word = sdk::lower_case(sdk::trim(value.get_string()));
  if (std::find(kActive.begin(), kActive.end(), word) != kActive.end()) return true;
  if (std::find(kInactive.begin(), kInactive.end(), word) != kInactive.end()) return false;
  return std::nullopt;
}

}  // namespace watchpost::danger
