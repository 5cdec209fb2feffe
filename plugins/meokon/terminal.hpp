// terminal: the frame of Meokon's wireless terminals for pressure, level and the like (上海铭控,
// 智能无线终端通讯协议 V3.0; ActorLancer/GB-T-26875.3.2011-rs dev-documentation).
// Promise: big endian; A55A | command | length | id (12) | supply | signal | interval | records |
// type | alarms | limits | value | time | records ... | CRC-16/MODBUS, high byte first | 55AA. The
// number of records is what the frame says, up to kMostRecords. Length and CRC are checked before
// anything is read. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::meokon {

inline constexpr std::size_t kMostRecords = 1'000;

// Types of terminals at hydrants: with a sensor of their tilt, and without.
inline constexpr unsigned kHydrantTilt = 24;
inline constexpr unsigned kHydrant = 34;

// Of a type whose structures are known: one sensor with two limits, numbers of two bytes.
struct Series {
  double low = 0;
  double high = 0;
  double value = 0;
  std::uint32_t time = 0;  // of the newest record, seconds since 1970
  std::vector<double> records;
};

struct Terminal {
  std::string_view id;
  unsigned supply = 0;  // bit 7: from outside; bits 0 to 4: battery in steps of 5 %
  int signal_dbm = 0;
  unsigned interval_s = 0;
  unsigned type = 0;
  unsigned alarms = 0;
  std::optional<Series> series{};  // in kPa
};

// `bytes`: of the frame. Nothing where it is broken, with `why`.
[[nodiscard]] std::optional<Terminal> terminal_in(std::string_view bytes, std::string& why);

}  // namespace watchpost::meokon
