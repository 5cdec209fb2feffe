// LocalTraffic: which topics carry what clients say to each other here, and no sensor's word.
// Promise: a message on the topic of a command is no report, whatever it says ({"alarm":"ON"} to a
// siren is an order): it is not decoded, makes no record and goes to no upstream. What programs
// tell of devices (lists, discovery) is decoded, so that it is known here, and makes a record only
// as far as it is an alarm, a patrol or a status: a rule never hides a danger that was reported.
// Subscribers of the listener get both, as every message.
// Pure; I/O thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/topic.hpp"

namespace watchpost::decode {

// Filters of topics.
struct LocalTopics {
  std::vector<std::string> commands;
  std::vector<std::string> lists;
};

// The topics of Zigbee2MQTT, Home Assistant, ESPHome, Tasmota, Shelly, Z-Wave JS UI, Homie,
// OpenMQTTGateway, ChirpStack and The Things Stack, as they come.
[[nodiscard]] LocalTopics usual_local_topics();

class LocalTraffic {
 public:
  enum class Kind : std::uint8_t { no, command, list };

  // No topic is local.
  LocalTraffic() = default;
  // `sensors`: filters whose topics are sensors' whatever the rules say. Each text is a filter that
  // was checked.
  LocalTraffic(const LocalTopics& topics, const std::vector<std::string>& sensors);

  [[nodiscard]] Kind kind_of(std::string_view topic) const;

 private:
  struct Rule {
    TopicFilter filter;
    Kind kind;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  void add(const std::string& filter, Kind kind);
  [[nodiscard]] static Kind first_of(const std::vector<Rule>& rules, std::string_view topic);

  std::vector<TopicFilter> sensors_;
  // Most rules name the last level, so few are compared with a topic.
  std::unordered_map<std::string, std::vector<Rule>, TextHash, std::equal_to<>> by_last_level_;
  std::vector<Rule> others_;
};

}  // namespace watchpost::decode
