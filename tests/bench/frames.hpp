// Frames of MQTT 3.1.1 and 5.0 for both sides of a link, only those that the load needs.
// Promise: nothing is copied; a malformed frame is reported and ends the run. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace watchpost::bench {

constexpr std::uint8_t kConnect = 0x10;
constexpr std::uint8_t kConnack = 0x20;
constexpr std::uint8_t kPublish = 0x30;
constexpr std::uint8_t kPuback = 0x40;
constexpr std::uint8_t kSubscribe = 0x80;
constexpr std::uint8_t kUnsubscribe = 0xA0;
constexpr std::uint8_t kPingreq = 0xC0;
constexpr std::uint8_t kTypeMask = 0xF0;
constexpr std::uint8_t kQos1 = 0x02;
constexpr std::uint8_t kQosMask = 0x06;
constexpr std::uint8_t kLevel5 = 5;

inline std::size_t number_at(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + 2) return 0;
  return static_cast<std::size_t>(static_cast<std::uint8_t>(bytes[at])) << 8U |
         static_cast<std::uint8_t>(bytes[at + 1]);
}

inline void append_number(std::string& out, std::size_t number) {
  out += static_cast<char>(number >> 8U & 0xFFU);
  out += static_cast<char>(number & 0xFFU);
}

inline void append_length(std::string& out, std::size_t length) {
  for (; length >= 0x80; length >>= 7U) out += static_cast<char>(0x80U | (length & 0x7FU));
  out += static_cast<char>(length);
}

inline void append_packet(std::string& out, std::uint8_t first, std::string_view body) {
  out += static_cast<char>(first);
  append_length(out, body.size());
  out += body;
}

struct Frame {
  std::uint8_t first = 0;  // type and flags
  std::string_view body;
  std::size_t size = 0;  // size of the whole frame; 0: not all of it has arrived
};

inline Frame next_frame(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = 1; i < bytes.size() && i <= 4; ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << 7U * (i - 1);
    if ((byte & 0x80U) != 0) continue;
    const auto size = 1 + i + length;
    if (bytes.size() < size) break;
    return {static_cast<std::uint8_t>(bytes[0]), bytes.substr(1 + i, length), size};
  }
  return {};
}

// Gives each whole frame that was read to `take`, and uses it up.
template <class Wire, class Take>
void take_frames(Wire& wire, Take take) {
  for (auto frame = next_frame(wire.unread()); frame.size > 0; frame = next_frame(wire.unread())) {
    take(frame);
    wire.consume(frame.size);
  }
}

}  // namespace watchpost::bench
