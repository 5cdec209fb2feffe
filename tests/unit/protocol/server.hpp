// Server: what the clients of one script share: limits, sessions, and rights.
#pragma once

#include <string>

#include "protocol/session.hpp"

namespace watchpost::protocol::testing {

// Answers a claim at once, or leaves the answer to the test.
struct OpenDoor {
  [[nodiscard]] Finding find(const Claim& claim) const {
    if (!claim.user_name) {
      if (!anonymous) return Refusal::no_user_name;
      return Identity{claim.client_id, "", claim.address, Proof::nothing};
    }
    if (claim.password != "secret") return Refusal::wrong_password;
    return Identity{claim.client_id, *claim.user_name, claim.address, Proof::password};
  }
  bool anonymous = true;
  bool is_slow = false;
};

// Allows everything but one topic, and remembers who asked.
class AllBut final : public Authoriser {
 public:
  [[nodiscard]] bool may_publish(const Identity& identity, const Topic& topic) const override {
    asked_by = identity;
    return topic.text() != forbidden;
  }
  [[nodiscard]] bool may_subscribe(const Identity& identity,
                                   const TopicFilter& filter) const override {
    asked_by = identity;
    return filter.text() != forbidden;
  }
  std::string forbidden;
  mutable Identity asked_by;
};

// The limits, sessions and rights that the clients of one server share.
struct Server {
  SessionOptions options;
  OpenDoor door;
  AllBut rights;
  SessionRegistry registry{{100}, 1};
  RetainedMessages retained;
  SteadyTime now{};

  void pass(std::chrono::milliseconds time) { now += time; }
};

}  // namespace watchpost::protocol::testing
