#include "rules/due.hpp"

namespace watchpost::rules {
namespace {

void take_earlier(Due& due, Due other) {
  if (other.at < due.at) due = other;
}

bool is_unwritten(const Alarm& alarm, const SaidAgain& said) {
  return said.count != alarm.count || said.peak != alarm.peak ||
         said.returning != alarm.returning_since;
}

}  // namespace

Due due_of(const Alarm& alarm, const SaidAgain& said, const AlarmPolicy& policy,
           const EscalationRule* rule) {
  using What = Due::What;
  Due due;
  if (alarm.life == Life::closed) {
    const std::chrono::seconds kept = alarm.marks.history ? kLateKept : policy.reraise_within;
    return {What::forgotten, alarm.times.closed.value_or(Stamp{}).service + kept};
  }
  if (!alarm.is_open()) return due;
  if (alarm.life == Life::suspected && !alarm.holds.any())
    take_earlier(due, {What::confirmation, alarm.waiting_since + policy.confirm_after});
  if (waits_for_somebody(alarm, policy) && alarm.escalation < policy.escalation.size()) {
    const EscalationStage& stage = policy.escalation[alarm.escalation];
    const std::chrono::seconds after =
        rule == nullptr ? stage.after : rule->after[alarm.escalation];
    if (stage.told != Audience::nobody)
      take_earlier(due, {What::escalation, alarm.waiting_since + after});
  }
  if (alarm.shelved_until) take_earlier(due, {What::shelving, *alarm.shelved_until});
  if (said.returning && alarm.is_active())
    take_earlier(due, {What::returned, *said.returning + kChatter});
  if (is_unwritten(alarm, said)) take_earlier(due, {What::count, said.written + kCountRest});
  return due;
}

}  // namespace watchpost::rules
