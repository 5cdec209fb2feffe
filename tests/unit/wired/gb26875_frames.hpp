// Frames of GB/T 26875.3-2011 for the tests of their framer and line.
#pragma once

#include <string>

#include "base/encoding.hpp"
#include "wired/gb26875_frame.hpp"

namespace watchpost::wired::testing {

// Sent by 010203040506 to 0a0b0c0d0e0f at 13:24:17 on 22 October 2020.
inline Gb26875Frame gb_frame(std::uint16_t serial, std::uint8_t command = gb26875::send,
                             std::string_view data = "hello") {
  Gb26875Frame frame;
  frame.serial = serial;
  frame.user_version = 3;
  frame.time = {17, 24, 13, 22, 10, 20};
  frame.source = 0x010203040506;
  frame.destination = 0x0a0b0c0d0e0f;
  frame.command = command;
  frame.data = data;
  return frame;
}

inline std::string gb_bytes(std::uint16_t serial, std::uint8_t command = gb26875::send,
                            std::string_view data = "hello") {
  return gb_frame(serial, command, data).written();
}

// Read from a panel: shootingfans/codec_gb26875_3_2011@96ee4a48, tests/fixtures/fire.
inline std::string gb_capture() {
  return from_hex(
             "404000000101180d11160a140000000000000605040302013000020201010300d90006000200a3c1c7f8a"
             "3b1"
             "b2e3dfc8b2b8d7dfc0c8000000000000000000000000000000301213010814682323")
      .value();
}

}  // namespace watchpost::wired::testing
