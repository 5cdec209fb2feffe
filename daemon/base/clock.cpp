#include "base/clock.hpp"

#include <sys/timex.h>

#include <charconv>

namespace watchpost {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// 2026-01-01: no box has run this program before that day.
constexpr WallTime kEarliestPlausible{seconds{1'767'225'600}};

// Two readings this far apart are not of one moment.
constexpr milliseconds kOneMoment{100};

ClockQuality ask_kernel() {
  timex query{};
  const int state = adjtimex(&query);
  const bool synced = state != -1 && state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
  return synced ? ClockQuality::synced : ClockQuality::free;
}

// Consumes exactly `digits` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, number);
  if (error != std::errc{} || end != text.data() + digits || number < 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

// Writes `number` with `count` digits. Four do for a year: WallTime has nanoseconds, so its years
// are 1677 to 2262.
// NOLINTNEXTLINE(bugprone-easily-swappable-parameters): text, how many, which
void put_digits(char* text, std::size_t count, unsigned number) {
  for (std::size_t i = count; i > 0; number /= 10) {
    text[--i] = static_cast<char>('0' + number % 10);
  }
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

nanoseconds take_fraction(std::string_view& text) {
  std::int64_t unit = 1'000'000'000;
  std::int64_t total = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    unit /= 10;
    total += unit * (text.front() - '0');
    text.remove_prefix(1);
  }
  return nanoseconds{total};
}

std::optional<std::chrono::minutes> take_zone(std::string_view text,
                                              std::chrono::minutes zone_if_missing) {
  if (text.empty()) return zone_if_missing;
  if (text == "Z" || text == "z") return std::chrono::minutes{0};
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2);
  take(text, ":");
  const auto minutes = take_number(text, 2);
  if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

}  // namespace

std::string_view to_string(ClockQuality quality) {
  switch (quality) {
    case ClockQuality::unset:
      return "unset";
    case ClockQuality::free:
      return "free";
    case ClockQuality::synced:
      return "synced";
  }
  return "unset";
}

WallTime SystemClock::wall() const {
  return std::chrono::time_point_cast<nanoseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const {
  return std::chrono::steady_clock::now();
}

ClockQuality SystemClock::quality(WallTime wall, SteadyTime steady) const {
  if (wall < kEarliestPlausible) return ClockQuality::unset;
  struct Answer {
    seconds asked_at{-1};
    nanoseconds distance{};  // of the two clocks: it changes when the wall clock is set
    ClockQuality quality = ClockQuality::unset;
  };
  thread_local Answer answer;
  const auto since_boot = std::chrono::duration_cast<nanoseconds>(steady.time_since_epoch());
  const auto distance = wall.time_since_epoch() - since_boot;
  const auto moved = std::chrono::abs(distance - answer.distance);
  const auto second = floor<seconds>(since_boot);
  if (second != answer.asked_at || moved > kOneMoment) answer = {second, distance, ask_kernel()};
  return answer.quality;
}

ClockReading read_clock(const Clock& clock) {
  constexpr int kMostAttempts = 3;
  ClockReading reading;
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    const SteadyTime before = clock.steady();
    reading.wall = clock.wall();
    reading.steady = clock.steady();
    if (reading.steady - before <= kOneMoment) break;
  }
  if (reading.wall >= kEarliestPlausible) {
    reading.quality = clock.quality(reading.wall, reading.steady);
  }
  return reading;
}

std::string to_rfc3339(WallTime time) {
  std::string text;
  append_rfc3339(text, time);
  return text;
}

void append_rfc3339(std::string& out, WallTime time) {
  const auto day = floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{floor<milliseconds>(time - day)};
  // printf would be too slow: each event upstream has two of these times.
  char text[] = "0000-00-00T00:00:00.000Z";
  put_digits(text, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put_digits(text + 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text + 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text + 11, 2, static_cast<unsigned>(clock.hours().count()));
  put_digits(text + 14, 2, static_cast<unsigned>(clock.minutes().count()));
  put_digits(text + 17, 2, static_cast<unsigned>(clock.seconds().count()));
  put_digits(text + 20, 3, static_cast<unsigned>(clock.subseconds().count()));
  out.append(text, sizeof text - 1);
}

std::optional<WallTime> from_rfc3339(std::string_view text, std::chrono::minutes zone_if_missing) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, "-")) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day || !take(text, "Tt ")) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || !take(text, ":")) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  nanoseconds fraction{0};
  if (take(text, ".,")) fraction = take_fraction(text);
  const auto zone = take_zone(text, zone_if_missing);
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  // Nanoseconds since 1970 in 64 bits end in 2262; before 1970 nothing of ours happened.
  if (!zone || !date.ok() || *year < 1970 || *year > 2200) return std::nullopt;
  return WallTime{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
         std::chrono::minutes{*minute} + seconds{*second} + fraction - *zone;
}

}  // namespace watchpost
