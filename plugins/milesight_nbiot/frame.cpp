#include "milesight_nbiot/frame.hpp"

#include <algorithm>
#include <array>

#include "sdk/bytes.hpp"

namespace watchpost::milesight_nbiot {
namespace {

constexpr std::uint8_t kStart = 0x02;

struct Length {
  unsigned id;  // channel and type
  std::size_t bytes;
};
// Of the items that the cellular decoders of the maker list; behind another nothing can be cut.
constexpr std::array kLengths{
    Length{0x0175, 1}, Length{0x0367, 2}, Length{0x0468, 1}, Length{0x0482, 2}, Length{0x0500, 1},
    Length{0x0600, 1}, Length{0x0688, 9}, Length{0x8367, 3}, Length{0x8482, 3}, Length{0x20CE, 8},
    Length{0xFF02, 2}, Length{0xFF0B, 1}, Length{0xFF0D, 7}};

bool is_serial(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

}  // namespace

std::optional<Nbiot> take_frame(std::string_view& bytes, std::string& why) {
  sdk::ByteReader reader(bytes);
  if (reader.u8() != kStart) {
    why = "an NB-IoT frame begins with 02";
    return std::nullopt;
  }
  reader.u16be();  // id
  const std::size_t length = reader.u16be();
  sdk::ByteReader body(reader.take(length));
  if (!reader.ok()) {
    why = "the frame is shorter than it says";
    return std::nullopt;
  }
  body.take(1 + 2 + 1 + 4 + 4);  // flag, count, versions of protocol, firmware and hardware
  Nbiot frame;
  frame.serial = body.take(16);
  body.take(15 + 15 + 20);  // IMEI, IMSI, ICCID
  frame.csq = body.u8();
  frame.items = body.take(body.u16be());
  if (!body.ok() || !body.at_end()) {
    why = "the lengths in the frame do not fit together";
    return std::nullopt;
  }
  if (!is_serial(frame.serial)) {
    why = "the serial number is no text";
    return std::nullopt;
  }
  bytes.remove_prefix(bytes.size() - reader.left());
  return frame;
}

std::vector<std::string_view> measurements_in(std::string_view items) {
  constexpr std::size_t kMost = 256;
  std::vector<std::string_view> measurements;
  std::size_t begin = 0;
  unsigned last = 0;
  for (std::size_t at = 0; at + 2 <= items.size();) {
    const unsigned channel = static_cast<unsigned char>(items[at]);
    const unsigned id = channel << 8U | static_cast<unsigned char>(items[at + 1]);
    const unsigned order = channel & 0x0FU;
    const bool counts = (channel & 0xF0U) == 0 || (channel & 0xF0U) == 0x80;
    if (counts && order <= last && at > begin && measurements.size() < kMost) {
      measurements.push_back(items.substr(begin, at - begin));
      begin = at;
    }
    if (counts) last = order;
    const auto known = std::find_if(kLengths.begin(), kLengths.end(),
                                    [&](const Length& each) { return each.id == id; });
    if (known == kLengths.end()) break;
    at += 2 + known->bytes;
  }
  if (begin < items.size()) measurements.push_back(items.substr(begin));
  return measurements;
}

}  // namespace watchpost::milesight_nbiot
