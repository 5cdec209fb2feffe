// Bytes of packets written as hexadecimal with blanks, for tables of malformed packets.
#pragma once

#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "protocol/codec.hpp"
#include "support/catch.hpp"

namespace watchpost::protocol::testing {

inline std::string bytes(std::string_view hex) {
  std::string digits;
  for (const char c : hex) {
    if (c != ' ') digits.push_back(c);
  }
  const auto decoded = from_hex(digits);
  REQUIRE(decoded.has_value());
  return *decoded;
}

inline std::string encoded(const Packet& packet, Version version) {
  std::string out;
  encode(packet, version, out);
  return out;
}

inline Frame frame_of(std::string_view whole) {
  const auto frame = first_frame(whole, kLargestVariableByteInteger);
  REQUIRE(frame.has_value());
  REQUIRE(frame->has_value());
  return **frame;
}

}  // namespace watchpost::protocol::testing
