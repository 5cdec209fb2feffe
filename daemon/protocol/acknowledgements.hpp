// Acknowledgements: PUBACK, PUBREC and PUBCOMP to one client, and its count against our Receive
// Maximum (MQTT 5.0 section 3.3.4).
// Promise: an acknowledgement that accepts has four bytes; one that refuses carries a Reason Code.
// Pure; I/O thread; used by InboundFlow, which knows when each may leave.
#pragma once

#include <cstddef>
#include <cstdint>
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

class Acknowledgements {
 public:
  Acknowledgements(const Agreement& agreement, std::uint16_t receive_maximum)
      : agreement_(agreement), receive_maximum_(receive_maximum) {}

  // A 3.1.1 client knows no Receive Maximum.
  [[nodiscard]] bool exceeds_receive_maximum() const {
    return agreement_.version == Version::v5 && in_flight_ >= receive_maximum_;
  }
  // A QoS 1 or 2 message came; one of the functions below answers it later.
  void expect() { ++in_flight_; }
  // False: a packet of this type cannot say "not stored". PUBCOMP cannot, nor can any of 3.1.1.
  [[nodiscard]] bool can_refuse(PacketType type) const {
    return type != PacketType::pubcomp && agreement_.version == Version::v5;
  }
  void acknowledge(PacketType type, PacketId packet_id, Actions& actions);
  // Called only where can_refuse(type) is true.
  void refuse(PacketType type, PacketId packet_id, const NotTaken& why, Actions& actions);
  // Sends the PUBREC that refuses a v5 client's message: its packet id belongs to another message.
  void refuse_id_in_use(PacketId packet_id, Actions& actions);
  // Sends the PUBCOMP for a packet id that nobody remembers.
  void complete_unknown(PacketId packet_id, Actions& actions);

 private:
  void end_flight() {
    if (in_flight_ > 0) --in_flight_;
  }

  const Agreement& agreement_;
  std::uint16_t receive_maximum_;
  std::size_t in_flight_ = 0;
};

}  // namespace watchpost::protocol
