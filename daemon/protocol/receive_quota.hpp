// ReceiveQuota: a client's QoS 1 and 2 messages that are not answered, against our Receive Maximum
// (MQTT 5.0 section 3.3.4). Pure; I/O thread; used by InboundFlow.
#pragma once

#include <cstddef>
#include <cstdint>

#include "protocol/agreement.hpp"

namespace watchpost::protocol {

class ReceiveQuota {
 public:
  ReceiveQuota(const Agreement& agreement, std::uint16_t receive_maximum)
      : agreement_(agreement), receive_maximum_(receive_maximum) {}

  // A 3.1.1 client knows no Receive Maximum.
  [[nodiscard]] bool is_used_up() const {
    return agreement_.version == Version::v5 && in_flight_ >= receive_maximum_;
  }
  // A message came; answered() follows.
  void expect() { ++in_flight_; }
  // Any PUBCOMP gives the client one more message to send (section 4.9).
  void answered() {
    if (in_flight_ > 0) --in_flight_;
  }

 private:
  const Agreement& agreement_;
  std::uint16_t receive_maximum_;
  std::size_t in_flight_ = 0;
};

}  // namespace watchpost::protocol
