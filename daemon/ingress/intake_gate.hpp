// IntakeGate: whether the connections of a listener may read now.
// Promise: while the intake is full none may, and one wake-up is arranged however many ask; once
// reading has stopped none may for good. A member of the table of connections. I/O thread only.
#pragma once

#include "pipeline/intake.hpp"

namespace watchpost::ingress {

class IntakeGate {
 public:
  explicit IntakeGate(pipeline::Intake& intake) : intake_(intake) {}

  // `table` holds this gate; its connections are resumed when the intake accepts again, unless the
  // table is gone or detached by then.
  template <class Table>
  [[nodiscard]] bool may_read(Table& table) {
    if (is_stopped_) return false;
    if (intake_.accepting()) return true;
    if (is_waiting_) return false;
    is_waiting_ = true;
    intake_.when_accepting([this, weak = table.weak_from_this()] {
      const auto held = weak.lock();  // and with it this gate
      if (!held || held->is_detached()) return;
      is_waiting_ = false;
      held->resume_reading();
    });
    return false;
  }
  void stop() { is_stopped_ = true; }

 private:
  pipeline::Intake& intake_;
  bool is_stopped_ = false;
  bool is_waiting_ = false;
};

}  // namespace watchpost::ingress
