// Authoriser: what a client that was let in may do.
// Promise: the answer is given at once. It may change while a client is connected or away, so it is
// asked for each message: when the client publishes it, when its will is due, and when a message is
// about to leave for it.
// I/O thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "model/topic.hpp"
#include "protocol/identity.hpp"

namespace watchpost::protocol {

// A message on its way to a client.
struct OnItsWay {
  std::string_view topic;
  std::string_view publisher;  // client id; may be empty
};

enum class Wish : std::uint8_t { publish, subscribe };

class Authoriser {
 public:
  virtual ~Authoriser() = default;
  [[nodiscard]] virtual bool may_publish(const Identity& identity, const Topic& topic) const = 0;
  // False: nothing that the filter stands for would ever come.
  [[nodiscard]] virtual bool may_subscribe(const Identity& /*identity*/,
                                           const TopicFilter& /*filter*/) const {
    return true;
  }
  [[nodiscard]] virtual bool may_get(const Identity& /*identity*/,
                                     const OnItsWay& /*message*/) const {
    return true;
  }
  // Would it be let in as this today? Asked about clients that are away.
  [[nodiscard]] virtual bool is_known(const Identity& /*identity*/) const { return true; }
  // For the operator, of what was denied: the line of a file that decided. May be empty.
  [[nodiscard]] virtual std::string decided_by(const Identity& /*identity*/, Wish /*wish*/,
                                               std::string_view /*topic*/) const {
    return {};
  }
};

// The one place that asks, for every PUBLISH, will, SUBSCRIBE and message of one client.
class ClientRights {
 public:
  ClientRights(const Authoriser& authoriser, Identity identity)
      : authoriser_(authoriser), identity_(std::move(identity)) {}

  [[nodiscard]] bool cover(const Topic& topic) const {
    return !is_of_server(topic.text()) && authoriser_.may_publish(identity_, topic);
  }
  [[nodiscard]] bool cover(const TopicFilter& filter) const {
    return authoriser_.may_subscribe(identity_, filter);
  }
  [[nodiscard]] bool cover(const OnItsWay& message) const {
    return authoriser_.may_get(identity_, message);
  }
  // Of a client that is away: its account may be gone.
  [[nodiscard]] bool cover_will(const Topic& topic) const {
    return authoriser_.is_known(identity_) && cover(topic);
  }
  [[nodiscard]] std::string decided_by(Wish wish, std::string_view topic) const {
    return authoriser_.decided_by(identity_, wish, topic);
  }
  [[nodiscard]] const Identity& identity() const { return identity_; }

 private:
  // Below $SYS speaks the server alone; but Mosquitto's bridges say there that they are connected,
  // and have a will for it.
  [[nodiscard]] static bool is_of_server(std::string_view topic) {
    constexpr std::string_view kBridge = "$SYS/broker/connection/";
    const bool is_bridge = topic.starts_with(kBridge) && topic.ends_with("/state");
    return !is_bridge && (topic.starts_with("$SYS/") || topic == "$SYS");
  }

  const Authoriser& authoriser_;
  Identity identity_;
};

}  // namespace watchpost::protocol
