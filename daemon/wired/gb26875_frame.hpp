// Gb26875Frame and Gb26875Framer: frames of GB/T 26875.3-2011 section 6.6 (table 1), cut out of a
// stream of bytes, read and written.
// Promise: every byte that is fed comes out in exactly one piece, in order. A frame is whole only
// if its length, its checksum and its end are right. A damaged frame, a false start or a wrong
// length never swallows a whole frame behind it. Holds at most one unfinished frame. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::wired {

namespace gb26875 {

// Table 2; 0 and 7..127 are reserved, 128..255 are the maker's own.
enum ControlCommand : std::uint8_t {
  control = 1,  // centre to device
  send = 2,     // device to centre
  confirm = 3,
  request = 4,  // centre to device
  answer = 5,   // device to centre
  deny = 6,
};

inline constexpr std::size_t kHeader = 27;  // start to command
inline constexpr std::size_t kAround = 30;  // all but the application data
inline constexpr std::size_t kMostData = 1'024;

using Time = std::array<std::uint8_t, 6>;  // second, minute, hour, day, month, year past 2000

}  // namespace gb26875

struct Gb26875Frame {
  std::uint16_t serial = 0;
  std::uint8_t main_version = 1;
  std::uint8_t user_version = 0;
  gb26875::Time time{};
  std::uint64_t source = 0;  // 48 bits
  std::uint64_t destination = 0;
  std::uint8_t command = 0;
  std::string_view data;  // of the bytes that were read

  // Of a frame that is whole; nothing for other bytes.
  [[nodiscard]] static std::optional<Gb26875Frame> read(std::string_view bytes);
  // The header of bytes that need not be a whole frame; nothing where it is cut.
  [[nodiscard]] static std::optional<Gb26875Frame> header_of(std::string_view bytes);
  [[nodiscard]] std::string written() const;
};

// An address as it is named: 12 hexadecimal digits, "010203040506". Empty for 0, which many devices
// send that were never given one.
[[nodiscard]] std::string gb26875_name_of(std::uint64_t address);

// Why bytes are no whole frame, in English.
[[nodiscard]] std::string gb26875_fault_of(std::string_view bytes);

class Gb26875Framer {
 public:
  enum class Kind : std::uint8_t {
    frame,    // whole
    damaged,  // has a header, and its length, checksum or end is wrong
    noise,    // anything else
  };
  struct Piece {
    Kind kind = Kind::noise;
    std::string bytes;
  };

  void feed(std::string_view bytes) { bytes_.append(bytes); }
  // Nothing: more bytes are needed.
  [[nodiscard]] std::optional<Piece> next();
  // No more bytes come: as next(), but what is unfinished is damaged.
  [[nodiscard]] std::optional<Piece> next_of_the_rest();
  [[nodiscard]] std::size_t unfinished() const { return bytes_.size() - taken_; }

 private:
  [[nodiscard]] std::string_view waiting() const { return std::string_view(bytes_).substr(taken_); }
  Piece cut(std::size_t size);
  Piece cut_frame(std::size_t size);
  [[nodiscard]] std::size_t next_start() const;
  std::optional<Piece> at_start(bool is_rest);

  std::string bytes_;
  std::size_t taken_ = 0;  // of bytes_, from its beginning
};

}  // namespace watchpost::wired
