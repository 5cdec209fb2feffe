// Framer: cuts frames out of a byte stream.
// Promise: the maximum packet size is enforced from the fixed header, before the body is buffered;
// the refusal of a PUBLISH may wait for the topic, to name the topic. The buffer grows with
// what has arrived, never holds more than one frame of that size and one read beyond it, and
// is given back when idle. Pure; one per connection, used by what reads it and, while a topic is
// awaited, by its tick.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocol/wire.hpp"

namespace watchpost::protocol {

struct Frame {
  PacketType type{};
  std::uint8_t flags = 0;  // low four bits of the first byte
  std::string_view body;   // after the fixed header
};

class Framer {
 public:
  // Each read has room for at least this much.
  static constexpr std::size_t kSmallestRead = 4'096;

  // `maximum_packet_size` counts the fixed header too (MQTT 5.0 section 3.1.2.11.4).
  explicit Framer(std::uint32_t maximum_packet_size) : maximum_(maximum_packet_size) {}

  void set_maximum(std::uint32_t maximum_packet_size) { maximum_ = maximum_packet_size; }

  // Gives the buffer back where it holds nothing; false, and nothing happens, where part of a frame
  // is there. Frames handed out before become invalid.
  bool release();
  // Room for the next read. Frames handed out before become invalid.
  [[nodiscard]] std::span<char> prepare();
  // The first `count` bytes of the room from prepare() were filled.
  void commit(std::size_t count);
  // The next whole frame, nothing when more bytes are needed, or what is wrong; after that the
  // stream has no further frames. The view lives until the next prepare().
  [[nodiscard]] Decoded<std::optional<Frame>> next();
  // Bytes of memory.
  [[nodiscard]] std::size_t held() const { return buffer_.size(); }
  // True: the next frame is too large, and next() waits for its topic before it refuses the frame.
  [[nodiscard]] bool waits_for_topic() const { return waits_for_topic_; }
  // False (the default): a PUBLISH over the maximum is refused with what has arrived of it by then.
  void set_patient(bool patient) { patient_ = patient; }

 private:
  std::uint32_t maximum_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // of the bytes that were not handed out yet
  std::size_t end_ = 0;
  bool patient_ = false;
  bool waits_for_topic_ = false;
};

// The first frame of `bytes`, for callers that have all bytes (tests, fuzzing); nothing when the
// frame is incomplete.
[[nodiscard]] Decoded<std::optional<Frame>> first_frame(std::string_view bytes,
                                                        std::uint32_t maximum_packet_size);

}  // namespace watchpost::protocol
