// Entity: what a discovery message says of one sensor (home-assistant.io, MQTT discovery), and the
// last value it reported.
// Promise: digest() is all of it but the last value, as JSON that from_digest() reads after a
// restart. Plain values; I/O thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "danger/names.hpp"
#include "home_assistant/value_template.hpp"
#include "sdk/json.hpp"

namespace watchpost::home_assistant {

// A topic that says whether the entity can be reached.
struct Availability {
  std::string topic;
  std::string online = "online";
  std::string offline = "offline";
  std::string value_template;
};

// A component of ours: a sensor that is a number and never a flag.
inline constexpr std::string_view kMeasure = "measure";

struct Entity {
  std::string component;     // binary_sensor, sensor, event, tag, device_automation, kMeasure
  std::string object;        // its id within the device
  std::string name;          // for people
  std::string device;        // the id under which its observations are kept
  std::string device_name;   // for people
  std::string model;         // and maker
  std::string device_class;  // empty: none was given
  std::string unit;
  std::string on;  // payload_on and payload_off; of a device_automation `on` is its payload
  std::string off;
  std::string state_topic;
  std::string value_template;
  std::vector<std::string> presses;  // of an event or device_automation: what can happen
  std::vector<Availability> availability;

  std::optional<sdk::json::value> last{};  // of a danger: what it said last

  [[nodiscard]] sdk::json::object digest() const;
  [[nodiscard]] static Entity from_digest(const sdk::json::object& text);

  // The name by which the grammar of danger reads it: the id, or the name where only that speaks.
  [[nodiscard]] std::string_view label() const;
  // The danger that its class names, or its label.
  [[nodiscard]] std::optional<danger::Danger> danger() const;
  // True for what may declare a danger: its values are remembered, and when its template is not
  // understood a person is told.
  [[nodiscard]] bool may_be_danger() const;
  // Device, entity and maker, as one text in which words are looked for.
  [[nodiscard]] std::string description() const;
};

}  // namespace watchpost::home_assistant
