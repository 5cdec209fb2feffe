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
  // A rule that ends with a wildcard, by its first level that is none.
  struct Placed {
    Rule rule;
    std::size_t level = 0;  // where that level is
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  void add(const std::string& filter, Kind kind);
  [[nodiscard]] static Kind first_of(const std::vector<Rule>& rules, std::string_view topic);
  [[nodiscard]] Kind placed(std::string_view topic) const;

  std::vector<TopicFilter> sensors_;
  // Most rules name the last level, and the others one before, so few are compared with a topic.
  template <class Value>
  using ByLevel = std::unordered_map<std::string, std::vector<Value>, TextHash, std::equal_to<>>;
  ByLevel<Rule> by_last_level_;
  ByLevel<Placed> by_first_level_;
  std::size_t levels_ = 0;    // of a topic that are looked up in it
  std::vector<Rule> others_;  // of wildcards alone
};

}  // namespace watchpost::decode
