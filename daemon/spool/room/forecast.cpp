#include "spool/room/forecast.hpp"

#include <algorithm>

namespace watchpost::spool {
namespace {

constexpr double kMostDays = 3'650;
using Days = std::chrono::duration<double, std::ratio<86'400>>;

}  // namespace

std::int64_t Forecast::hour_of(SteadyTime time) {
  return std::chrono::floor<std::chrono::hours>(time.time_since_epoch()).count();
}

void Forecast::note(SteadyTime now, ByteCount added) {
  if (!began_) began_ = now;
  const auto number = hour_of(now);
  Hour& hour = hours_[static_cast<std::size_t>(number) % hours_.size()];
  if (hour.number != number) hour = Hour{number, 0};
  hour.bytes += added.value;
}

std::optional<double> Forecast::days_left(SteadyTime now, ByteCount room) const {
  if (!began_ || now - *began_ < std::chrono::hours{1}) return std::nullopt;
  const auto running = hour_of(now);
  const auto oldest = running - static_cast<std::int64_t>(kHours);
  std::uint64_t bytes = 0;
  for (const Hour& hour : hours_) {
    if (hour.number >= oldest) bytes += hour.bytes;
  }
  const auto window_began = std::max(*began_, SteadyTime{std::chrono::hours{oldest}});
  const double days = Days(now - window_began).count();
  if (bytes == 0) return kMostDays;
  return std::min(kMostDays, static_cast<double>(room.value) * days / static_cast<double>(bytes));
}

}  // namespace watchpost::spool
