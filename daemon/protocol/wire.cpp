#include "protocol/wire.hpp"

#include <cstring>

#include "base/encoding.hpp"
#include "base/invariant.hpp"

namespace watchpost::protocol {
namespace {

// True: the text is ASCII without NUL, so the full check is not needed. Most topics and names are;
// eight bytes are looked at at a time.
bool is_plain_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    // The second term marks bytes that are zero; it is exact when no high bit is set.
    if (((word | (word - kOnes)) & kHighBits) != 0) return false;
    text.remove_prefix(8);
  }
  for (const char c : text) {
    if (c <= 0) return false;
  }
  return true;
}

bool is_mqtt_utf8(std::string_view text) {
  return is_plain_ascii(text) || (text.find('\0') == std::string_view::npos && is_utf8(text));
}

std::uint8_t octet(char c) {
  return static_cast<std::uint8_t>(c);
}

}  // namespace

void Reader::fail(ReasonCode code, std::string_view what) {
  if (!failure_) failure_ = Malformed{code, what, std::nullopt};
  rest_ = {};
}

std::string_view Reader::take(std::size_t count) {
  if (count > rest_.size()) {
    fail(ReasonCode::malformed_packet, "the packet ends inside a field");
    return {};
  }
  const auto taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint8_t Reader::one_byte() {
  const auto bytes = take(1);
  return bytes.empty() ? std::uint8_t{0} : octet(bytes[0]);
}

std::uint16_t Reader::two_bytes() {
  const auto bytes = take(2);
  if (bytes.empty()) return 0;
  return static_cast<std::uint16_t>(octet(bytes[0]) << 8 | octet(bytes[1]));
}

std::uint32_t Reader::four_bytes() {
  const std::uint32_t high = two_bytes();
  const std::uint32_t low = two_bytes();
  return high << 16 | low;
}

std::uint32_t Reader::variable_byte_integer() {
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift <= 21; shift += 7) {
    const std::uint32_t byte = one_byte();
    value |= (byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) {
      fail_if(shift > 0 && byte == 0 && !failed(), "an integer is not in its shortest form");
      return value;
    }
  }
  fail(ReasonCode::malformed_packet, "a variable byte integer is longer than four bytes");
  return 0;
}

std::string_view Reader::binary() {
  return take(two_bytes());
}

std::string_view Reader::utf8() {
  const auto text = binary();
  if (!is_mqtt_utf8(text)) {
    fail(ReasonCode::malformed_packet, "a string is not UTF-8 without NUL");
    return {};
  }
  return text;
}

void write_one_byte(std::string& out, std::uint8_t value) {
  out.push_back(static_cast<char>(value));
}

void write_two_bytes(std::string& out, std::uint16_t value) {
  out.push_back(static_cast<char>(value >> 8));
  out.push_back(static_cast<char>(value & 0xFF));
}

void write_four_bytes(std::string& out, std::uint32_t value) {
  write_two_bytes(out, static_cast<std::uint16_t>(value >> 16));
  write_two_bytes(out, static_cast<std::uint16_t>(value & 0xFFFF));
}

void write_variable_byte_integer(std::string& out, std::uint32_t value) {
  WATCHPOST_INVARIANT(value <= kLargestVariableByteInteger);
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7F) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void write_text(std::string& out, std::string_view text) {
  WATCHPOST_INVARIANT(text.size() <= kLongestText);
  write_two_bytes(out, static_cast<std::uint16_t>(text.size()));
  out.append(text);
}

std::size_t variable_byte_integer_size(std::uint32_t value) {
  std::size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

}  // namespace watchpost::protocol
