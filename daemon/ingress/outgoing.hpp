// Outgoing: the bytes that a connection still has to write: those that are ready, and those of the
// write under way.
// Promise: they leave in the order in which they were added, all that are ready in one write.
// I/O thread only.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"

namespace watchpost::ingress {

class Outgoing {
 public:
  void add_answer(std::string_view bytes) {
    ready_.append(bytes);
    answers_ready_ += bytes.size();
  }
  // As add_answer, but not counted in unread(): messages to subscribers have a bound of their own.
  void add_message(std::string_view bytes) { ready_.append(bytes); }
  // What waits to be read by the other side, in bytes; its owner bounds it.
  [[nodiscard]] std::size_t unread() const { return answers_ready_ + answers_leaving_; }

  [[nodiscard]] bool has_ready() const { return !ready_.empty(); }
  [[nodiscard]] bool is_flushed() const { return ready_.empty() && leaving_.empty(); }
  // Begins the write of all that is ready, which must have ended at `deadline`. The bytes stay
  // where they are until end_write().
  [[nodiscard]] const std::string& begin_write(SteadyTime deadline) {
    leaving_.swap(ready_);
    answers_leaving_ = std::exchange(answers_ready_, 0);
    deadline_ = deadline;
    return leaving_;
  }
  void end_write() {
    leaving_.clear();
    answers_leaving_ = 0;
    deadline_ = SteadyTime::max();
  }
  [[nodiscard]] bool is_late(SteadyTime now) const { return now >= deadline_; }
  // Nothing more is to leave than the write under way.
  void drop_ready() {
    ready_.clear();
    answers_ready_ = 0;
  }

 private:
  std::string ready_;
  std::string leaving_;
  std::size_t answers_ready_ = 0;    // bytes of ready_ that are no messages
  std::size_t answers_leaving_ = 0;  // and of leaving_
  SteadyTime deadline_ = SteadyTime::max();
};

}  // namespace watchpost::ingress
