// Step: what one call of judgement changes, gathered while it is judged.
// Promise: a row is made here and nowhere else; an alarm changes by a transition that says who or
// what, as the table of life_cycle.hpp says, but for its count and when it was last said, which its
// next row takes from AlarmBook::said_again(). Each row that changed is handed out once, as it is
// at the end. I/O thread only.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "rules/core.hpp"
#include "rules/verdict.hpp"

namespace watchpost::rules {

struct Cause {
  AlarmEvent event = AlarmEvent::raised;
  Actor actor{};
  std::string note{};
};

class Step {
 public:
  Step(Core& core, const Moment& now, Basis basis);

  [[nodiscard]] Core& core() { return core_; }
  [[nodiscard]] const Stamp& at() const { return at_; }
  [[nodiscard]] ServiceTime now() const { return at_.service; }
  [[nodiscard]] const Moment& moment() const { return moment_; }
  // That it will have if it changes anything.
  [[nodiscard]] StepNumber number() const { return number_; }

  using Edit = std::function<void(Alarm&)>;
  // What `cause.event` does to `alarm`; `edit` changes what else of it there is to change. Nothing
  // happens where the table says that it is ignored, a repeat or refused.
  Answer apply(const SharedAlarm& alarm, const Cause& cause, const Edit& edit = {});
  // A new one; `draft` has all but its life and number.
  SharedAlarm open(Alarm draft, const Cause& cause);
  // One that was told after the fact: closed as it comes.
  SharedAlarm file_late(Alarm draft, const Cause& cause);
  // Said again: what the next row of `alarm` takes of it.
  void hear_again(const Alarm& alarm, const Signal& signal);
  // That, for a repeat: written at most once in kCountRest.
  void count(const SharedAlarm& alarm, const Signal& signal);
  // Said to be over, and not believed yet: written at once, so that it is believed after a restart
  // too; of a detector that flickers on at most once in kCountRest.
  void begin_return(const SharedAlarm& alarm);
  // That is believed now.
  void end_return(const SharedAlarm& alarm);
  // Its row with what was heard of it since, without a transition.
  void write(const SharedAlarm& alarm, const Edit& edit = {});

  // Done to a device or to the gateway.
  void note(Deed deed);
  void put(Device device);
  void put(const Duty& duty);
  void put(CommandDone done);

  // It has a number, and its commit or failure is told, though it has no row. Only of a message of
  // class alarm, whose append is committed in the order of the steps as those with rows are.
  void tell() { is_told_ = true; }
  // Of no use after this.
  [[nodiscard]] Changes finish();

 private:
  struct Change {
    const Alarm& before;
    Alarm after;
  };
  SharedAlarm make_transition(Change change, const Cause& cause);
  void put(const SharedAlarm& row);
  // To be changed; undone where the step puts a row of the alarm and fails.
  [[nodiscard]] SaidAgain& said_again(const Alarm& alarm);

  Core& core_;
  Moment moment_;
  Stamp at_;
  Basis basis_;
  StepNumber number_;
  Changes changes_;
  std::vector<AlarmSerial> alarms_;  // whose row changed
  std::map<AlarmSerial, SaidAgain> said_before_;
  std::vector<std::string> devices_;
  bool duty_ = false;
  bool is_told_ = false;
};

// By what the device declared, and what people and other detectors said since.
[[nodiscard]] AlarmGrade grade_now(const Alarm& alarm);
// As it was entered; empty: nobody did.
[[nodiscard]] std::string_view place_of(const Core& core, std::string_view device);

}  // namespace watchpost::rules
