#include "rules/episodes.hpp"

#include <algorithm>

#include "model/observation.hpp"
#include "rules/corroboration.hpp"
#include "rules/due.hpp"
#include "rules/practice.hpp"

namespace watchpost::rules {
namespace {

// Late records of one source that are kept as entries of their own within kLateKept; of all sources
// AlarmBook::kMostLate are.
constexpr std::ptrdiff_t kMostLateEntries = 24;

Actor device_of(const Signal& signal) {
  return {Origin::device, std::string(signal.device), {}};
}

Alarm draft_of(const Signal& signal) {
  Alarm draft;
  draft.source = {std::string(signal.device), signal.kind, signal.condition,
                  std::string(signal.rule)};
  draft.domain = signal.domain.value_or(domain_of(signal.kind));
  draft.declared = declared_grade(signal);
  draft.peak = signal.value;
  draft.text = signal.text;
  draft.text_zh = signal.text_zh;
  if (signal.absence != nullptr) draft.times.absence = *signal.absence;
  return draft;
}

// False: there is none, and nothing may go for it.
bool make_room(Step& step, const AlarmPolicy& policy) {
  Core& core = step.core();
  if (core.alarms.open() < core.options.most_alarms) return true;
  const AlarmSerial fault = core.alarms.oldest_fault();
  if (fault == AlarmSerial{} || policy.event_class == EventClass::status) return false;
  (void)step.apply(core.alarms.find(fault), {AlarmEvent::yielded, {}, {}});
  return true;
}

// Brought again, it is the first word where this one was not kept. Whether a fault is said for the
// first time makes no difference to its record.
void put_beyond(Step& step, const Signal& signal, const AlarmPolicy& policy, Outcome& outcome) {
  Core& core = step.core();
  if (policy.event_class == EventClass::status) return core.beyond.add(key_of(signal));
  outcome.is_repeat = !core.beyond.add(step.number(), key_of(signal));
  if (!outcome.is_repeat) step.tell();
}

void open_alarm(Step& step, const Signal& signal, AlarmEvent event, Outcome& outcome) {
  Core& core = step.core();
  Alarm draft = draft_of(signal);
  const AlarmPolicy& policy = core.policy_of(draft.source);
  if (!make_room(step, policy)) {
    outcome.is_beyond = true;
    put_beyond(step, signal, policy, outcome);
    return;
  }
  core.beyond.remove(step.number(), key_of(signal));
  const SharedAlarm before = core.alarms.closed_of(signal);
  // A row that was salvaged may lack it.
  const std::optional<Stamp> closed = before ? before->times.closed : std::nullopt;
  if (closed && step.now() - closed->service <= policy.reraise_within)
    draft.previous = before->number;
  draft.marks.only_suspected = event == AlarmEvent::suspected;
  mark_practice(draft.marks, core, signal, step.now());
  const Device* device = core.devices.find(signal.device);
  draft.holds.out_of_service =
      device != nullptr && device->service == DeviceService::out_of_service;
  draft.holds.suppressed = signal.is_doubtful;
  const SharedAlarm opened = step.open(std::move(draft), {event, device_of(signal), {}});
  note_proof(step, *opened);
  corroborate(step, *opened, signal);
}

void file_late(Step& step, const Signal& signal, Outcome& outcome) {
  if (signal.says != Says::so && signal.says != Says::maybe) return;
  if (signal.condition != Condition::alarm) return;
  Core& core = step.core();
  if (core.alarms.open_of(signal)) return;
  const auto window = core.options.policies.of({{}, signal.kind, signal.condition}).reraise_within;
  const WallTime when = signal.observed_at.value_or(step.at().wall);
  std::ptrdiff_t entries = 0;
  for (const AlarmSerial serial : core.alarms.of_device(signal.device)) {
    const SharedAlarm row = core.alarms.find(serial);
    if (!row || !row->marks.history || row->source.kind != signal.kind) continue;
    ++entries;
    const auto apart = std::chrono::abs(when - row->times.raised.wall);
    if (apart <= window) return;
  }
  if (entries >= kMostLateEntries || core.alarms.late() >= AlarmBook::kMostLate) {
    outcome.is_beyond = true;
    return;
  }
  Alarm draft = draft_of(signal);
  draft.marks.history = true;
  draft.marks.only_suspected = signal.says == Says::maybe;
  draft.times.raised = draft.times.last = {step.now(), when, step.at().clock};
  (void)step.file_late(std::move(draft), {AlarmEvent::late, device_of(signal), {}});
}

// A copy may be older than what is known. It counts where its own time says that it is newer, and
// where nothing is muted or closed by it: neither now nor once a suspicion, a test, a drill or a
// repair is over, which makes loud what is still there.
bool may_count(const Signal& copy, const Alarm& alarm, const AlarmPolicy& policy) {
  if (copy.says != Says::over || !copy.observed_at) return false;
  if (policy.latching != Latching::latches || policy.closed_by != ClosedBy::person) return false;
  if (alarm.marks.only_suspected || alarm.marks.practice() || alarm.holds.out_of_service)
    return false;
  return alarm.times.last.clock != ClockQuality::unset && *copy.observed_at > alarm.times.last.wall;
}

void take_back(Step& step, const SharedAlarm& alarm, const Signal& signal) {
  Core& core = step.core();
  if (!core.policy_of(alarm->source).device_clears || !alarm->is_active()) return;
  const SaidAgain& said = core.alarms.said_again(alarm->number.serial);
  const bool flickers = said.came_back && step.now() - *said.came_back < kChatter;
  if (flickers || said.returning) return step.begin_return(alarm);
  const auto event =
      alarm->holds.out_of_service ? AlarmEvent::returned_in_repair : AlarmEvent::returned;
  // What its radio explained is over with it.
  (void)step.apply(alarm, {event, device_of(signal), {}}, [](Alarm& after) {
    if (after.source.condition == Condition::silent) after.holds.suppressed = false;
  });
}

void say_again(Step& step, const SharedAlarm& alarm, const Signal& signal, Outcome& outcome) {
  Core& core = step.core();
  const bool was_only_suspected = alarm->marks.only_suspected;
  AlarmEvent event = AlarmEvent::raised;
  if (signal.says == Says::so && was_only_suspected) event = AlarmEvent::confirmed;
  if (signal.says == Says::maybe && was_only_suspected) event = AlarmEvent::suspected;
  const AlarmPolicy& policy = core.policy_of(alarm->source);
  if (answer_to(event, alarm->life, policy).what == Answer::What::repeat) {
    outcome.is_repeat = true;
    step.count(alarm, signal);
    // Somebody calls for help once more, beside a fall.
    if (signal.kind == Kind::sos)
      corroborate(step, *core.alarms.find(alarm->number.serial), signal);
    return;
  }
  step.hear_again(*alarm, signal);
  (void)step.apply(alarm, {event, device_of(signal), {}}, [&](Alarm& after) {
    if (event == AlarmEvent::confirmed) after.marks.only_suspected = false;
    after.verified.reset();  // it was of before
    if (signal.absence != nullptr) after.times.absence = *signal.absence;
    // What was gone when its test or drill ended by time is still marked. What was real stays so.
    if (!alarm->is_active() && alarm->marks.practice())
      mark_practice(after.marks, core, signal, step.now());
  });
  corroborate(step, *core.alarms.find(alarm->number.serial), signal);
}

// What was raised in good faith stays loud when its probe is torn away; what rested on a doubtful
// reading sounds once that can be believed: by a good reading, or by a word that is not doubtful.
// The alarm as it is then.
SharedAlarm believe(Step& step, const SharedAlarm& alarm, const Signal& signal) {
  if (signal.is_doubtful || !alarm->holds.suppressed) return alarm;
  (void)step.apply(alarm, {AlarmEvent::suppression_over, device_of(signal), {}},
                   [](Alarm& after) { after.holds.suppressed = false; });
  return step.core().alarms.find(alarm->number.serial);
}

}  // namespace

AlarmGrade declared_grade(const Signal& signal) {
  if (signal.grade) return *signal.grade;
  const bool by_kind = signal.condition == Condition::alarm || signal.condition == Condition::rule;
  return by_kind ? grade_of(signal.kind) : grade_of_fault();
}

Outcome hear(Step& step, const Signal& signal) {
  Outcome outcome;
  if (signal.told == Told::late) {
    file_late(step, signal, outcome);
    return outcome;
  }
  Core& core = step.core();
  const SharedAlarm alarm = core.alarms.open_of(signal);
  if (signal.told == Told::copy) {
    if (alarm && may_count(signal, *alarm, core.policy_of(alarm->source)))
      take_back(step, alarm, signal);
    return outcome;
  }
  switch (signal.says) {
    case Says::so:
    case Says::maybe:
      if (alarm) {
        say_again(step, believe(step, alarm, signal), signal, outcome);
      } else {
        const auto event = signal.says == Says::so ? AlarmEvent::raised : AlarmEvent::suspected;
        open_alarm(step, signal, event, outcome);
      }
      break;
    case Says::over:
      core.beyond.remove(key_of(signal));
      if (alarm) take_back(step, alarm, signal);
      break;
    case Says::believable:
      if (alarm) (void)believe(step, alarm, signal);
      break;
  }
  return outcome;
}

}  // namespace watchpost::rules
