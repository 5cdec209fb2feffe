#include "danger/appliances.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/neighbours.hpp"
#include "danger/phrase.hpp"
#include "danger/values.hpp"
#include "danger/words_things.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr int kDeepestPart = 6;

constexpr std::array<std::string_view, 5> kDetectors{"alarm", "alert", "detector", "sensor",
                                                     "leak"};
constexpr std::array<std::string_view, 1> kFlame{"flame"};
constexpr std::array<std::string_view, 1> kPanic{"panic"};
// Their fire is wanted.
constexpr std::array<std::string_view, 3> kHearths{"fireplace", "hearth", "stove"};
// What stands beside the gas valve of a boiler.
constexpr std::array<std::string_view, 12> kOfBoiler{
    "flame", "burner", "dhw",    "modulation", "setpoint", "ignition",
    "flow",  "return", "boiler", "radiator",   "heating",  "target"};
constexpr std::array<std::string_view, 5> kWeather{"weather", "forecast", "openweathermap", "rain",
                                                   "raining"};
// Who tells of the weather, where a rain gauge tells of its village.
constexpr std::array<std::string_view, 3> kForecasts{"weather", "forecast", "openweathermap"};
constexpr std::array<std::string_view, 2> kWet{"wet", "moisture"};
// What is to be wet.
constexpr std::array<std::string_view, 6> kSoil{"soil",   "plant",      "flowerpot",
                                                "garden", "irrigation", "lawn"};
// "boiler_room" is a place, where a detector may hang.
constexpr std::array<std::string_view, 2> kPlaces{"room", "house"};

// Where a member stands: what its topic and its message are about.
struct Setting {
  const TopicMeaning& topic;
  bool has_burner = false;  // a member speaks of one
  bool has_boiler = false;  // a member is of one
  int depth = 0;
};

bool is_on(std::string_view name, const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (const auto number = sdk::number_of(value)) return *number == 1;
  return value.is_string() && meaning_of_text({name, value.get_string()}).saying == Saying::on;
}

// The first of `things` that `place` names, without its number; empty where it names none.
std::string_view thing_in(const Phrase& place, std::span<const std::string_view> things) {
  const auto words = place.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_place = i + 1 < words.size() &&
                          std::find(kPlaces.begin(), kPlaces.end(), words[i + 1]) != kPlaces.end();
    if (is_place) continue;
    for (const auto thing : things) {
      const auto word = words[i] == thing ? words[i] : without_number(words[i]);
      if (word == thing || (word.ends_with('s') && word.substr(0, word.size() - 1) == thing)) {
        return thing;
      }
    }
  }
  return {};
}

bool names_one(std::string_view place, std::span<const std::string_view> things) {
  return !thing_in(Phrase(place), things).empty();
}

// Soil and rain are wet.
bool is_wet_as_wanted(std::string_view name, const json::value& value, const NameMeaning& meaning,
                      std::string_view device) {
  if (meaning.danger != Danger::leak || meaning.asks || !mentions(name, kWet)) return false;
  const bool says_wet = value.is_string() && Phrase(value.get_string()).is("wet");
  return (names_one(device, kSoil) || names_one(device, kWeather)) &&
         (says_wet || is_on(name, value));
}

bool runs(std::string_view name, const json::value& value, const Setting& setting) {
  const auto meaning = meaning_of_name(name);
  const auto& device = setting.topic.device;
  if (meaning.role == Role::statement) {
    const bool asks = value.is_string() && Phrase(value.get_string()).is("help");
    return mentions(device, kForecasts) || (asks && names_one(device, chats()));
  }
  if (meaning.danger == Danger::sos && mentions(name, kPanic) && names_one(device, computers())) {
    return true;
  }
  if (is_wet_as_wanted(name, value, meaning, device)) return true;
  if (meaning.role == Role::none || mentions(device, kDetectors)) return false;
  if (mentions(name, kDetectors)) return false;
  const auto appliances = appliances_with(meaning.danger);
  if (meaning.danger == Danger::fire && mentions(name, kFlame)) {
    const bool burns =
        setting.has_burner || names_one(device, appliances) || names_one(name, appliances);
    return burns && is_on(name, value);
  }
  if (meaning.danger == Danger::gas) {
    const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
    if (meaning.asks) return false;
    const bool is_valve = setting.has_boiler && is_on(name, value) && names_one(device, boilers());
    return is_valve || (number == 1 && names_one(device, appliances));
  }
  if (!meaning.weak || meaning.asks || names_danger(setting.topic.meaning)) return false;
  return names_one(device, appliances) && is_on(name, value);
}

bool speaks_of_burner(const json::object& object) {
  const auto burners = appliances_with(Danger::fire);
  return std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return mentions(member.key(), burners); });
}

bool speaks_of_boiler(const json::object& object) {
  return std::any_of(object.begin(), object.end(),
                     [](const auto& member) { return mentions(member.key(), kOfBoiler); });
}

// What may give the "smoke" of a grill, the "fire" of a fireplace, the "gas" of a boiler, the
// "help" of a bot, or be in danger as well; empty where it is anything else.
std::string doubtful_thing(std::string_view name, const json::value& value,
                           std::string_view device) {
  const auto meaning = meaning_of_name(name);
  if (meaning.role != Role::danger || meaning.asks || mentions(device, kDetectors)) return {};
  if (mentions(name, kDetectors) || !is_on(name, value)) return {};
  const Phrase place(device);
  if (meaning.danger == Danger::gas) return std::string(thing_in(place, boilers()));
  if (meaning.danger == Danger::sos && Phrase(name).has("help")) {
    return std::string(thing_in(place, chats()));
  }
  if (Phrase(name).is("fire")) return std::string(thing_in(place, kHearths));
  if (meaning.danger != Danger::smoke) return {};
  return std::string(thing_in(place, appliances_with(Danger::smoke)));
}

json::object without(const json::object& object, const std::string& around,
                     const Setting& setting) {
  const Setting here{setting.topic, setting.has_burner || speaks_of_burner(object),
                     setting.has_boiler || speaks_of_boiler(object), setting.depth + 1};
  json::object rest;
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const std::string name = around.empty() ? std::string(key) : around + "_" + std::string(key);
    const auto* inside = member.value().if_object();
    if (inside != nullptr && here.depth < kDeepestPart) {
      rest[key] = without(*inside, name, here);
    } else if (!runs(name, member.value(), here)) {
      const auto thing = doubtful_thing(key, member.value(), setting.topic.device);
      rest[thing.empty() ? std::string(key) : thing + "_" + std::string(key)] = member.value();
    }
  }
  return rest;
}

}  // namespace

bool is_of_machine(const json::object& object, std::string_view place) {
  if (names_one(place, machines())) return true;
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto* text = member.value().if_string();
    return text != nullptr && part_of(member.key()) == MemberPart::what && !is_prose(*text) &&
           names_one(*text, machines());
  });
}

bool speaks_of_appliance(std::string_view place, Danger danger) {
  return names_one(place, appliances_with(danger));
}

json::object without_what_runs(const json::object& object, const TopicMeaning& topic) {
  return without(object, {}, {topic});
}

}  // namespace watchpost::danger
