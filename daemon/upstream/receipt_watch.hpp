// ReceiptWatch: notices that an upstream's receiver confirms nothing.
// Promise: a class of which something is unconfirmed is due after `timeout` without any new
// receipt, and then again after growing, jittered waits, until one comes. Pure: the caller brings
// time and random numbers. Used by Uplink, on the I/O thread.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "model/event_class.hpp"

namespace watchpost::upstream {

class ReceiptWatch {
 public:
  explicit ReceiptWatch(std::chrono::milliseconds timeout)
      : timeout_(timeout),
        watches_(kEventClassCount, Watch{Backoff{{timeout, std::max(timeout, kLongest)}}, {}, {}}) {
  }

  // Starts to wait where something is unconfirmed, and stops where nothing is.
  void look(EventClass event_class, bool has_unconfirmed, SteadyTime now) {
    Watch& watch = of(event_class);
    if (!has_unconfirmed) {
      watch.due_at.reset();
    } else if (!watch.due_at) {
      watch.due_at = now + timeout_ + watch.more;
    }
  }
  // A receipt has moved the cursor.
  void confirmed(EventClass event_class) {
    Watch& watch = of(event_class);
    watch.patience.reset();
    watch.more = watch.more.zero();
    watch.due_at.reset();
    watch.silent = false;
  }
  // It is sent again now; the next time it takes longer.
  void passed(EventClass event_class, std::uint64_t random) {
    Watch& watch = of(event_class);
    watch.more = watch.patience.next(random);
    watch.due_at.reset();
    watch.silent = true;
  }
  void link_lost() {
    for (Watch& watch : watches_) watch.due_at.reset();
  }

  [[nodiscard]] std::optional<SteadyTime> due_at(EventClass event_class) const {
    return watches_[index_of(event_class)].due_at;
  }
  [[nodiscard]] bool any_silent() const {
    return std::any_of(watches_.begin(), watches_.end(),
                       [](const Watch& watch) { return watch.silent; });
  }

 private:
  static constexpr std::chrono::milliseconds kLongest = std::chrono::minutes{10};

  struct Watch {
    Backoff patience;
    std::chrono::milliseconds more{0};
    std::optional<SteadyTime> due_at;
    bool silent = false;
  };
  [[nodiscard]] Watch& of(EventClass event_class) { return watches_[index_of(event_class)]; }

  std::chrono::milliseconds timeout_;
  std::vector<Watch> watches_;  // one of each class
};

}  // namespace watchpost::upstream
