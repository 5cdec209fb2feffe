#include "rules/step.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "rules/due.hpp"

namespace watchpost::rules {
namespace {

template <class List, class Value>
void add_once(List& list, const Value& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

void add_evidence(Alarm& alarm, StepNumber step) {
  auto& all = alarm.evidence;
  if (!all.empty() && all.back().step == step && all.back().sequence.value == 0) return;
  constexpr std::size_t kFirstKept = 4;
  if (all.size() == Alarm::kMostEvidence)
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(kFirstKept));
  all.push_back({step});
}

bool is_what_people_decide_by(const Alarm& before, const Alarm& after) {
  return before.life != after.life || !(before.holds == after.holds) ||
         !(before.grade == after.grade) || before.owner != after.owner ||
         !(before.marks == after.marks);
}

// Somebody answers for it: who takes it over from somebody does not make the answer a later one.
bool is_answer(const Alarm& before, AlarmEvent event) {
  const bool is_taken = before.life == Life::ack || before.life == Life::close_pending;
  const bool is_taking = event == AlarmEvent::taken || event == AlarmEvent::verified_true ||
                         event == AlarmEvent::verified_false;
  return is_taking && !(is_taken && before.times.taken);
}

void set_times(const Alarm& before, Alarm& after, const Cause& cause, const Stamp& at) {
  if (after.life == Life::closed) after.times.closed = at;
  if (before.is_active() && !after.is_active() && after.life != Life::closed)
    after.times.returned = at;
  if (is_answer(before, cause.event)) after.times.taken = at;
  switch (cause.event) {
    case AlarmEvent::verified_true:
    case AlarmEvent::verified_false:
      after.times.verified = at;
      break;
    case AlarmEvent::arrived:
      if (!after.times.arrived) after.times.arrived = at;
      break;
    case AlarmEvent::returned:
    case AlarmEvent::returned_in_repair:
      after.times.returned = at;
      break;
    default:
      break;
  }
}

// A suspicion that comes back at once goes on being waited for; so does what latches.
bool begins_to_wait(const Alarm& before, const Alarm& after, const AlarmPolicy& policy,
                    ServiceTime now) {
  if (after.life == Life::suspected && before.life != Life::suspected) {
    const bool was_shortly_gone = before.life == Life::rtn_unack && before.times.returned &&
                                  now - before.times.returned->service <= policy.confirm_after;
    return !was_shortly_gone;
  }
  if (after.life == Life::suspected && before.holds.any() && !after.holds.any()) return true;
  if (!waits_for_somebody(after, policy)) return false;
  return !waits_for_somebody(before, policy);
}

}  // namespace

AlarmGrade grade_now(const Alarm& alarm) {
  AlarmGrade grade = alarm.marks.only_suspected ? grade_of_suspicion() : alarm.declared;
  const bool is_true = alarm.verified.value_or(false);
  const bool is_of_kind = alarm.source.condition == Condition::alarm;
  if (is_of_kind && is_fire(alarm.source.kind) && (is_true || alarm.marks.corroborated)) {
    grade = {AlarmLevel::red, Urgency::immediate, AlarmSeverity::extreme, Certainty::observed};
  } else if (is_true) {
    grade.certainty = Certainty::observed;
  }
  if (alarm.marks.practice()) grade.level = AlarmLevel::grey;
  return grade;
}

std::string_view place_of(const Core& core, std::string_view device) {
  const Device* row = core.devices.find(device);
  return row == nullptr ? std::string_view{} : row->place.view();
}

Step::Step(Core& core, const Moment& now, Basis basis)
    : core_(core),
      moment_(now),
      at_(core.clock.stamp(now)),
      basis_(basis),
      number_(core.last_step.next()) {}

Answer Step::apply(const SharedAlarm& alarm, const Cause& cause, const Edit& edit) {
  const AlarmPolicy& policy = core_.policy_of(alarm->source);
  const Answer answer = answer_to(cause.event, alarm->life, policy);
  if (answer.what != Answer::What::transition) return answer;
  Alarm after = *alarm;
  after.life = answer.to;
  if (edit) edit(after);
  (void)make_transition({*alarm, std::move(after)}, cause);
  return answer;
}

SharedAlarm Step::open(Alarm draft, const Cause& cause) {
  const AlarmPolicy& policy = core_.policy_of(draft.source);
  draft.number = {core_.options.epoch, core_.alarms.next_serial()};
  draft.times.raised = draft.times.last = at_;
  const Alarm nothing;
  const Answer answer = answer_to(cause.event, Life::normal, policy);
  WATCHPOST_INVARIANT(answer.what == Answer::What::transition);
  draft.life = answer.to;
  draft.waiting_since = at_.service;
  return make_transition({nothing, std::move(draft)}, cause);
}

SharedAlarm Step::file_late(Alarm draft, const Cause& cause) {
  draft.number = {core_.options.epoch, core_.alarms.next_serial()};
  draft.life = Life::closed;
  const Alarm nothing;
  return make_transition({nothing, std::move(draft)}, cause);
}

SharedAlarm Step::make_transition(Change change, const Cause& cause) {
  WATCHPOST_INVARIANT(caused_by(cause.event) != CausedBy::person || !cause.actor.who.empty());
  const Alarm& before = change.before;
  Alarm& after = change.after;
  const AlarmPolicy& policy = core_.policy_of(after.source);
  const bool is_new = before.life == Life::normal;
  if (!is_new) {
    const SaidAgain& said = core_.alarms.said_again(after.number.serial);
    after.count = said.count;
    after.peak = said.peak;
    after.times.last = said.last;
    after.returning_since = said.returning;
  }
  set_times(before, after, cause, at_);
  if (after.life == Life::closed) {
    after.holds = {};
    after.shelved_until.reset();
    after.returning_since.reset();
  }
  if (!is_new && begins_to_wait(before, after, policy, at_.service)) {
    after.waiting_since = at_.service;
    after.escalation = 0;
    after.marks.called = false;
  }
  // What calls for somebody is more than suspected, whatever made it so: it stays loud when it
  // goes.
  if (after.life == Life::unack && policy.confirm_after.count() > 0)
    after.marks.only_suspected = false;
  after.grade = grade_now(after);
  ++after.transitions;
  if (is_new || is_what_people_decide_by(before, after)) ++after.revision;
  if (basis_ == Basis::record) add_evidence(after, number_);
  after.times.changed = at_;
  const auto row = std::make_shared<const Alarm>(std::move(after));
  put(row);
  changes_.transitions.push_back({row, before.state(), row->state(), cause.event, before.grade,
                                  cause.actor, cause.note, at_,
                                  at_.service - row->times.raised.service, policy.event_class});
  return row;
}

void Step::put(const SharedAlarm& row) {
  const auto before = said_before_.find(row->number.serial);
  const SaidAgain* said = before == said_before_.end() ? nullptr : &before->second;
  core_.alarms.put(number_, {row, place_of(core_, row->source.device), said});
  add_once(alarms_, row->number.serial);
}

SaidAgain& Step::said_again(const Alarm& alarm) {
  SaidAgain& said = core_.alarms.said_again(alarm.number.serial);
  said_before_.try_emplace(alarm.number.serial, said);
  return said;
}

void Step::hear_again(const Alarm& alarm, const Signal& signal) {
  SaidAgain& said = this->said_again(alarm);
  ++said.count;
  said.last = at_;
  // It was over, or had said so: it flickers.
  if (said.returning || !alarm.is_active()) said.came_back = at_.service;
  said.returning.reset();
  if (signal.value) {
    const double peak = said.peak.value_or(*signal.value);
    said.peak = signal.is_least ? std::min(peak, *signal.value) : std::max(peak, *signal.value);
  }
}

void Step::count(const SharedAlarm& alarm, const Signal& signal) {
  hear_again(*alarm, signal);
  const AlarmSerial number = alarm->number.serial;
  // Its row says that it is over: after a restart that would be believed.
  const bool is_denied = alarm->returning_since.has_value();
  if (is_denied || at_.service - core_.alarms.said_again(number).written >= kCountRest) {
    write(alarm);
  } else {
    core_.alarms.schedule(number);
  }
}

void Step::begin_return(const SharedAlarm& alarm) {
  SaidAgain& said = this->said_again(*alarm);
  if (said.returning) return;
  said.returning = at_.service;
  if (!said.return_written || at_.service - *said.return_written >= kCountRest) {
    write(alarm);
  } else {
    core_.alarms.schedule(alarm->number.serial);
  }
}

void Step::end_return(const SharedAlarm& alarm) {
  said_again(*alarm).returning.reset();
}

void Step::write(const SharedAlarm& alarm, const Edit& edit) {
  const SaidAgain& said = core_.alarms.said_again(alarm->number.serial);
  auto row = std::make_shared<Alarm>(*alarm);
  row->count = said.count;
  row->peak = said.peak;
  row->times.last = said.last;
  row->returning_since = said.returning;
  row->times.changed = at_;
  if (edit) edit(*row);
  put(row);
}

void Step::note(Deed deed) {
  deed.at = at_;
  changes_.deeds.push_back(std::move(deed));
}

void Step::put(Device device) {
  const Device* before = core_.devices.find(device.id);
  if (before && before->tested_until) core_.tests.erase({*before->tested_until, device.id});
  if (device.place != place_of(core_, device.id)) core_.alarms.move(device);
  device.changed = at_;
  const auto row = std::make_shared<const Device>(std::move(device));
  if (row->is_removed) {
    changes_.facts.emplace_back(row);
    core_.supervision.forget(row->id);
    core_.devices.remove(number_, row);
    return;
  }
  if (row->tested_until) core_.tests.emplace(*row->tested_until, row->id);
  add_once(devices_, row->id);
  core_.devices.put(number_, row);
  core_.supervision.know(*row, moment_.steady);
}

void Step::put(const Duty& duty) {
  auto row = std::make_shared<Duty>(duty);
  row->changed = at_;
  duty_ = true;
  core_.duty.put(number_, std::move(row));
}

void Step::put(CommandDone done) {
  const auto row = std::make_shared<const CommandDone>(std::move(done));
  if (const CommandDone* before = core_.done.find(row->key))
    core_.keys.erase({before->at.service, row->key});
  changes_.facts.emplace_back(row);
  if (row->is_forgotten) return core_.done.remove(number_, row);
  core_.keys.emplace(row->at.service, row->key);
  core_.done.put(number_, row);
}

Changes Step::finish() {
  for (const AlarmSerial serial : alarms_) {
    // The row as it is at the end of the step.
    changes_.facts.emplace_back(core_.alarms.find(serial));
  }
  for (const std::string& id : devices_)
    changes_.facts.emplace_back(core_.supervision.as_written(core_.devices.shared(id)));
  if (duty_) changes_.facts.emplace_back(core_.duty.shared({}));
  if (!changes_.facts.empty() || is_told_) changes_.step = core_.last_step = number_;
  return std::move(changes_);
}

}  // namespace watchpost::rules
