// SessionOptions: the limits of one listener's sessions.
// Promise: each has a default that suits a village's box, and stated bounds. The configuration of a
// listener takes its defaults from here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace watchpost::protocol {

// The largest first packet of a connection, in bytes, whatever `maximum_packet_size` allows later:
// memory for a client that has not said who it is stays small. A CONNECT whose texts are all as
// long as the format allows fits in.
inline constexpr std::uint32_t kLargestFirstPacket = 384 * 1024;

struct SessionOptions {
  // A client that sends a larger packet is disconnected with 0x95. 1024 .. 268435455 bytes.
  // Zigbee2MQTT sends its list of devices in one packet, about 4 KB for each device: this is enough
  // for 500.
  std::uint32_t maximum_packet_size = 2 * 1024 * 1024;
  // QoS 1 and 2 messages a v5 client may have unacknowledged; more is 0x93. 1 .. 65535.
  std::uint16_t receive_maximum = 10'000;
  // Aliases a v5 client may use. 0 .. 65535; each costs a topic's memory per connection.
  std::uint16_t topic_alias_maximum = 32;
  // Longest keep alive of a v5 client, told to it in CONNACK; 0 = as the client wishes. A 3.1.1
  // client cannot be told, and keeps what it asked for.
  std::chrono::seconds keep_alive_maximum{20 * 60};
  // Longest life of a session without a connection; 0 = no session outlives its connection;
  // 0xFFFFFFFF, the most, = it never ends.
  std::chrono::seconds session_expiry_maximum{24 * 3'600};
  // While so many messages of one connection wait for their commit, its socket is not read.
  std::size_t max_unsettled = 1'000;
  // While the messages of all connections that failed to be stored and wait to be handed over again
  // have so many bytes, no 3.1.1 client is read. Messages already handed over may come on top.
  std::size_t max_waiting_bytes = 8U << 20U;
  // QoS 2 packet ids remembered for one session, no fewer than receive_maximum; one more is 0x97.
  std::size_t max_received_ids = 10'000;
  // Longer client ids are refused with 0x85. 23 .. 65535 bytes.
  std::size_t longest_client_id = 256;
  // Longest time from accepting the connection to CONNECT.
  std::chrono::milliseconds connect_timeout{10'000};
};

}  // namespace watchpost::protocol
