// Authoriser: what a client that was let in may do.
// Promise: the answer depends on identity and topic only, and is given at once.
// I/O thread.
#pragma once

#include <utility>

#include "model/topic.hpp"
#include "protocol/identity.hpp"

namespace watchpost::protocol {

class Authoriser {
 public:
  virtual ~Authoriser() = default;
  [[nodiscard]] virtual bool may_publish(const Identity& identity, const Topic& topic) const = 0;
  // Everything that the filter stands for.
  [[nodiscard]] virtual bool may_subscribe(const Identity& /*identity*/,
                                           const TopicFilter& /*filter*/) const {
    return true;
  }
};

// The one place that asks, for every PUBLISH, will and SUBSCRIBE of one client.
class ClientRights {
 public:
  ClientRights(const Authoriser& authoriser, Identity identity)
      : authoriser_(authoriser), identity_(std::move(identity)) {}

  [[nodiscard]] bool cover(const Topic& topic) const {
    return authoriser_.may_publish(identity_, topic);
  }
  [[nodiscard]] bool cover(const TopicFilter& filter) const {
    return authoriser_.may_subscribe(identity_, filter);
  }
  [[nodiscard]] const Identity& identity() const { return identity_; }

 private:
  const Authoriser& authoriser_;
  Identity identity_;
};

}  // namespace watchpost::protocol
