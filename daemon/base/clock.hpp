// Clock: the two times of the daemon and how far the wall clock may be trusted.
// Promise: ids, order, timers and expiry use SteadyTime or sequences only; WallTime is for people.
// Read on any thread; the real clock has no state but the quality probe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost {

using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;
using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyDuration = std::chrono::steady_clock::duration;

// Travels with every event as `wpclock`. A box without a battery-backed clock boots in 1970.
enum class ClockQuality : std::uint8_t {
  unset,   // before the year this program was written: certainly wrong
  free,    // plausible, but nobody disciplines it
  synced,  // the kernel says a time service keeps it (adjtimex, without STA_UNSYNC)
};
[[nodiscard]] std::string_view to_string(ClockQuality quality);

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall() const = 0;
  [[nodiscard]] virtual SteadyTime steady() const = 0;
  // How far `wall` may be trusted; `wall` and `steady` were read together just now.
  [[nodiscard]] virtual ClockQuality quality(WallTime wall, SteadyTime steady) const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override;
  [[nodiscard]] SteadyTime steady() const override;
  // Asks the kernel once a second, and when the wall clock was set meanwhile.
  [[nodiscard]] ClockQuality quality(WallTime wall, SteadyTime steady) const override;
};

// The earlier of two times that may be there; nothing where neither is.
[[nodiscard]] constexpr std::optional<SteadyTime> earlier(const std::optional<SteadyTime>& one,
                                                          const std::optional<SteadyTime>& other) {
  if (!one || !other) return one ? one : other;
  return *one < *other ? one : other;
}

// Both times of one moment, and how far the wall time may be trusted.
struct ClockReading {
  WallTime wall{};
  SteadyTime steady{};
  ClockQuality quality = ClockQuality::unset;
};
// Reads both times. They are of one moment also where the process was held up between the two
// readings, and a wall time of 1970 is never called good.
[[nodiscard]] ClockReading read_clock(const Clock& clock);

// RFC 3339 in UTC with milliseconds: "2026-11-23T19:41:07.120Z".
[[nodiscard]] std::string to_rfc3339(WallTime time);
void append_rfc3339(std::string& out, WallTime time);
// Reads RFC 3339 and its common relatives: 'T' or space, optional fraction, 'Z', "+08:00", "+0800",
// or no zone at all, which is then read `zone_if_missing` east of UTC. Nothing for any other text.
[[nodiscard]] std::optional<WallTime> from_rfc3339(std::string_view text,
                                                   std::chrono::minutes zone_if_missing);

}  // namespace watchpost
