// Reader and the write_ functions: MQTT's data types on the wire (MQTT 5.0 section 1.5).
// Promise: a Reader never looks past its frame; the first thing wrong sticks and everything after
// it reads as empty, so that a decoder checks once, at its end. Pure; any thread.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "protocol/reason_code.hpp"

namespace watchpost::protocol {

// A packet that is larger than its receiver takes.
struct Oversize {
  std::uint64_t bytes = 0;
  std::uint64_t most = 0;
  std::string_view topic{};  // of a PUBLISH; empty where it could not be read. Lives as the frame's
  bool topic_follows = false;  // the topic has not arrived yet
};

// Why a frame is not a packet, with the code MQTT 5.0 prescribes for it.
struct Malformed {
  ReasonCode code = ReasonCode::malformed_packet;
  std::string_view what;  // a literal
  // The version in which to answer a CONNECT; nothing where its version could not be read.
  std::optional<Version> version;
  std::optional<Oversize> oversize{};
};

[[noreturn]] inline void throw_exception_from_error(const Malformed& malformed,
                                                    const boost::source_location&) {
  throw std::logic_error("unchecked malformed packet: " + std::string(malformed.what));
}

template <class T>
using Decoded = boost::system::result<T, Malformed>;

// The largest Remaining Length and the largest of any Variable Byte Integer (section 1.5.5).
inline constexpr std::uint32_t kLargestVariableByteInteger = 268'435'455;
inline constexpr std::size_t kLongestText = 65'535;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::uint8_t one_byte();
  [[nodiscard]] std::uint16_t two_bytes();
  [[nodiscard]] std::uint32_t four_bytes();
  [[nodiscard]] std::uint32_t variable_byte_integer();
  [[nodiscard]] std::string_view binary();
  // A text; it fails unless it is well-formed UTF-8 without NUL (section 1.5.4).
  [[nodiscard]] std::string_view utf8();
  [[nodiscard]] std::string_view take(std::size_t count);
  [[nodiscard]] std::string_view take_rest() { return take(rest_.size()); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  void fail(ReasonCode code, std::string_view what);
  void fail_if(bool wrong, std::string_view what) {
    if (wrong) fail(ReasonCode::malformed_packet, what);
  }
  // Fails when bytes follow.
  void expect_end() { fail_if(!at_end(), "bytes after the end of the packet"); }
  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  [[nodiscard]] const Malformed& failure() const { return *failure_; }
  // Takes over what a Reader of a part of this frame found.
  void adopt_failure(const Reader& part) {
    if (part.failed()) fail(part.failure().code, part.failure().what);
  }

 private:
  std::string_view rest_;
  std::optional<Malformed> failure_;
};

void write_one_byte(std::string& out, std::uint8_t value);
void write_two_bytes(std::string& out, std::uint16_t value);
void write_four_bytes(std::string& out, std::uint32_t value);
void write_variable_byte_integer(std::string& out, std::uint32_t value);
// Appends a string or binary. The caller sees to it that it has at most 65535 bytes.
void write_text(std::string& out, std::string_view text);
[[nodiscard]] std::size_t variable_byte_integer_size(std::uint32_t value);

}  // namespace watchpost::protocol
