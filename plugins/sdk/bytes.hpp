// ByteReader: reads numbers out of device bytes.
// Promise: never reads past the end; once a read did not fit, ok() stays false and reads give 0, so
// that a decoder asks once, after a whole record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace watchpost::sdk {

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

  std::string_view take(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto head = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return head;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(little(1)); }
  std::int8_t i8() { return static_cast<std::int8_t>(u8()); }
  std::uint16_t u16le() { return static_cast<std::uint16_t>(little(2)); }
  std::int16_t i16le() { return static_cast<std::int16_t>(u16le()); }
  std::uint32_t u32le() { return static_cast<std::uint32_t>(little(4)); }
  std::uint16_t u16be() { return static_cast<std::uint16_t>(big(2)); }
  std::int16_t i16be() { return static_cast<std::int16_t>(u16be()); }
  std::uint32_t u24be() { return static_cast<std::uint32_t>(big(3)); }
  std::uint32_t u32be() { return static_cast<std::uint32_t>(big(4)); }

 private:
  std::uint64_t little(std::size_t count) {
    std::uint64_t value = 0;
    const auto bytes = take(count);
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | octet(bytes[i]);
    return value;
  }
  std::uint64_t big(std::size_t count) {
    std::uint64_t value = 0;
    for (const char byte : take(count)) value = value << 8 | octet(byte);
    return value;
  }
  static std::uint64_t octet(char byte) { return static_cast<std::uint8_t>(byte); }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace watchpost::sdk
