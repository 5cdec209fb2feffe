// discovery: MQTT discovery messages in the form of Home Assistant, as ESPHome, Tasmota, Zigbee and
// Z-Wave bridges and many others publish them (home-assistant.io, integrations/mqtt, "Discovery
// messages"): <prefix>/<component>/[<node>/]<object>/config for one entity, and
// <prefix>/device/[<node>/]<object>/config for all of a device.
// A bridge between brokers that puts levels before all topics does so before the topics of the
// sensors too, of which the message does not know: they are taken to have the same levels.
// Promise: keys in full or abbreviated, "~" in topics; entities that are no sensors are left out.
// Bounded: kMostEntities of one message. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "home_assistant/entity.hpp"

namespace watchpost::home_assistant {

inline constexpr std::size_t kMostEntities = 256;

struct ConfigPlace {
  std::string_view before;  // levels before the prefix, with their slash: those of a bridge
  std::string_view component;
  std::string_view node;  // empty where the topic names none
  std::string_view object;
};
// Nothing where `topic` is no config topic below `prefix`, which may stand behind other levels.
struct TopicBelow {
  std::string_view topic;
  std::string_view prefix;
};
[[nodiscard]] std::optional<ConfigPlace> config_place(const TopicBelow& below);

[[nodiscard]] std::vector<Entity> entities_in(const ConfigPlace& place,
                                              const sdk::json::object& config);

// "kitchen" of "kitchen/binary_sensor/smoke/state", the form of ESPHome's own topics (esphome.io,
// components/mqtt), and the rest of it.
struct OwnTopic {
  std::string_view device;
  std::string_view component;
  std::string_view object;
};
[[nodiscard]] std::optional<OwnTopic> own_topic(std::string_view topic);

}  // namespace watchpost::home_assistant
