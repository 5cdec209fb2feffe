#include "pipeline/clock_watch.hpp"

#include <fmt/format.h>

#include <cmath>

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

std::string sentence_of(const ClockWord& word) {
  const double seconds = std::chrono::duration<double>(word.offset).count();
  const std::string moved =
      fmt::format("{} by {:.3f} s, from {} to {}", seconds < 0 ? "back" : "forward",
                  std::abs(seconds), to_rfc3339(word.wall_before), to_rfc3339(word.now.wall));
  switch (word.reason) {
    case ClockWord::Reason::unset:
      return fmt::format(
          "The clock of this box is wrong ({}): events are marked so, and placed in time once it "
          "is "
          "right. Connect the box to the network so that it can set its clock, or set it by hand "
          "(timedatectl)",
          to_rfc3339(word.now.wall));
    case ClockWord::Reason::synced:
      return word.offset.count() == 0
                 ? std::string("A time service keeps the clock now")
                 : fmt::format(
                       "A time service keeps the clock now and set it {}. Events before "
                       "that carry the old time; the upstreams are told by how much",
                       moved);
    case ClockWord::Reason::free:
      return "No time service keeps the clock any more, so it will go wrong little by little. Look "
             "at the network and the time service (timedatectl)";
    case ClockWord::Reason::jump:
    case ClockWord::Reason::drift:
      break;
  }
  return fmt::format(
      "The clock was {} {}. Events before that carry the old time; the upstreams are told by how "
      "much. If nobody set it, look at the time service (timedatectl)",
      word.reason == ClockWord::Reason::jump ? "set" : "moved little by little", moved);
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
