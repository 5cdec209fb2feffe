// Agreement: what holds on a connection since its CONNECT was read.
// Promise: plain values, set while CONNECT is answered and the same from then on.
// Pure; I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "protocol/packet_type.hpp"
#include "protocol/wire.hpp"

namespace watchpost::protocol {

struct Agreement {
  Version version = Version::v3_1_1;
  bool is_bridge = false;  // of another broker, by its own word
  std::string client_id;   // the client's own, or the one it was assigned
  std::string user_name;   // as given in CONNECT; empty: none
  // The client wants to be told reasons (MQTT 5.0 section 3.1.2.11.7).
  bool problem_information = true;
  // The largest packet that the client takes, in bytes.
  std::uint32_t client_maximum_packet_size = kLargestVariableByteInteger;
  // QoS 1 and 2 messages that the client takes without having acknowledged them.
  std::uint16_t client_receive_maximum = 65'535;
  // Topic aliases that the client lets us use.
  std::uint16_t client_topic_alias_maximum = 0;
  // The client may be silent for so long: one and a half keep alives. 0: without a limit.
  std::chrono::milliseconds patience{0};
};

}  // namespace watchpost::protocol
