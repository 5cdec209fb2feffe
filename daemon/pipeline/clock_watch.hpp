// ClockWatch: notices that the wall clock was set, and what it is worth now.
// Promise: every movement of the wall clock against the steady one by more than kTolerance since
// the last word is said, at once or drop by drop, at most one word a second (what moves faster is
// said in sum); also each change of quality, a loss of the time service once it lasted kLossRest.
// Pure: the caller reads the clocks, on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace watchpost::pipeline {

struct ClockWord {
  enum class Reason : std::uint8_t {
    unset,   // the clock is wrong: the daemon began so, or it went back before this program's time
    synced,  // a time service keeps it now
    free,    // plausible, but nobody keeps it (any more)
    jump,    // it was set
    drift,   // it was moved little by little
  };
  Reason reason = Reason::unset;
  ClockQuality was = ClockQuality::unset;
  WallTime wall_before{};               // what the clock would show now, had nobody touched it
  std::chrono::milliseconds offset{0};  // added to that, it is the time now shown
  ClockReading now;
};
[[nodiscard]] std::string_view to_string(ClockWord::Reason reason);
// As the log tells it, with what to do.
[[nodiscard]] std::string sentence_of(const ClockWord& word);

class ClockWatch {
 public:
  static constexpr std::chrono::seconds kTolerance{2};
  static constexpr std::chrono::seconds kBetweenWords{1};
  static constexpr std::chrono::minutes kLossRest{1};

  explicit ClockWatch(const ClockReading& at_start);

  // Cheap enough for every message.
  [[nodiscard]] std::optional<ClockWord> look(const ClockReading& now);
  // What the clock of the last word shows now. Stamped with it, every record belongs to a word,
  // also while a movement is not said yet.
  [[nodiscard]] ClockReading as_said(const ClockReading& now) const;

 private:
  [[nodiscard]] bool is_due(const ClockReading& now, bool moved);
  [[nodiscard]] ClockWord::Reason reason_of(const ClockReading& now, bool moved) const;

  std::chrono::nanoseconds distance_;  // wall minus steady: at the last word
  std::chrono::nanoseconds seen_;      // and at the last look
  ClockQuality quality_;               // at the last word
  SteadyTime said_at_;
  std::optional<SteadyTime> changed_at_;  // another quality since then, not said yet
  bool jumped_ = false;                   // in one step, since the last word
};

}  // namespace watchpost::pipeline
