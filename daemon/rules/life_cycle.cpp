#include "rules/life_cycle.hpp"

#include <array>
#include <variant>

namespace watchpost::rules {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// 60 s: everybody at the desk; 180 s: the three minutes of a small fire station; 300 s: the street.
constexpr EscalationPlan kEmergency{{{seconds{60}, Audience::duty},
                                     {seconds{180}, Audience::second_person},
                                     {seconds{300}, Audience::street}}};
constexpr EscalationPlan kNobody{};

constexpr AlarmPolicy emergency(Kind kind) {
  AlarmPolicy policy;
  policy.kind = kind;
  policy.escalation = kEmergency;
  return policy;
}
// The device asks for a look; nobody is woken.
constexpr AlarmPolicy notice(Kind kind) {
  AlarmPolicy policy;
  policy.kind = kind;
  policy.latching = Latching::follows;
  policy.closed_by = ClosedBy::return_after_taking;
  policy.tone = Tone::fault;
  policy.escalation = kNobody;
  return policy;
}
constexpr AlarmPolicy water(Kind kind) {
  AlarmPolicy policy = notice(kind);
  policy.tone = Tone::siren;
  policy.escalation = kEmergency;
  return policy;
}
constexpr AlarmPolicy main_panel(Kind kind) {
  AlarmPolicy policy = emergency(kind);
  policy.shelving = minutes{0};
  return policy;
}
constexpr AlarmPolicy fall(Kind kind) {
  AlarmPolicy policy = emergency(kind);
  policy.confirm_after = seconds{60};
  return policy;
}
// A button that is released, or a radio that says so, has helped nobody.
constexpr AlarmPolicy call_for_help(Kind kind) {
  AlarmPolicy policy = emergency(kind);
  policy.device_clears = false;
  return policy;
}
constexpr AlarmPolicy fault() {
  AlarmPolicy policy = notice(Kind::device_status);
  policy.event_class = EventClass::status;
  return policy;
}

constexpr PerKind<AlarmPolicy> kByKind{{
    emergency(Kind::smoke),
    emergency(Kind::heat),
    emergency(Kind::co),
    emergency(Kind::combustible_gas),
    emergency(Kind::manual_call_point),
    emergency(Kind::fire_part),
    main_panel(Kind::fire_system),
    notice(Kind::transmission_device),
    notice(Kind::hydrant_pressure),
    water(Kind::water_level),
    water(Kind::water_distance),
    water(Kind::water_leak),
    notice(Kind::rainfall),
    fall(Kind::fall),
    call_for_help(Kind::sos),
    notice(Kind::presence),
    notice(Kind::patrol_scan),
    notice(Kind::device_status),
    notice(Kind::heartbeat),
    notice(Kind::rf_code),
    notice(Kind::measurement),
    emergency(Kind::unnamed_alarm),
}};
static_assert(is_whole(kByKind));
constexpr std::array<AlarmPolicy, kConditionCount> kByCondition{{
    emergency(Kind::unnamed_alarm),  // Condition::alarm: by kind
    fault(), fault(), fault(), fault(), fault(), fault(),
    emergency(Kind::unnamed_alarm),  // Condition::rule: by kind
}};

// What stands in the table beside the lives that an event leads to.
enum class Otherwise : std::uint8_t {
  ignored,
  repeat,          // counted
  same,            // a transition that leaves the life as it is
  maybe,           // suspected where the kind waits for a confirmation, else unack
  done,            // close_pending where a person closes it, else closed
  untaken,         // refused: somebody takes it first
  unknown,         // refused: there is none
  already_closed,  // refused
};
using Cell = std::variant<Life, Otherwise>;
struct EventRow {
  AlarmEvent event;
  CausedBy by;
  std::array<Cell, kLifeCount> cells;  // by Life
};

using enum Life;
using enum Otherwise;
using Event = AlarmEvent;
using By = CausedBy;

// Columns: NORMAL, SUSPECTED, UNACK, ACK, RTN-UNACK, CLOSE-PENDING, CLOSED. What comes after
// CLOSED is a new alarm, so a device's word does nothing to a closed one.
constexpr std::array<EventRow, kAlarmEventCount> kEvents{{
    {Event::suspected, By::device, {maybe, repeat, repeat, repeat, maybe, maybe, ignored}},
    {Event::raised, By::device, {unack, unack, repeat, repeat, unack, unack, ignored}},
    {Event::confirmed, By::device, {unack, unack, unack, unack, unack, unack, ignored}},
    {Event::second_signal, By::device, {ignored, unack, unack, unack, unack, unack, ignored}},
    {Event::worsened, By::device, {ignored, unack, same, same, same, same, ignored}},
    {Event::returned, By::device, {ignored, rtn_unack, rtn_unack, done, ignored, ignored, ignored}},
    {Event::returned_in_repair,
     By::device,
     {ignored, close_pending, close_pending, done, close_pending, ignored, ignored}},
    {Event::late, By::device, {closed, ignored, ignored, ignored, ignored, ignored, ignored}},
    {Event::suppression_over, By::gateway, {ignored, same, same, same, same, same, ignored}},
    {Event::confirm_time_over,
     By::gateway,
     {ignored, unack, ignored, ignored, ignored, ignored, ignored}},
    {Event::escalation_due, By::gateway, {ignored, ignored, same, ignored, same, ignored, ignored}},
    {Event::shelving_over, By::gateway, {ignored, same, same, same, same, same, ignored}},
    {Event::practice_over, By::gateway, {ignored, same, same, unack, same, same, ignored}},
    {Event::practice_closed,
     By::person,
     {ignored, ignored, ignored, ignored, closed, closed, ignored}},
    {Event::yielded, By::gateway, {ignored, closed, closed, closed, closed, closed, ignored}},
    {Event::taken, By::person, {unknown, ack, ack, ack, done, same, already_closed}},
    {Event::verified_true,
     By::person,
     {unknown, ack, untaken, same, untaken, same, already_closed}},
    {Event::verified_false,
     By::person,
     {unknown, ack, untaken, same, untaken, same, already_closed}},
    {Event::arrived, By::person, {unknown, untaken, untaken, same, untaken, same, already_closed}},
    {Event::noted, By::person, {unknown, same, same, same, same, same, already_closed}},
    {Event::closed,
     By::person,
     {unknown, untaken, untaken, closed, untaken, closed, already_closed}},
    {Event::shelved, By::person, {unknown, same, same, same, same, same, already_closed}},
    {Event::unshelved, By::person, {unknown, same, same, same, same, same, already_closed}},
    {Event::out_of_service, By::person, {ignored, same, same, same, same, same, ignored}},
    {Event::back_in_service, By::person, {ignored, same, same, unack, same, same, ignored}},
    {Event::turned_real, By::person, {unknown, same, same, unack, same, same, already_closed}},
    {Event::escalated, By::person, {unknown, same, same, same, same, same, already_closed}},
    {Event::explained, By::gateway, {ignored, same, same, same, ignored, ignored, ignored}},
}};

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    if (static_cast<std::size_t>(kEvents[i].event) != i) return false;
  }
  return true;
}
static_assert(rows_are_in_order());

