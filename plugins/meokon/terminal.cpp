#include "meokon/terminal.hpp"

#include <algorithm>

#include "sdk/bytes.hpp"

namespace watchpost::meokon {
namespace {

constexpr std::string_view kHead = "\xA5\x5A";
constexpr std::string_view kTail = "\x55\xAA";
constexpr std::size_t kShortest = 29;  // head to alarms, CRC, tail

std::uint16_t crc16_modbus(std::string_view bytes) {
  std::uint16_t crc = 0xFFFF;
  for (const char byte : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ static_cast<std::uint8_t>(byte));
    for (int bit = 0; bit < 8; ++bit) {
      const bool low = (crc & 1U) != 0;
      crc = static_cast<std::uint16_t>(crc >> 1U);
      if (low) crc = static_cast<std::uint16_t>(crc ^ 0xA001U);
    }
  }
  return crc;
}

// So many kPa is one step of the number; nothing for a type whose table is not public.
std::optional<double> step_kpa(unsigned type) {
  switch (type) {
    case 0:
      return 0.1;
    case 1:
    case kHydrantTilt:
    case kHydrant:
      return 1.0;  // 0.001 MPa
    case 2:
      return 1.0;  // 0.01 bar
    default:
      return std::nullopt;
  }
}

bool is_text(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

std::optional<Terminal> terminal_in(std::string_view bytes, std::string& why) {
  const auto refuse = [&why](std::string_view reason) {
    why = reason;
    return std::nullopt;
  };
  if (bytes.size() < kShortest) return refuse("shorter than a frame of a Meokon terminal");
  if (!bytes.starts_with(kHead) || !bytes.ends_with(kTail)) {
    return refuse("a frame begins with A55A and ends with 55AA");
  }
  sdk::ByteReader end(bytes.substr(bytes.size() - 4));
  if (end.u16be() != crc16_modbus(bytes.substr(0, bytes.size() - 4))) {
    return refuse("the CRC is wrong");
  }
  sdk::ByteReader reader(bytes.substr(2, bytes.size() - 6));
  Terminal terminal;
  reader.u8();  // command
  if (reader.u16be() != bytes.size()) return refuse("the length is wrong");
  terminal.id = reader.take(12);
  terminal.supply = reader.u8();
  terminal.signal_dbm = reader.i8();
  terminal.interval_s = reader.u16be();
  const std::size_t records = reader.u16be();
  terminal.type = reader.u8();
  terminal.alarms = reader.u8();
  if (!is_text(terminal.id)) return refuse("the id of the device is no text");
  const auto step = step_kpa(terminal.type);
  if (!step) return terminal;
  Series series;
  series.low = reader.i16be() * *step;
  series.high = reader.i16be() * *step;
  series.value = reader.i16be() * *step;
  series.time = reader.u32be();
  if (!reader.ok() || reader.left() != 2 * records || records > kMostRecords) {
    // The hydrant types may have structures of their own; what stands before them is known.
    if (terminal.type >= kHydrantTilt) return terminal;
    return refuse("the number of records does not fit the length");
  }
  for (std::size_t i = 0; i < records; ++i) series.records.push_back(reader.i16be() * *step);
  terminal.series = std::move(series);
  return terminal;
}

}  // namespace watchpost::meokon
