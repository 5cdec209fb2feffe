// MessagesUnderWay: the QoS 1 messages of a session that have no PUBACK yet.
// Promise: a repeat (DUP) of one of them is found, whichever connection of the session it comes on;
// what has its packet id and not its topic and payload is no repeat. Nothing of it outlives a
// restart. A message costs no memory of its own: its place in one list, which is given back when
// the list has become empty. Pure; I/O thread; one per session.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/strong.hpp"
#include "model/topic.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol {

// A message that came again while it was under way: its fate, for those who wait for it.
struct RepeatedMessage {
  ConnectionId connection;        // on which it came first
  std::optional<bool> is_stored;  // nothing: its commit has no outcome yet
};

// Of a message under way, in its session. 0: none.
using UnderWayNumber = Strong<struct UnderWayNumberTag, std::uint64_t>;

class MessagesUnderWay {
 public:
  // The message that this one repeats; null: it is a new one.
  [[nodiscard]] std::shared_ptr<const RepeatedMessage> repeated_by(const Publish& publish,
                                                                   const Topic& topic) {
    if (!publish.dup) return nullptr;
    // The newest under this id: an older one was answered on a connection that is gone.
    const auto found = std::find_if(messages_.rbegin(), messages_.rend(), [&](const One& one) {
      return !one.has_ended && one.packet_id == publish.packet_id;
    });
    if (found == messages_.rend() || found->digest != digest_of(publish, topic)) return nullptr;
    if (!found->repeated) {
      found->repeated =
          std::make_shared<RepeatedMessage>(RepeatedMessage{found->connection, found->is_stored});
    }
    return found->repeated;
  }
  // Gives the number by which the message is known here.
  UnderWayNumber begin(const Publish& publish, const Topic& topic, ConnectionId connection) {
    messages_.push_back({digest_of(publish, topic), connection, nullptr, {}, publish.packet_id});
    return UnderWayNumber(first_ + messages_.size() - 1);
  }
  // The commit of this message has an outcome.
  void settled(UnderWayNumber number, bool is_stored) {
    One& one = messages_[number.value - first_];
    one.is_stored = is_stored;
    if (one.repeated) one.repeated->is_stored = is_stored;
  }
  // The client of this message has its answer.
  void end(UnderWayNumber number) {
    messages_[number.value - first_].has_ended = true;
    while (ended_ < messages_.size() && messages_[ended_].has_ended) ++ended_;
    // In one go, when it is half of all: each message is moved about once.
    if (2 * ended_ < messages_.size()) return;
    messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(ended_));
    first_ += std::exchange(ended_, 0);
    if (messages_.empty() && messages_.capacity() > kSpare) messages_ = {};
  }

 private:
  // Places that a session keeps although it has nothing under way.
  static constexpr std::size_t kSpare = 32;

  struct One {
    std::size_t digest = 0;   // of topic and payload
    ConnectionId connection;  // on which it came
    std::shared_ptr<RepeatedMessage> repeated;
    std::optional<bool> is_stored;
    PacketId packet_id;
    bool has_ended = false;
  };
  [[nodiscard]] static std::size_t digest_of(const Publish& publish, const Topic& topic) {
    constexpr std::size_t kSpread = 31;
    const std::hash<std::string_view> hash;
    return hash(topic.text()) * kSpread + hash(publish.payload);
  }

  std::vector<One> messages_;  // in the order of their numbers
  std::uint64_t first_ = 1;    // number of the first one there
  std::size_t ended_ = 0;      // so many at the front have ended
};

}  // namespace watchpost::protocol
