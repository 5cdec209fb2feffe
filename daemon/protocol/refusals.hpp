// Refusals: what a client is told of a message that was not taken.
// Promise: a refusal carries a Reason Code, and its reason where the client wants to know it; what
// cannot be said in a packet is never said by an acknowledgement. Pure; I/O thread; used by
// InboundFlow, which knows when each may leave.
#pragma once

#include <string>

#include "base/result.hpp"
#include "protocol/action.hpp"
#include "protocol/agreement.hpp"

namespace watchpost::protocol {

// Why a message was not taken, as a v5 client is told.
struct NotTaken {
  ReasonCode code = ReasonCode::unspecified_error;
  std::string why;
};
// What a client is told of a message whose commit ended with `failure`.
[[nodiscard]] NotTaken not_taken(const Failure& failure);

class Refusals {
 public:
  explicit Refusals(const Agreement& agreement) : agreement_(agreement) {}

  // False: a packet of this type cannot say "not stored". PUBCOMP cannot, nor can any of 3.1.1.
  [[nodiscard]] bool can_refuse(PacketType type) const {
    return type != PacketType::pubcomp && agreement_.version == Version::v5;
  }
  // Called only where can_refuse(type) is true.
  void refuse(PacketType type, PacketId packet_id, const NotTaken& why, Actions& actions);
  // Sends the PUBREC that refuses a v5 client's message: its packet id belongs to another message.
  void refuse_id_in_use(PacketId packet_id, Actions& actions);
  // Sends the PUBCOMP for a packet id that nobody remembers: its message was stored, for the client
  // had a PUBREC, and a PUBCOMP was lost. Not 0x92 (MQTT 5.0 section 3.7.2.1), which MQTT.js tells
  // its program as a failed publish.
  void complete_unknown(PacketId packet_id, Actions& actions);

 private:
  const Agreement& agreement_;
};

}  // namespace watchpost::protocol
