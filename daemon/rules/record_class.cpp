#include "rules/record_class.hpp"

namespace watchpost::rules {
namespace {

// In a test or a drill, or kept quiet: no alarm that anybody is to run for.
bool is_quiet(const Transition& transition) {
  return transition.alarm->marks.practice() || transition.alarm->holds.any();
}

}  // namespace

Verdict verdict_of(const Signal& signal) {
  Verdict verdict;
  verdict.event_class = EventClass::status;
  verdict.severity_number = kSeverityInfo;
  const bool says_so = signal.says == Says::so || signal.says == Says::maybe;
  verdict.of_the_past = says_so && signal.told != Told::now;
  if (!says_so || verdict.of_the_past) return verdict;
  verdict.severity_number = kSeverityWarning;
  if (signal.condition != Condition::alarm && signal.condition != Condition::rule) return verdict;
  verdict.event_class = EventClass::alarm;
  verdict.severity_number = kSeverityAlarm;
  verdict.alarm = signal.says == Says::so ? declared_grade(signal) : grade_of_suspicion();
  return verdict;
}

void classify(Verdict& verdict, const Outcome& outcome) {
  bool is_alarm = false;
  bool is_loud = false;
  bool is_real = false;
  const Alarm* by_rule = nullptr;  // raised
  for (const Transition& each : verdict.changes.transitions) {
    if (each.event_class != EventClass::alarm || each.event == AlarmEvent::late) continue;
    is_alarm = true;
    is_real = is_real || !each.alarm->marks.practice();
    verdict.is_test = verdict.is_test || each.alarm->marks.test;
    verdict.is_exercise = verdict.is_exercise || each.alarm->marks.exercise;
    is_loud = is_loud || !is_quiet(each);
    const bool is_raised = each.event == AlarmEvent::raised && !is_quiet(each);
    if (is_raised && each.alarm->source.condition == Condition::rule) by_rule = each.alarm.get();
  }
  if (is_real) verdict.is_test = verdict.is_exercise = false;
  if (is_alarm) {
    verdict.event_class = EventClass::alarm;
    if (!is_loud) verdict.alarm.reset();
    if (by_rule != nullptr && !verdict.alarm) {
      verdict.alarm = by_rule->grade;
      verdict.severity_number = kSeverityAlarm;
    }
    if (!verdict.alarm) verdict.severity_number = kSeverityInfo;
  } else if (outcome.is_repeat && verdict.alarm) {
    verdict.event_class = EventClass::status;
    verdict.severity_number = kSeverityWarning;
    verdict.alarm.reset();
  } else if (!verdict.changes.transitions.empty() && verdict.event_class == EventClass::telemetry) {
    verdict.event_class = EventClass::status;
  }
  verdict.is_repeat = outcome.is_repeat;
  verdict.is_beyond = outcome.is_beyond;
}

}  // namespace watchpost::rules
