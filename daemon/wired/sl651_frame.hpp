// Sl651Frame: one frame of SL 651-2014, "data transmission protocol for hydrologic monitoring", in
// both of its forms: HEX/BCD (begins with 7E7E, section 6.5) and ASCII (begins with 01, section
// 6.4). Directions differ in the order of the two addresses (tables 11 and 12).
// Promise: cut_sl651 never reads past what it was given and gives a frame only when header, length,
// ending and CRC agree. Pure; used on any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::wired {

// Which of how many packets of one message this is (mode M3, tables 18 and 22). Both from 1 to
// 4095.
struct Sl651Packet {
  std::uint16_t total = 0;
  std::uint16_t number = 0;
  friend bool operator==(const Sl651Packet&, const Sl651Packet&) = default;
};

// The endings of table 10.
namespace sl651 {
inline constexpr char kEtx = '\x03';  // up: nothing follows
inline constexpr char kEtb = '\x17';  // up: more follows
inline constexpr char kEnq = '\x05';  // down: a question or a command
inline constexpr char kEot = '\x04';  // down: received, the station may go
inline constexpr char kAck = '\x06';  // down: received, go on
inline constexpr char kNak = '\x15';  // down: send this packet again
inline constexpr char kEsc = '\x1b';  // down: received, stay online
}  // namespace sl651

struct Sl651Frame {
  bool ascii = false;
  bool down = false;  // from the centre to the station
  std::uint8_t centre = 0;
  std::string station;  // ten hexadecimal digits in upper case (section 6.2.3.2)
  std::uint16_t password = 0;
  std::uint8_t function = 0;  // appendix B
  std::optional<Sl651Packet> packet;
  std::string body;  // without the packet numbers
  char ending = sl651::kEtx;
  friend bool operator==(const Sl651Frame&, const Sl651Frame&) = default;
};

// What bytes that should begin with a frame are.
struct Sl651Cut {
  enum class What : std::uint8_t {
    frame,
    unfinished,  // so far it may become a frame
    damaged,     // the header is one, what follows it is wrong
    no_frame,    // it cannot be one
  };
  What what = What::no_frame;
  std::size_t size = 0;  // by the header's word; 0: the header is not there
  Sl651Frame frame;
  std::string_view why;  // what is wrong; lives as long as the program
};
[[nodiscard]] Sl651Cut cut_sl651(std::string_view bytes);

// Where the next frame may begin: at a 01, a 7E7E, or a 7E at the very end. npos: nowhere.
[[nodiscard]] std::size_t next_sl651_start(std::string_view bytes, std::size_t from);

// The frame as it goes over the line. The body, with the packet numbers, must not be longer than
// 4095 bytes.
[[nodiscard]] std::string to_bytes(const Sl651Frame& frame);

// X16 + X15 + X2 + 1 as MODBUS computes it, over all that stands before it (table 11).
[[nodiscard]] std::uint16_t sl651_crc(std::string_view bytes);

// The serial number and the send time that a body begins with (table 24): two and six bytes, or
// twice as many characters. The time is YYMMDDHHmmSS as digits, by the station's clock.
struct Sl651Opening {
  std::uint16_t serial = 0;
  std::string time;      // twelve characters, which need not be digits
  std::size_t size = 0;  // bytes of the body
};
// Nothing where the body is shorter. Of a message in packets only the first has it.
[[nodiscard]] std::optional<Sl651Opening> sl651_opening(const Sl651Frame& frame);
// The bytes for it in the form of `frame`; its time has twelve digits, its size does not matter.
[[nodiscard]] std::string sl651_opening_bytes(const Sl651Opening& opening, const Sl651Frame& frame);

}  // namespace watchpost::wired
