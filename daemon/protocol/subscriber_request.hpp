// SubscriberRequest: a SUBSCRIBE, UNSUBSCRIBE or PUBREC, until it is committed and answered.
// Promise: a plain value of SubscriberFlow. I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/local_message.hpp"
#include "protocol/packet.hpp"
#include "protocol/subscriptions.hpp"

namespace watchpost::protocol {

struct SubscriberRequest {
  struct Filter {
    std::size_t place = 0;  // in `codes`
    std::string text;
    SubscriptionTerms terms;
    bool was_known = false;
  };
  struct Kept {
    std::uint64_t number = 0;  // in the outbox; 0: at QoS 0
    Delivery delivery;
  };
  bool is_subscribe = true;
  PacketId packet_id;
  std::vector<ReasonCode> codes;
  std::vector<Filter> filters;  // those that are to be granted or removed
  std::vector<Kept> retained;   // what they get at once
  std::uint64_t released = 0;   // of PUBREC: the number of the message; else 0
};

}  // namespace watchpost::protocol
