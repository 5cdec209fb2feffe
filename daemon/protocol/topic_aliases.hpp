// TopicAliases: numbers that stand for topics on one connection (MQTT 5.0 section 3.3.2.3.4).
// Promise: at most the agreed number of aliases, standing for at most kMostBytes of text.
// Pure; I/O thread; one per connection.
#pragma once

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

#include "model/topic.hpp"
#include "protocol/action.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol {

class TopicAliases {
 public:
  // Enough for a thousand topics of 64 bytes.
  static constexpr std::size_t kMostBytes = 64 * 1024;

  explicit TopicAliases(std::uint16_t maximum) : maximum_(maximum) {}

  // The topic of a PUBLISH, whose alias is remembered; or why its connection must end.
  [[nodiscard]] std::variant<Topic, Close> topic_of(const Publish& publish);

 private:
  [[nodiscard]] bool keep(std::size_t alias, const Topic& topic);

  std::uint16_t maximum_;
  std::vector<std::optional<Topic>> topics_;  // index: alias minus one
  std::size_t bytes_ = 0;
};

}  // namespace watchpost::protocol
