// MessagesUnderWay: the QoS 1 messages of a session that have no PUBACK yet.
// Promise: a repeat (DUP) of one of them is found, whichever connection of the session it comes on;
// what has its packet id and not its topic and payload is no repeat. Nothing of it outlives a
// restart. Pure; I/O thread; one per session.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/strong.hpp"
#include "model/topic.hpp"
#include "protocol/packet.hpp"

namespace watchpost::protocol {

struct UnderWay {
  ConnectionId connection;  // on which it came
  std::size_t digest = 0;   // of topic and payload
  std::optional<bool> is_stored;
};

class MessagesUnderWay {
 public:
  // The message that this one repeats; null: it is a new one.
  [[nodiscard]] std::shared_ptr<UnderWay> repeated_by(const Publish& publish,
                                                      const Topic& topic) const {
    if (!publish.dup) return nullptr;
    const auto found = messages_.find(publish.packet_id);
    if (found == messages_.end()) return nullptr;
    return found->second->digest == digest_of(publish, topic) ? found->second : nullptr;
  }
  [[nodiscard]] std::shared_ptr<UnderWay> begin(const Publish& publish, const Topic& topic,
                                                ConnectionId connection) {
    auto message = std::make_shared<UnderWay>(UnderWay{connection, digest_of(publish, topic), {}});
    messages_.insert_or_assign(publish.packet_id, message);
    return message;
  }
  // It has its answer.
  void end(PacketId id, const std::shared_ptr<UnderWay>& message) {
    const auto at = messages_.find(id);
    if (at != messages_.end() && at->second == message) messages_.erase(at);
  }

 private:
  [[nodiscard]] static std::size_t digest_of(const Publish& publish, const Topic& topic) {
    constexpr std::size_t kSpread = 31;
    const std::hash<std::string_view> hash;
    return hash(topic.text()) * kSpread + hash(publish.payload);
  }

  std::unordered_map<PacketId, std::shared_ptr<UnderWay>> messages_;
};

}  // namespace watchpost::protocol
