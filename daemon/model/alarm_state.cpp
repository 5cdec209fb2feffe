#include "model/alarm_state.hpp"

#include "model/names.hpp"

namespace watchpost {
namespace {

constexpr names::Table<AlarmState, kAlarmStateCount> kAlarmStates{{
    {AlarmState::normal, "NORMAL"},
    {AlarmState::suspected, "SUSPECTED"},
    {AlarmState::unack, "UNACK"},
    {AlarmState::ack, "ACK"},
    {AlarmState::rtn_unack, "RTN-UNACK"},
    {AlarmState::close_pending, "CLOSE-PENDING"},
    {AlarmState::closed, "CLOSED"},
    {AlarmState::shelved, "SHELVED"},
    {AlarmState::suppressed, "SUPPRESSED"},
    {AlarmState::out_of_service, "OUT-OF-SERVICE"},
}};

constexpr names::Table<AlarmEvent, kAlarmEventCount> kAlarmEvents{{
    {AlarmEvent::suspected, "suspected"},
    {AlarmEvent::raised, "raised"},
    {AlarmEvent::confirmed, "confirmed"},
    {AlarmEvent::second_signal, "second_signal"},
    {AlarmEvent::worsened, "worsened"},
    {AlarmEvent::returned, "returned"},
    {AlarmEvent::returned_in_repair, "returned_in_repair"},
    {AlarmEvent::late, "late"},
    {AlarmEvent::suppression_over, "suppression_over"},
    {AlarmEvent::confirm_time_over, "confirm_time_over"},
    {AlarmEvent::escalation_due, "escalation_due"},
    {AlarmEvent::shelving_over, "shelving_over"},
    {AlarmEvent::practice_over, "practice_over"},
    {AlarmEvent::practice_closed, "practice_closed"},
    {AlarmEvent::yielded, "yielded"},
    {AlarmEvent::taken, "taken"},
    {AlarmEvent::verified_true, "verified_true"},
    {AlarmEvent::verified_false, "verified_false"},
    {AlarmEvent::arrived, "arrived"},
    {AlarmEvent::noted, "noted"},
    {AlarmEvent::closed, "closed"},
    {AlarmEvent::shelved, "shelved"},
    {AlarmEvent::unshelved, "unshelved"},
    {AlarmEvent::out_of_service, "out_of_service"},
    {AlarmEvent::back_in_service, "back_in_service"},
    {AlarmEvent::turned_real, "turned_real"},
    {AlarmEvent::escalated, "escalated"},
    {AlarmEvent::explained, "explained"},
}};

constexpr names::Table<AlarmOutcome, 5> kOutcomeNames{{
    {AlarmOutcome::unknown, "unknown"},
    {AlarmOutcome::true_alarm, "true"},
    {AlarmOutcome::false_alarm, "false"},
    {AlarmOutcome::test, "test"},
    {AlarmOutcome::drill, "drill"},
}};

constexpr names::Table<Condition, kConditionCount> kConditionNames{{
    {Condition::alarm, "alarm"},
    {Condition::fault, "fault"},
    {Condition::tamper, "tamper"},
    {Condition::low_battery, "low_battery"},
    {Condition::silent, "silent"},
    {Condition::implausible, "implausible"},
    {Condition::clock_suspect, "clock_suspect"},
    {Condition::rule, "rule"},
}};

}  // namespace

AlarmState state_of(Life life, Holds holds) {
  if (life == Life::closed) return AlarmState::closed;
  if (life == Life::normal) return AlarmState::normal;
  if (holds.out_of_service) return AlarmState::out_of_service;
  if (holds.shelved) return AlarmState::shelved;
  if (holds.suppressed) return AlarmState::suppressed;
  return static_cast<AlarmState>(life);
}

int how_waited_for(AlarmState state) {
  switch (state) {
    case AlarmState::unack:
      return 5;
    case AlarmState::suspected:
      return 4;
    case AlarmState::rtn_unack:
      return 3;
    case AlarmState::ack:
      return 2;
    case AlarmState::close_pending:
      return 1;
    case AlarmState::normal:
    case AlarmState::closed:
    case AlarmState::shelved:
    case AlarmState::suppressed:
    case AlarmState::out_of_service:
      return 0;
  }
  return 0;
}

std::string_view to_string(AlarmState state) {
  return names::name_of(kAlarmStates, state);
}
std::string_view to_string(AlarmEvent event) {
  return names::name_of(kAlarmEvents, event);
}
std::string_view to_string(AlarmOutcome outcome) {
  return names::name_of(kOutcomeNames, outcome);
}
std::string_view to_string(Condition condition) {
  return names::name_of(kConditionNames, condition);
}
std::optional<AlarmState> alarm_state_from(std::string_view name) {
  return names::value_of(kAlarmStates, name);
}
std::optional<AlarmEvent> alarm_event_from(std::string_view name) {
  return names::value_of(kAlarmEvents, name);
}
std::optional<AlarmOutcome> alarm_outcome_from(std::string_view name) {
  return names::value_of(kOutcomeNames, name);
}
std::optional<Condition> condition_from(std::string_view name) {
  return names::value_of(kConditionNames, name);
}

}  // namespace watchpost
