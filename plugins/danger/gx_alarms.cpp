#include "danger/gx_alarms.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "danger/topic_meaning.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kService = 2;
constexpr std::size_t kFirstName = 4;  // N, portal, service, instance
// A warning of these comes before the danger; of a charger it comes with the sun.
constexpr std::array<std::string_view, 3> kWarnEarly{"battery", "temperature", "tank"};

// What the levels behind the instance ask; empty for what is no danger of ours.
std::string_view asked_by(std::string_view service, std::string_view path) {
  const bool is_hot = path.find("High") != path.npos && path.find("Temperature") != path.npos;
  if (is_hot && path.starts_with("Alarms/")) return "high_temperature_alarm";
  const bool is_tank = service == "tank";
  if (is_tank && path == "Alarms/High/State") return "level_high_alarm";
  if (is_tank && path == "Alarms/Low/State") return "level_low_alarm";
  const bool is_hot_room = service == "temperature" && path == "Alarms/High/State";
  return is_hot_room ? "high_temperature_alarm" : "";
}

}  // namespace

std::optional<json::object> gx_alarm_in(const json::value& message, std::string_view topic) {
  if (!topic.starts_with("N/")) return std::nullopt;
  const auto* object = message.if_object();
  const auto* value = object == nullptr ? nullptr : sdk::member(*object, "value");
  if (value == nullptr || object->size() != 1) return std::nullopt;
  const auto levels = levels_of(topic);
  if (levels.size() <= kFirstName) return std::nullopt;
  const auto service = levels[kService];
  const auto at = static_cast<std::size_t>(levels[kFirstName].data() - topic.data());
  const auto asked = asked_by(service, topic.substr(at));
  const auto number = sdk::number_of(*value);
  if (asked.empty() || !number) return std::nullopt;
  const bool warns_early =
      std::find(kWarnEarly.begin(), kWarnEarly.end(), service) != kWarnEarly.end();
  const bool alarms = *number == 2 || (*number == 1 && warns_early);
  return json::object{{asked, alarms ? "alarm" : "normal"}};
}

}  // namespace watchpost::danger
