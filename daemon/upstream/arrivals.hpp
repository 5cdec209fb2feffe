// Arrivals: what came over an upstream's link and is not acknowledged to its server yet.
// Promise: acknowledged in the order of arrival [MQTT-4.6.0-2], each once it is settled, so that a
// command's PUBACK says that the command was decided and what it did is on disk. What a link ended
// over is forgotten: the server has it still. Bounded by what a server sends without a PUBACK.
// Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "client/mqtt_link.hpp"

namespace watchpost::upstream {

class Arrivals {
 public:
  // Counted over all links, unlike the ids of a link, which come again.
  [[nodiscard]] std::uint64_t arrived(client::ArrivalId id) {
    waiting_.push_back({id, false});
    return first_ + waiting_.size() - 1;
  }
  void settled(std::uint64_t number) {
    if (number >= first_ && number - first_ < waiting_.size())
      waiting_[number - first_].is_settled = true;
  }
  // The next one to be acknowledged.
  [[nodiscard]] std::optional<client::ArrivalId> take_settled() {
    if (waiting_.empty() || !waiting_.front().is_settled) return std::nullopt;
    const client::ArrivalId id = waiting_.front().id;
    waiting_.pop_front();
    ++first_;
    return id;
  }
  void link_lost() {
    first_ += waiting_.size();
    waiting_.clear();
  }

 private:
  struct Waiting {
    client::ArrivalId id;
    bool is_settled = false;
  };
  std::deque<Waiting> waiting_;
  std::uint64_t first_ = 0;  // number of the front
};

}  // namespace watchpost::upstream