const EventRow& row_of(AlarmEvent event) {
  return kEvents[static_cast<std::size_t>(event)];
}

constexpr Answer go(Life to) {
  return {Answer::What::transition, to, Refusal::none};
}
constexpr Answer refuse(Refusal why) {
  return {Answer::What::refused, Life::normal, why};
}

// Taken back before anything confirmed it: it asks for a look, and wakes nobody.
bool is_past_suspicion(const Alarm& alarm, const AlarmPolicy& policy) {
  return alarm.life == Life::rtn_unack && alarm.marks.only_suspected &&
         policy.confirm_after.count() > 0;
}

bool is_latched(const Alarm& alarm, const AlarmPolicy& policy) {
  return alarm.life == Life::rtn_unack && policy.latching == Latching::latches &&
         !is_past_suspicion(alarm, policy);
}

}  // namespace

const Policies& default_policies() {
  static const Policies kDefaults{kByKind, kByCondition};
  return kDefaults;
}

AlarmPolicy policy_for(const SiteRule& rule, const Policies& policies) {
  AlarmPolicy policy = row_of(policies.alarms, rule.alarm_kind);
  const bool is_loud =
      rule.grade.level == AlarmLevel::red || rule.grade.level == AlarmLevel::orange;
  if (is_loud && policy.tone != Tone::siren) policy = water(rule.alarm_kind);
  if (!is_loud) policy = notice(rule.alarm_kind);
  if (!rule.latching) return policy;
  policy.latching = *rule.latching ? Latching::latches : Latching::follows;
  policy.closed_by = *rule.latching ? ClosedBy::person : ClosedBy::return_after_taking;
  return policy;
}

AlarmGrade grade_of_fault() {
  return {AlarmLevel::blue, Urgency::future, AlarmSeverity::minor, Certainty::observed};
}

CausedBy caused_by(AlarmEvent event) {
  return row_of(event).by;
}

Answer answer_to(AlarmEvent event, Life life, const AlarmPolicy& policy) {
  const Cell& cell = row_of(event).cells[static_cast<std::size_t>(life)];
  if (const auto* to = std::get_if<Life>(&cell)) return go(*to);
  switch (std::get<Otherwise>(cell)) {
    case ignored:
      return {};
    case repeat:
      return {Answer::What::repeat, life, Refusal::none};
    case same:
      return go(life);
    case maybe:
      return go(policy.confirm_after.count() > 0 ? Life::suspected : Life::unack);
    case done:
      return go(policy.closed_by == ClosedBy::person ? Life::close_pending : Life::closed);
    case untaken:
      return refuse(Refusal::not_taken);
    case unknown:
      return refuse(Refusal::alarm_unknown);
    case already_closed:
      return refuse(Refusal::alarm_closed);
  }
  return {};
}

bool waits_for_somebody(const Alarm& alarm, const AlarmPolicy& policy) {
  if (alarm.holds.any() || alarm.marks.practice()) return false;
  return alarm.life == Life::unack || is_latched(alarm, policy);
}

Tone tone_of(const Alarm& alarm, const AlarmPolicy& policy) {
  if (!alarm.is_open() || alarm.holds.any() || alarm.marks.test) return Tone::none;
  const bool is_loud = alarm.life == Life::unack || is_latched(alarm, policy);
  if (alarm.marks.exercise) return is_loud ? Tone::practice : Tone::none;
  if (is_loud) return policy.tone;
  const bool is_suspicion = alarm.life == Life::suspected || is_past_suspicion(alarm, policy);
  return is_suspicion ? Tone::prompt : Tone::none;
}

}  // namespace watchpost::rules
