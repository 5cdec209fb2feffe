#include "danger/appliances.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "danger/names.hpp"
#include "danger/values.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr int kDeepestPart = 6;

constexpr std::array<std::string_view, 5> kDetectors{"alarm", "alert", "detector", "sensor",
                                                     "leak"};
constexpr std::array<std::string_view, 1> kFlame{"flame"};
constexpr std::array<std::string_view, 3> kWeather{"weather", "forecast", "openweathermap"};

// Where a member stands: what its topic and its message are about.
struct Setting {
  const TopicMeaning& topic;
  bool has_burner = false;  // a member speaks of one
  int depth = 0;
};

bool is_on(std::string_view name, const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (const auto number = sdk::number_of(value)) return *number == 1;
  return value.is_string() && meaning_of_text({name, value.get_string()}).saying == Saying::on;
}

bool runs(std::string_view name, const json::value& value, const Setting& setting) {
  const auto meaning = meaning_of_name(name);
  const auto& device = setting.topic.device;
  if (meaning.role == Role::statement) return mentions(device, kWeather);
  if (meaning.role == Role::none || mentions(device, kDetectors)) return false;
  if (mentions(name, kDetectors)) return false;
  const auto appliances = appliances_with(meaning.danger);
  if (meaning.danger == Danger::fire && mentions(name, kFlame)) {
    const bool burns =
        setting.has_burner || mentions(device, appliances) || mentions(name, appliances);
    return burns && is_on(name, value);
  }
  if (meaning.danger == Danger::gas) {
    const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
    return !meaning.asks && number == 1 && mentions(device, appliances);
  }
  if (!meaning.weak || meaning.asks || names_danger(setting.topic.meaning)) return false;
  return mentions(device, appliances) && is_on(name, value);
}

bool speaks_of_burner(const json::object& object) {
  const auto burners = appliances_with(Danger::fire);
  return std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return mentions(member.key(), burners); });
}

json::object without(const json::object& object, const std::string& around,
                     const Setting& setting) {
  const Setting here{setting.topic, setting.has_burner || speaks_of_burner(object),
                     setting.depth + 1};
  json::object rest;
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const std::string name = around.empty() ? std::string(key) : around + "_" + std::string(key);
    const auto* inside = member.value().if_object();
    if (inside != nullptr && here.depth < kDeepestPart) {
      rest[key] = without(*inside, name, here);
    } else if (!runs(name, member.value(), here)) {
      rest[key] = member.value();
    }
  }
  return rest;
}

}  // namespace

bool says_that_it_runs(std::string_view name, const json::value& value, const TopicMeaning& topic) {
  return runs(name, value, {topic});
}

json::object without_what_runs(const json::object& object, const TopicMeaning& topic) {
  return without(object, {}, {topic});
}

}  // namespace watchpost::danger
