// Turns: when an uplink looks at what there is to do: now, soon, or at a time.
// Promise: one turn at a time; a turn that is asked for from inside a turn comes right after it.
// Answers that come many at a time lead to one turn for all of them. `due_at` is asked after each
// turn. Nothing is called once the Turns are gone. Used by Uplink, on the I/O thread.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace watchpost::upstream {

class Turns {
 public:
  struct Work {
    std::function<void()> turn;
    std::function<std::optional<SteadyTime>()> due_at;
    std::function<void()> due;  // the time that due_at named has come
  };

  Turns(const boost::asio::any_io_executor& io, const Clock& clock, Work work)
      : clock_(clock), work_(std::move(work)), timer_(io) {}

  void now() {
    if (is_over_) return;
    // A reader that answers at once, or a commit, may call back during a turn.
    if (std::exchange(is_turning_, true)) {
      wants_another_ = true;
      return;
    }
    do {
      wants_another_ = false;
      work_.turn();
    } while (wants_another_);
    is_turning_ = false;
    arm();
  }

  void soon() {
    if (std::exchange(is_posted_, true)) return;
    boost::asio::post(timer_.get_executor(), [this, weak = std::weak_ptr(self_)] {
      const auto self = weak.lock();
      if (!self) return;
      is_posted_ = false;
      now();
    });
  }

  // No turn begins any more.
  void no_more() {
    is_over_ = true;
    timer_.cancel();
  }

 private:
  void arm() {
    if (is_over_) return;
    const auto at = work_.due_at();
    // A timer that fires earlier is as good, because it looks again: so the timer is not set for
    // every message.
    if (!at || (armed_for_ && *armed_for_ <= *at)) return;
    armed_for_ = at;
    timer_.expires_after(std::max(*at - clock_.steady(), SteadyDuration::zero()));
    timer_.async_wait([this, weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (error || !self) return;
      armed_for_.reset();
      work_.due();
    });
  }

  const Clock& clock_;
  Work work_;
  std::optional<SteadyTime> armed_for_;
  bool is_turning_ = false;
  bool wants_another_ = false;
  bool is_posted_ = false;
  bool is_over_ = false;
  std::shared_ptr<bool> self_ = std::make_shared<bool>(true);  // posted calls hold it weakly
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::upstream
