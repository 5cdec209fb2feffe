#include "rules/practice.hpp"

#include <algorithm>

namespace watchpost::rules {
namespace {

// Nothing is closed by time alone: what a timer ends stays until a person says what it was.
void end_practice(Step& step, const SharedAlarm& alarm, const Actor& by) {
  const bool by_person = !by.who.empty();
  if (alarm->is_active()) {
    (void)step.apply(alarm, {AlarmEvent::practice_over, by, {}},
                     [](Alarm& after) { after.marks.test = after.marks.exercise = false; });
  } else if (by_person) {
    const auto outcome = alarm->marks.test ? AlarmOutcome::test : AlarmOutcome::drill;
    (void)step.apply(alarm, {AlarmEvent::practice_closed, by, {}},
                     [outcome](Alarm& after) { after.outcome = outcome; });
  }
}

// Of a drill that is over: at most `most` alarms. True while more are left.
bool end_exercises(Step& step, std::size_t most) {
  Core& core = step.core();
  const Actor by = *core.duty_now().drill->ended_by;
  std::size_t done = 0;
  const auto serials = core.alarms.practice();
  for (const AlarmSerial serial : serials) {
    const SharedAlarm alarm = core.alarms.find(serial);
    if (!alarm->marks.exercise || (!alarm->is_active() && by.who.empty())) continue;
    if (done++ == most) return true;
    end_practice(step, alarm, by);
  }
  return false;
}

bool is_in_live_test(const Core& core, const Signal& signal, ServiceTime now) {
  if (signal.condition != Condition::alarm) return false;
  const Device* device = core.devices.find(signal.device);
  return device != nullptr && device->tested_until && now < *device->tested_until;
}

bool is_in_drill(const Core& core, const Signal& signal, ServiceTime now) {
  const auto& drill = core.duty_now().drill;
  if (!drill || drill->ended_by || now >= drill->until) return false;
  if (signal.condition != Condition::alarm && signal.condition != Condition::rule) return false;
  return drill->scope.covers({signal.device, place_of(core, signal.device), signal.kind});
}

}  // namespace

void mark_practice(AlarmMarks& marks, const Core& core, const Signal& signal, ServiceTime now) {
  marks.test = is_in_live_test(core, signal, now);
  marks.exercise = !marks.test && is_in_drill(core, signal, now);
}

void note_proof(Step& step, const Alarm& alarm) {
  if (!alarm.marks.test) return;
  Device device = *step.core().devices.find(alarm.source.device);
  device.proven = step.at().wall;
  step.put(std::move(device));
}

void end_live_test(Step& step, const std::string& device, const Actor& by) {
  Core& core = step.core();
  Device row = *core.devices.find(device);
  row.tested_until.reset();
  step.put(std::move(row));
  Deed deed;
  deed.action = DutyAction::live_test_end;
  deed.actor = by;
  deed.device = device;
  step.note(std::move(deed));
  const auto serials = core.alarms.of_device(device);
  for (const AlarmSerial serial : serials) {
    const SharedAlarm alarm = core.alarms.find(serial);
    if (alarm && alarm->is_open() && alarm->marks.test) end_practice(step, alarm, by);
  }
}

void end_drill(Step& step, const Actor& by) {
  Duty duty = step.core().duty_now();
  duty.drill->ended_by = by;
  step.put(duty);
  Deed deed;
  deed.action = DutyAction::drill_end;
  deed.actor = by;
  deed.scope = duty.drill->scope;
  step.note(std::move(deed));
  go_on_ending_drill(step);
}

void go_on_ending_drill(Step& step) {
  constexpr std::size_t kMostAtOnce = 256;
  if (end_exercises(step, kMostAtOnce)) return;
  Duty duty = step.core().duty_now();
  duty.drill.reset();
  step.put(duty);
}

}  // namespace watchpost::rules
