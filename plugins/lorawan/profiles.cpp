#include "lorawan/profiles.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "sdk/json.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan {
namespace {

constexpr std::size_t kSlips = 3;
constexpr std::size_t kMostNamed = 4;

Codec codec_or_throw(std::string_view profile) {
  if (const auto codec = find_codec(profile)) return codec;
  throw std::invalid_argument(no_codec_called(profile));
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// "_milesight_em310_udl_": words in lower case with a line between and around them.
std::string words_of(std::string_view text) {
  std::string words = "_";
  for (const char c : sdk::lower_case(text)) {
    if (is_word(c)) {
      words.push_back(c);
    } else if (words.back() != '_') {
      words.push_back('_');
    }
  }
  if (words.back() != '_') words.push_back('_');
  return words;
}

// The model of a profile, where it is a name that nothing else has: one with a digit.
std::string_view model_of(std::string_view profile) {
  const auto model = profile.substr(profile.find('_') + 1);
  const bool digit =
      std::any_of(model.begin(), model.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digit ? model : profile;
}

}  // namespace

std::string no_codec_called(std::string_view profile) {
  std::string wanted = sdk::lower_case(profile);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  std::vector<std::pair<std::size_t, std::string_view>> slips;
  for (const std::string_view name : codec_names()) {
    const auto distance = edit_distance(wanted, name);
    if (distance <= kSlips) slips.emplace_back(distance, name);
  }
  std::stable_sort(slips.begin(), slips.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (slips.size() > kMostNamed) slips.resize(kMostNamed);
  // The nearest may not be the one that was meant.
  std::string near;
  for (const auto& [distance, name] : slips)
    near.append(near.empty() ? "\"" : ", \"").append(name).append("\"");
  std::replace(near.begin(), near.end(), '_', '-');
  std::string sentence = "no payload codec is called \"" + std::string(profile) + "\"";
  return near.empty() ? sentence : sentence + "; near are " + near;
}

Codec codec_in(std::string_view text) {
  if (const auto codec = find_codec(text)) return codec;
  const auto words = words_of(text);
  Codec found = nullptr;
  std::size_t longest = 0;
  bool doubt = false;
  for (const std::string_view profile : codec_names()) {
    const auto model = words_of(model_of(profile));
    if (words.find(model) == std::string::npos || model.size() < longest) continue;
    const auto codec = find_codec(profile);
    doubt = model.size() == longest && codec != found;
    longest = model.size();
    found = codec;
  }
  return doubt ? nullptr : found;
}

Profiles::Profiles(const sdk::Options& options) : options_(options) {
  const auto* profiles = sdk::object_at(options.own(), "profiles");
  if (profiles == nullptr) {
    if (!options.own().contains("profiles")) return;
    throw std::invalid_argument("option \"profiles\" must map profile names to codecs");
  }
  for (const auto& entry : *profiles) {
    const auto* codec = entry.value().if_string();
    if (codec == nullptr) throw std::invalid_argument("a codec in \"profiles\" is not a text");
    named_.emplace(entry.key(), codec_or_throw(*codec));
  }
}

const sdk::Device* Profiles::entry(const Sender& sender) const {
  const auto* device = options_.device(sender.device);
  return device != nullptr ? device : options_.device(sender.other);
}

bool Profiles::has_mapping(const Sender& sender) const {
  const auto* device = entry(sender);
  return device != nullptr && device->profile.ends_with(".toml");
}

Profiles::Choice Profiles::choose(const Sender& sender) const {
  const auto* device = entry(sender);
  if (device != nullptr && !device->profile.empty()) {
    const auto codec = find_codec(device->profile);
    // A profile of the device table may belong to another decoder, so that only a message tells.
    return {codec, {}, codec == nullptr ? no_codec_called(device->profile) : std::string{}};
  }
  if (const auto named = named_.find(sender.profile_name); named != named_.end()) {
    return {named->second, {}, {}};
  }
  if (!sender.tag.empty()) {
    const auto codec = find_codec(sender.tag);
    if (codec != nullptr) return {codec, "profile_by_tag", {}};
    return {nullptr, {}, no_codec_called(sender.tag) + " (the device's tag watchpost_profile)"};
  }
  if (const auto codec = codec_in(sender.profile_name)) return {codec, "profile_by_name", {}};
  return {
      nullptr,
      {},
      "no payload codec for this device: give its dev EUI a profile in the device table, tag it "
      "watchpost_profile in the network server, or map its device profile name in the decoder's "
      "option \"profiles\""};
}

}  // namespace watchpost::lorawan
