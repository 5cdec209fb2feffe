// ReceiptWatch: when what an upstream's receiver has not confirmed is sent to it again.
// Why: a broker that loses the receiver's session, or its own memory, loses what it has
// acknowledged; an alarm among that must not wait until the receiver counts as silent.
// Promise: a class of which something is unconfirmed is due
//  - at once when its receiver says that it may have missed something, at most every kAskedApart;
//  - soon, where it is alarm or patrol, when the receiver goes on confirming other events: it is
//    there, and lacks these; again after growing waits, until it confirms them;
//  - after `timeout` without any new receipt of the class: then the receiver is silent; again after
//    growing, jittered waits, until a receipt comes.
// Pure: the caller brings time and random numbers. Used by ReceiptDesk, on the I/O thread.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "model/event_class.hpp"
#include "upstream/uplink_basis.hpp"

namespace watchpost::upstream {

class ReceiptWatch {
 public:
  static constexpr std::chrono::seconds kAskedApart{10};
  // Longer than an event takes to the disk of its receiver and the receipt takes back.
  static constexpr std::chrono::milliseconds kSoon = std::chrono::seconds{5};
  static constexpr std::chrono::milliseconds kLongest = std::chrono::minutes{10};

  explicit ReceiptWatch(std::chrono::milliseconds timeout)
      : timeout_(timeout), watches_(kEventClassCount, Watch(timeout)) {}

  // Starts to wait where something is unconfirmed, and stops where nothing is.
  void look(EventClass event_class, bool has_unconfirmed, SteadyTime now) {
    Watch& watch = of(event_class);
    if (!has_unconfirmed) {
      watch.silent_at.reset();
    } else if (!watch.silent_at) {
      watch.silent_at = now + timeout_ + watch.more;
    }
  }
  // A receipt has moved the cursor.
  void confirmed(EventClass event_class) {
    Watch& watch = of(event_class);
    watch.patience.reset();
    watch.hurry.reset();
    watch.more = watch.more.zero();
    watch.silent_at.reset();
    watch.lacks_at.reset();
    watch.silent = false;
  }
  // A receipt came, of whatever class.
  void heard(SteadyTime now, std::uint64_t random) {
    for (const EventClass event_class : kEventClasses) {
      Watch& watch = of(event_class);
      if (!is_urgent(event_class) || !watch.silent_at || watch.lacks_at) continue;
      watch.lacks_at = now + watch.hurry.next(random);
    }
  }
  // The receiver says that it may have missed something of this class.
  void asked(EventClass event_class, SteadyTime now) {
    Watch& watch = of(event_class);
    if (watch.asked_for) return;
    watch.asked_for = std::max(now, watch.asked_before.value_or(now - kAskedApart) + kAskedApart);
  }

  enum class Due : std::uint8_t { nothing, again, silent };
  [[nodiscard]] Due due(EventClass event_class, SteadyTime now) const {
    const Watch& watch = watches_[index_of(event_class)];
    const auto is_due = [now](const std::optional<SteadyTime>& at) { return at && *at <= now; };
    if (is_due(watch.silent_at)) return Due::silent;
    return is_due(watch.asked_for) || is_due(watch.lacks_at) ? Due::again : Due::nothing;
  }
  // The class is sent again now; after a silence the next wait is longer.
  void passed(EventClass event_class, Due due, const Tick& tick) {
    Watch& watch = of(event_class);
    if (due == Due::silent) {
      watch.more = watch.patience.next(tick.random);
      watch.silent = true;
    }
    if (watch.asked_for) watch.asked_before = tick.now;
    watch.clear();
  }
  void link_lost() {
    for (Watch& watch : watches_) watch.clear();
  }

  [[nodiscard]] std::optional<SteadyTime> due_at() const {
    std::optional<SteadyTime> earliest;
    for (const Watch& watch : watches_) {
      for (const auto& at : {watch.silent_at, watch.lacks_at, watch.asked_for}) {
        if (at && (!earliest || *at < *earliest)) earliest = at;
      }
    }
    return earliest;
  }
  [[nodiscard]] bool any_silent() const {
    return std::any_of(watches_.begin(), watches_.end(),
                       [](const Watch& watch) { return watch.silent; });
  }

 private:
  struct Watch {
    explicit Watch(std::chrono::milliseconds timeout)
        : patience({timeout, std::max(timeout, kLongest)}), hurry({kSoon, kLongest}) {}
    void clear() {
      silent_at.reset();
      lacks_at.reset();
      asked_for.reset();
    }
    Backoff patience;
    Backoff hurry;
    std::chrono::milliseconds more{0};
    std::optional<SteadyTime> silent_at;  // set while something is unconfirmed
    std::optional<SteadyTime> lacks_at;
    std::optional<SteadyTime> asked_for;
    std::optional<SteadyTime> asked_before;
    bool silent = false;
  };
  [[nodiscard]] Watch& of(EventClass event_class) { return watches_[index_of(event_class)]; }

  std::chrono::milliseconds timeout_;
  std::vector<Watch> watches_;  // one of each class
};

}  // namespace watchpost::upstream
