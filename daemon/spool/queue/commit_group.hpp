// CommitGroup: what one commit does, in one transaction.
// Promise: all of it or nothing, but for appends whose `refusal` is set: those alone are not kept.
// Filled on the I/O thread, committed on the spool thread.
#pragma once

#include <string>
#include <vector>

#include "spool/spool.hpp"

namespace watchpost::spool {

struct CursorMove {
  std::string upstream;
  EventClass event_class = EventClass::telemetry;
  Seq cursor;
};

struct SetAsideCopy {
  std::string upstream;
  Record record;
  std::uint8_t reason_code = 0;
};

struct TakeBack {
  std::string upstream;
  std::uint64_t id = 0;
};

// first <= seq <= last could not be read.
struct Loss {
  EventClass event_class = EventClass::telemetry;
  Seq first;
  Seq last;
};

// Changes that are no messages. They are committed together with the next messages.
struct Notes {
  std::vector<CursorMove> cursors;  // at most one for each upstream and class
  std::vector<SetAsideCopy> set_aside;
  std::vector<TakeBack> taken_back;
  // Neither overlapping nor adjacent: at most as many as the logs have holes, however often and by
  // how many readers each is reported.
  std::vector<Loss> losses;

  [[nodiscard]] bool is_empty() const {
    return cursors.empty() && set_aside.empty() && taken_back.empty() && losses.empty();
  }
  // More than cursor moves.
  [[nodiscard]] bool has_pressing() const {
    return !set_aside.empty() || !taken_back.empty() || !losses.empty();
  }
  // Takes over the notes of a commit that failed; where both move a cursor, the farther move stays.
  void take_over(Notes&& older);
  void move_cursor(CursorMove move);
  void add(Loss loss);
};

struct CommitGroup {
  std::vector<Append> appends;
  Notes notes;
  [[nodiscard]] bool is_empty() const { return appends.empty() && notes.is_empty(); }
  // False for heartbeats and notes alone: their success does not prove that messages are kept.
  [[nodiscard]] bool keeps_something() const;
};

// The most urgent class among its records; one without records counts as an alarm: what a client
// waits for with it is an answer, not room. So does one with steps of judgement of its own: a fault
// that was refused would take back an alarm that was judged with it.
[[nodiscard]] EventClass class_of(const Append& append);
[[nodiscard]] inline bool is_urgent(const Append& append) {
  return is_urgent(class_of(append));
}
// Facts go with what is urgent, whatever message they came with, and so does what was judged upon
// others: they must be committed in the order in which they were handed over.
[[nodiscard]] inline bool goes_with_next_commit(const Append& append) {
  return is_urgent(append) || !append.facts.empty() || append.steps != nullptr;
}

}  // namespace watchpost::spool
