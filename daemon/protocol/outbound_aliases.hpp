// OutboundAliases: numbers that stand for topics towards one client (MQTT 5.0 section 3.3.2.3.4).
// Promise: no more aliases than the client takes, nor than kMost, and none for a topic longer than
// kLongestTopic bytes; the topics that come first have them. A topic stands in the first PUBLISH
// that has its alias, and is left out of the later ones. Pure; I/O thread; one per connection.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "protocol/packet.hpp"

namespace watchpost::protocol {

class OutboundAliases {
 public:
  static constexpr std::uint16_t kMost = 64;
  static constexpr std::size_t kLongestTopic = 256;

  explicit OutboundAliases(std::uint16_t client_maximum) : most_(std::min(client_maximum, kMost)) {}

  [[nodiscard]] std::uint16_t most() const { return most_; }
  // Gives the topic of `publish` its alias, where there is one; says which it is if it is new.
  std::optional<std::uint16_t> shorten(Publish& publish) {
    if (most_ == 0 || publish.topic.size() > kLongestTopic) return std::nullopt;
    const auto found = numbers_.find(publish.topic);
    if (found == numbers_.end() && numbers_.size() >= most_) return std::nullopt;
    const bool is_new = found == numbers_.end();
    const auto number = is_new ? static_cast<std::uint16_t>(numbers_.size() + 1) : found->second;
    publish.properties.add(PropertyId::topic_alias, number);
    if (is_new) {
      numbers_.emplace(publish.topic, number);
      return number;
    }
    publish.topic = {};
    return std::nullopt;
  }
  // The PUBLISH that was to tell the client of this newest alias leaves without it.
  void forget(std::uint16_t alias) {
    std::erase_if(numbers_, [alias](const auto& one) { return one.second == alias; });
  }

 private:
  std::uint16_t most_;
  std::map<std::string, std::uint16_t, std::less<>> numbers_;
};

}  // namespace watchpost::protocol
