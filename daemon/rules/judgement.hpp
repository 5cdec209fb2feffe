// Judgement: from what devices say, what people ask for and what time does, to alarms that somebody
// owns.
// Promise: a function of what is given, the hand-moved time included. No alarm that was raised
// leaves the open list without a transition that says who or what. Nobody but a person
// acknowledges; nothing but a person, or a device's own all-clear after a person took it, closes,
// with one exception: where the list is full, the oldest fault yields to an alarm. What is shown is
// what is on disk (on_disk(), for_each_open()), what is judged upon may be further. No Asio, clock,
// socket or SQL. I/O thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "rules/core.hpp"
#include "rules/output_tests.hpp"
#include "rules/verdict.hpp"

namespace watchpost::rules {

class Step;
struct Outcome;

struct PastObservation {
  Observation observation;
  Moment heard;
};

class Judgement {
 public:
  // Goes on where `stored` ended; who is not on disk yet is not there.
  Judgement(JudgementOptions options, const StoredJudgement& stored, const Moment& now);

  // One observation of a message.
  [[nodiscard]] Verdict judge(const Observation& observation, const Moment& now,
                              const CameBy& by = {});
  // A message of a device that says nothing else: it is not silent.
  void notice(std::string_view device, const Moment& now);
  // How often devices are to be heard, from now on.
  void use(SupervisionRules rules, const Moment& now);
  // The link to a [[broker]], as it is now.
  void link(std::string_view broker, bool is_up, const Moment& now) {
    core_->supervision.radios().link(broker, is_up, now.steady);
  }
  [[nodiscard]] const Supervision& supervision() const { return core_->supervision; }
  // The rules of this site from now on. Open alarms stay as they are, also those of a rule that is
  // no longer there: nobody says any more that they are over, so a person closes them.
  void use_rules(std::shared_ptr<const Conditions::Rules> rules, const Moment& now);
  // An observation of the past, as it was stored: it fills what rules remember. In their order, and
  // before watch_silence().
  void recall(const PastObservation& past, const Moment& now);
  // From now on the silence of the devices that rules name is counted, also if they are never
  // heard.
  void watch_silence(const Moment& now);
  [[nodiscard]] const Conditions& conditions() const { return core_->conditions; }

  // What a rule of the site says of a message, or the supervision of none.
  [[nodiscard]] Verdict judge(const Signal& signal, Basis basis, const Moment& now);
  struct Obeyed {
    // To be told once `changes` are committed; Refusal::not_kept where they are not.
    CommandResult result;
    Changes changes;
  };
  [[nodiscard]] Obeyed obey(const Command& command, const Moment& now);
  // What time has done by `now`. A bounded part: call again while due_at() is not later than now.
  [[nodiscard]] Changes tick(const Moment& now);
  // Any call that is given a moment may change it, by a clock that is good again if by nothing
  // else.
  [[nodiscard]] std::optional<SteadyTime> due_at() const;
  // A device is entered, or its name and place are edited. What was only heard yields to it at the
  // bound; refused where all that are known were entered.
  [[nodiscard]] Obeyed enter(const Device& device, const Moment& now);

  // `last` and all steps before it are on disk. `records`: of the messages that they judged.
  // A step that was undone cannot be committed: that is a broken invariant.
  void committed(StepNumber last, const std::vector<Evidence>& records);
  // The commit of this step failed or was refused: everything that is not on disk is undone.
  // The steps up to void_up_to() that are still under way have failed with it and must not be
  // committed; saying so of one of them changes nothing more.
  void rolled_back(StepNumber failed);
  [[nodiscard]] StepNumber void_up_to() const { return core_->void_up_to; }

  // What is on disk, for those who show, sound and forward.
  [[nodiscard]] SharedAlarm on_disk(AlarmNumber number) const;
  void for_each_open(const std::function<void(const SharedAlarm&)>& see) const;
  // Those that were told after the fact within the last day (kLateKept), the newest first.
  [[nodiscard]] std::vector<SharedAlarm> told_late() const;
  [[nodiscard]] const Device* device_on_disk(std::string_view id) const;
  // In no order.
  void for_each_device(const std::function<void(const Device&)>& see) const;
  [[nodiscard]] const Duty& duty_on_disk() const;
  // What is heard of it now: none where its siren is silenced.
  [[nodiscard]] Tone sounds_now(const Alarm& alarm, const Moment& now);
  // Each alarm on disk for which somebody is waited for, or who has it has called for others.
  struct Waiting {
    PlacedAlarm placed;
    const SharedAlarm& row;
    bool sounds = false;  // by siren, not silenced
  };
  void for_each_waiting(const Moment& now, const std::function<void(const Waiting&)>& see);
  // What became of telling an output of alarms; kept in the rows of those that are open, without a
  // transition.
  [[nodiscard]] Changes told(const std::vector<ToldOf>& all, const Moment& now);
  // How the test of an output ended that is under way.
  [[nodiscard]] Changes output_tested(const OutputTestEnd& end, const Moment& now);
  // What the site says of escalation, from now on. Stages that were reached stay reached.
  void use(EscalationRules rules);
  // By the steady clock of this start.
  [[nodiscard]] SteadyTime steady_of(ServiceTime time) const {
    return core_->clock.steady_of(time);
  }
  // "And N more": sources whose alarm found no room in the list.
  [[nodiscard]] Beyond::Count beyond() const { return core_->beyond.count(); }
  [[nodiscard]] std::size_t open() const { return core_->alarms.open(); }
  // Devices that were heard and are judged but not known, since there is no room for more.
  [[nodiscard]] Beyond::Count unknown_devices() const { return core_->unknown_devices.count(); }

 private:
  // `own`: how many of the signals are what the message says by itself; the others are of rules.
  [[nodiscard]] Outcome hear_all(Step& step, std::size_t own);
  void finish(Step& step, Verdict& verdict, const Outcome& outcome);
  // Something that the signals are about is not on disk yet.
  [[nodiscard]] bool is_under_way() const;
  [[nodiscard]] HeardAt heard_at(const Observation& observation, const Moment& now);
  void drop_if_nothing(const Changes& changes);

  std::unique_ptr<Core> core_;
  // Of the message that is judged, one for each Condition at most; kept for its memory.
  std::vector<Signal> signals_;
};

}  // namespace watchpost::rules
