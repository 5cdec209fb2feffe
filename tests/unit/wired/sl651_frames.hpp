// Frames of SL 651-2014 for the tests of their framer and line.
#pragma once

#include <string>

#include "base/encoding.hpp"
#include "wired/sl651_frame.hpp"

namespace watchpost::wired::testing {

// A timed report of station 0011223344, published: yu-xiaoyao/sl651-2014-server@aeaae2e0.
inline std::string sl_capture() {
  return from_hex(
             "7e7e05001122334403e832002b020034170718110016f1f1001122334448f0f0170718110020190000402"
             "619"
             "0000403923000104903812109903a421")
      .value();
}

// Sent by 0012345678 at 08:00:05 on 23 November 2026 by its own clock.
inline Sl651Frame sl_frame(std::uint16_t serial, std::uint8_t function = 0x32,
                           std::string_view rest = "hello") {
  Sl651Frame frame;
  frame.centre = 1;
  frame.station = "0012345678";
  frame.password = 0x1234;
  frame.function = function;
  frame.body = sl651_opening_bytes({serial, "261123080005"}, frame) + std::string(rest);
  return frame;
}
inline std::string sl_bytes(std::uint16_t serial, std::uint8_t function = 0x32) {
  return to_bytes(sl_frame(serial, function));
}

inline Sl651Frame sl_ascii(std::uint16_t serial) {
  auto frame = sl_frame(serial);
  frame.ascii = true;
  frame.body = sl651_opening_bytes({serial, "261123080005"}, frame) + "ST 0012345678 H Z 1.0 ";
  return frame;
}

// A packet; only the first has serial number and time.
inline Sl651Frame sl_packet(std::uint16_t serial, std::uint16_t total, std::uint16_t number) {
  auto frame = sl_frame(serial, 0x36, "first");
  frame.packet = Sl651Packet{total, number};
  if (number != 1) frame.body = "part " + std::to_string(number);
  if (number != total) frame.ending = sl651::kEtb;
  return frame;
}

}  // namespace watchpost::wired::testing
