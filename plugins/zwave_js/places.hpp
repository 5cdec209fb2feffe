// places: which value of which node a topic of Z-Wave JS UI (zwave-js-ui, api/lib/Gateway.ts
// valueTopic) is about.
// Promise: "named topics" (kitchen/notification/endpoint_0/Smoke_Alarm/Sensor_status) and "ValueID
// topics" (7/113/0/Smoke Alarm/Sensor status), below any prefix and place; of another topic
// ("configured manually") the last level is the name of the value. Pure.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::zwave_js {

inline constexpr unsigned kBasic = 32;
inline constexpr unsigned kBinarySensor = 48;
inline constexpr unsigned kMultilevelSensor = 49;
inline constexpr unsigned kCentralScene = 91;
inline constexpr unsigned kNotification = 113;
inline constexpr unsigned kBattery = 128;
inline constexpr unsigned kAlarmSensor = 156;
inline constexpr unsigned kOther = 255;  // a class that says nothing of what matters here

struct Value {
  std::string_view node;       // the levels before the command class
  unsigned command_class = 0;  // 0: the topic names none
  unsigned endpoint = 0;
  std::string property;  // in words, as words_of() writes them
  std::string key;       // empty: none
};

[[nodiscard]] Value value_on(std::string_view topic);
// "Smoke_Alarm", "Smoke Alarm" and "Smoke-Alarm" as "smoke alarm".
[[nodiscard]] std::string words_of(std::string_view text);

}  // namespace watchpost::zwave_js
