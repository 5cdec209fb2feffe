#include "rules/tick.hpp"

#include <algorithm>

#include "rules/due.hpp"
#include "rules/practice.hpp"

namespace watchpost::rules {
namespace {

const Actor kTimer{};

void escalate(Step& step, const SharedAlarm& alarm) {
  (void)step.apply(alarm, {AlarmEvent::escalation_due, kTimer, {}},
                   [](Alarm& after) { ++after.escalation; });
}

void unshelve(Step& step, const SharedAlarm& alarm) {
  (void)step.apply(alarm, {AlarmEvent::shelving_over, kTimer, {}}, [](Alarm& after) {
    after.holds.shelved = false;
    after.shelved_until.reset();
  });
}

void believe_return(Step& step, const SharedAlarm& alarm) {
  step.end_return(alarm);
  const auto event =
      alarm->holds.out_of_service ? AlarmEvent::returned_in_repair : AlarmEvent::returned;
  (void)step.apply(alarm, {event, {Origin::device, alarm->source.device, {}}, {}},
                   [](Alarm& after) {
                     if (after.source.condition == Condition::silent)
                       after.holds.suppressed = false;
                   });
}

void confirm_by_time(Step& step, const SharedAlarm& alarm) {
  (void)step.apply(alarm, {AlarmEvent::confirm_time_over, kTimer, {}});
}

void pass_for(Step& step, const SharedAlarm& alarm) {
  Core& core = step.core();
  const AlarmSerial serial = alarm->number.serial;
  const Due due = core.alarms.due(serial);
  switch (due.what) {
    case Due::What::nothing:
      return core.alarms.schedule(serial);
    case Due::What::confirmation:
      return confirm_by_time(step, alarm);
    case Due::What::escalation:
      return escalate(step, alarm);
    case Due::What::shelving:
      return unshelve(step, alarm);
    case Due::What::returned:
      return believe_return(step, alarm);
    case Due::What::count:
      return step.write(alarm);
    case Due::What::forgotten:
      return core.alarms.forget(serial, step.now());
  }
}

void end_tests(Step& step) {
  Core& core = step.core();
  for (std::size_t i = 0; i < kMostInOneTick; ++i) {
    if (core.tests.empty() || core.tests.begin()->first > step.now()) return;
    const std::string device = core.tests.begin()->second;
    end_live_test(step, device, kTimer);
  }
}

void end_drill_by_time(Step& step) {
  const auto& drill = step.core().duty_now().drill;
  if (!drill) return;
  if (drill->ended_by) return go_on_ending_drill(step);
  if (step.now() >= drill->until) end_drill(step, kTimer);
}

void end_silence(Step& step) {
  const Duty& now = step.core().duty_now();
  if (!now.silence || step.now() < now.silence->until) return;
  Duty duty = now;
  duty.silence.reset();
  step.put(duty);
}

}  // namespace

void tick(Step& step) {
  Core& core = step.core();
  end_tests(step);
  end_drill_by_time(step);
  end_silence(step);
  for (std::size_t i = 0; i < kMostInOneTick; ++i) {
    const auto due = core.alarms.next_due();
    if (!due || due->first > step.now()) return;
    pass_for(step, core.alarms.find(due->second));
  }
}

std::optional<ServiceTime> due_in(const Core& core) {
  ServiceTime first = ServiceTime::max();
  if (const auto due = core.alarms.next_due()) first = due->first;
  if (!core.tests.empty()) first = std::min(first, core.tests.begin()->first);
  if (const auto due = core.conditions.next_due()) first = std::min(first, *due);
  const Duty& duty = core.duty_now();
  if (duty.silence) first = std::min(first, duty.silence->until);
  if (duty.drill) first = std::min(first, duty.drill->ended_by ? ServiceTime{} : duty.drill->until);
  if (first == ServiceTime::max()) return std::nullopt;
  return first;
}

}  // namespace watchpost::rules
