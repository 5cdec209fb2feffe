#include "pipeline/clock_watch.hpp"

namespace watchpost::pipeline {
namespace {

using std::chrono::nanoseconds;

nanoseconds distance_of(const ClockReading& reading) {
  return reading.wall.time_since_epoch() -
         std::chrono::duration_cast<nanoseconds>(reading.steady.time_since_epoch());
}

bool is_far(nanoseconds a, nanoseconds b) {
  return std::chrono::abs(a - b) > ClockWatch::kTolerance;
}

}  // namespace

std::string_view to_string(ClockWord::Reason reason) {
  switch (reason) {
    case ClockWord::Reason::unset:
      return "unset";
    case ClockWord::Reason::synced:
      return "synced";
    case ClockWord::Reason::free:
      return "free";
    case ClockWord::Reason::jump:
      return "jump";
    case ClockWord::Reason::drift:
      return "drift";
  }
  return "unset";
}

ClockWatch::ClockWatch(const ClockReading& at_start)
    : distance_(distance_of(at_start)),
      seen_(distance_),
      quality_(at_start.quality),
      said_at_(at_start.steady - kBetweenWords) {}

std::optional<ClockWord> ClockWatch::look(const ClockReading& now) {
  const auto distance = distance_of(now);
  jumped_ = jumped_ || is_far(distance, seen_);
  seen_ = distance;
  const bool moved = is_far(distance, distance_);
  if (!is_due(now, moved)) return std::nullopt;
  ClockWord word{reason_of(now, moved), quality_, {}, {}, now};
  word.wall_before = now.wall - (distance - distance_);
  word.offset = std::chrono::floor<std::chrono::milliseconds>(distance - distance_);
  distance_ = distance;
  quality_ = now.quality;
  said_at_ = now.steady;
  changed_at_.reset();
  jumped_ = false;
  return word;
}

ClockReading ClockWatch::as_said(const ClockReading& now) const {
  const auto distance = distance_of(now);
  if (!is_far(distance, distance_)) return now;
  return {now.wall - (distance - distance_), now.steady, quality_};
}

bool ClockWatch::is_due(const ClockReading& now, bool moved) {
  if (now.quality == quality_) {
    changed_at_.reset();
    if (!moved) return false;
  } else if (!changed_at_) {
    changed_at_ = now.steady;
  }
  if (now.steady - said_at_ < kBetweenWords) return false;
  // Better is said at once, and so is worse when the clock moved with it; a time service that comes
  // and goes is not worth an event each time.
  return moved || now.quality > quality_ || now.steady - *changed_at_ >= kLossRest;
}

ClockWord::Reason ClockWatch::reason_of(const ClockReading& now, bool moved) const {
  if (now.quality == ClockQuality::unset) return ClockWord::Reason::unset;
  if (now.quality == ClockQuality::synced && quality_ != now.quality) {
    return ClockWord::Reason::synced;
  }
  if (!moved) return ClockWord::Reason::free;
  return jumped_ ? ClockWord::Reason::jump : ClockWord::Reason::drift;
}

}  // namespace watchpost::pipeline
