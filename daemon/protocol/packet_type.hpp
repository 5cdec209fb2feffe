// PacketType and Version: the two things every byte of MQTT depends on.
// Promise: values are those on the wire (MQTT 5.0 sections 2.1.2 and 3.1.2.2).
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost::protocol {

enum class PacketType : std::uint8_t {
  connect = 1,
  connack = 2,
  publish = 3,
  puback = 4,
  pubrec = 5,
  pubrel = 6,
  pubcomp = 7,
  subscribe = 8,
  suback = 9,
  unsubscribe = 10,
  unsuback = 11,
  pingreq = 12,
  pingresp = 13,
  disconnect = 14,
  auth = 15,
};
// "PUBLISH"
[[nodiscard]] std::string_view to_string(PacketType type);

enum class Version : std::uint8_t { v3_1 = 3, v3_1_1 = 4, v5 = 5 };
// "3.1", "3.1.1" or "5"
[[nodiscard]] std::string_view to_string(Version version);

}  // namespace watchpost::protocol
