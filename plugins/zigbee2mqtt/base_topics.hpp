// BaseTopics: where in the topic tree a Zigbee2MQTT publishes.
// Promise: the option "base" decides where it is given. Else a base is, in this order: what stands
// before a level named zigbee2mqtt, with it; what stands before a topic of a bridge
// (<base>/bridge/state), from then on; what the filter that the operator bound names before its
// '#'. Bounded: the first kMost bases of bridges are remembered. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::zigbee2mqtt {

class BaseTopics {
 public:
  static constexpr std::size_t kMost = 64;

  // `given`: the option, empty where there is none.
  BaseTopics(std::string given, std::vector<std::string> filters)
      : given_(std::move(given)), filters_(std::move(filters)) {}

  // The base of `topic`; nothing where it lies below none. Lives as long as `topic`.
  [[nodiscard]] std::optional<std::string_view> of(std::string_view topic);

 private:
  [[nodiscard]] std::optional<std::string_view> of_bridge(std::string_view topic);
  [[nodiscard]] std::optional<std::string_view> of_filter(std::string_view topic) const;

  void remember(std::string_view base);

  std::string given_;
  std::vector<std::string> filters_;
  std::vector<std::string> bridges_;  // bases below which a bridge spoke
};

}  // namespace watchpost::zigbee2mqtt
