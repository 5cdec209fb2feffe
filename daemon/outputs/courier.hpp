// Courier: of which alarms one channel (a chat, a command) is told next, and when.
// Promise: each alarm that waits is told until it was accepted, and once only from then on, also
// over retries of others; the worst first. No more than `per_minute` messages go in a minute: what
// is beyond that is told together, in one digest each kDigestEvery, of kMostTogether at most; the
// first alarm of its sort never waits for that. Nothing is dropped but what nobody is waited for
// any more. One message is under way at a time. Pure; any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "model/alarm.hpp"
#include "model/service_time.hpp"

namespace watchpost::outputs {

struct CourierTerms {
  std::uint32_t per_minute = 15;
};

class Courier {
 public:
  static constexpr std::chrono::seconds kMinute{60};
  static constexpr std::chrono::seconds kDigestEvery{20};
  static constexpr std::size_t kMostTogether = 500;  // alarms; the next digest has the rest
  static constexpr std::uint32_t kForDigests = 3;    // of a minute's messages, at most a third
  // Of sorts that are new: chats that take 20 a minute take these too.
  static constexpr std::uint32_t kForNewSorts = 4;
  static constexpr Backoff::Options kRetries{std::chrono::milliseconds{2'000},
                                             std::chrono::milliseconds{60'000}};

  explicit Courier(CourierTerms terms) : terms_(terms), backoff_(kRetries) {}

  struct Wanted {
    AlarmSerial number{};  // of the alarm
    ServiceTime waiting_since{};
    std::uint8_t stage = 0;
    AlarmLevel level = AlarmLevel::blue;
    std::string_view sort;  // alarm_name()
    bool is_told = false;   // of this stage, by what is on disk
  };
  // One look at all alarms that wait: begin, want each, end.
  void begin() {}
  void want(const Wanted& wanted);
  void end();

  struct Message {
    struct Alarm {
      AlarmSerial number;
      std::uint8_t stage;
      ServiceTime waiting_since;
      std::uint32_t attempts;  // this one counted
    };
    std::vector<Alarm> alarms;  // the worst first
    [[nodiscard]] bool is_digest() const { return alarms.size() > 1; }
  };
  // What is to be sent now; nothing more until done().
  [[nodiscard]] std::optional<Message> next(SteadyTime now);
  struct Tried {
    SteadyTime now;
    std::uint64_t random;
  };
  void done(bool is_accepted, const Tried& tried);
  // When next() may have something.
  [[nodiscard]] std::optional<SteadyTime> due_at(SteadyTime now) const;

  [[nodiscard]] std::size_t waiting() const;
  // Since when nothing was accepted that was tried.
  [[nodiscard]] std::optional<SteadyTime> failing_since() const { return failing_since_; }

 private:
  struct Entry {
    ServiceTime waiting_since{};
    std::uint8_t stage = 0;
    std::optional<std::uint8_t> accepted{};  // stage
    std::uint32_t attempts = 0;
    AlarmLevel level = AlarmLevel::blue;
    std::string sort;
    bool is_seen = false;
    [[nodiscard]] bool is_pending() const { return !accepted || *accepted < stage; }
  };
  using Place = std::map<AlarmSerial, Entry>::iterator;
  // What is to be told, the worst first: all of it, or the worst alone.
  [[nodiscard]] std::vector<Place> pending(SteadyTime now);
  [[nodiscard]] const Entry* worst(SteadyTime now) const;
  [[nodiscard]] auto rank(const Entry& entry, SteadyTime now) const {
    return std::pair(is_new_sort(entry, now), entry.level);
  }
  [[nodiscard]] bool is_new_sort(const Entry& entry, SteadyTime now) const;
  [[nodiscard]] std::uint32_t sent_in_minute(SteadyTime now) const;
  [[nodiscard]] bool may_go_alone(const Entry& entry, SteadyTime now) const;
  [[nodiscard]] bool may_go_together(SteadyTime now) const;
  [[nodiscard]] std::uint32_t for_digests() const;

  CourierTerms terms_;
  Backoff backoff_;
  std::map<AlarmSerial, Entry> entries_;                  // of open alarms, which are bounded
  std::map<std::string, SteadyTime, std::less<>> sorts_;  // when one was accepted last
  std::deque<SteadyTime> sent_;                           // within the last minute
  std::optional<SteadyTime> last_digest_{};
  std::optional<Message> under_way_{};
  std::optional<SteadyTime> failing_since_{};
  SteadyTime not_before_{};
};

}  // namespace watchpost::outputs
