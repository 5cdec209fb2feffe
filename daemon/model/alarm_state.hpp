// The states of an alarm and what moves it from one to another, in the words of ISA-18.2 and
// IEC 62682. Promise: an enumerator and its name belong together for good; both are stored and sent
// upstream. Which event leads where is a table of its own (rules/life_cycle.hpp). Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watchpost {

// What the process and people have done to it. Never changed by what keeps it quiet (Holds).
enum class Life : std::uint8_t {
  normal,         // there is no alarm
  suspected,      // the device says maybe
  unack,          // active, nobody has taken it
  ack,            // active, somebody owns it
  rtn_unack,      // the condition is gone, nobody has taken it
  close_pending,  // the condition is gone or dealt with; it waits for what it was
  closed,         // archived, never changed again
};
inline constexpr std::size_t kLifeCount = static_cast<std::size_t>(Life::closed) + 1;

// What keeps an open alarm quiet, beside its life, so that the end of it leaves acknowledgement and
// latch as they were.
struct Holds {
  bool out_of_service = false;  // its device is out of service
  bool shelved = false;         // by a named person, until a time
  bool suppressed = false;      // by design: it rests on a reading that cannot be believed, or
                                // its radio is down and it is silent by that
  [[nodiscard]] bool any() const { return out_of_service || shelved || suppressed; }
  friend bool operator==(const Holds&, const Holds&) = default;
};

// What people see.
enum class AlarmState : std::uint8_t {
  normal,
  suspected,
  unack,
  ack,
  rtn_unack,
  close_pending,
  closed,
  shelved,
  suppressed,
  out_of_service,
};
inline constexpr std::size_t kAlarmStateCount =
    static_cast<std::size_t>(AlarmState::out_of_service) + 1;

[[nodiscard]] AlarmState state_of(Life life, Holds holds);
// How much somebody is waited for, in the order of lists: what nobody has taken counts most; 0:
// nobody is, or it is held.
[[nodiscard]] int how_waited_for(AlarmState state);

// What moves an alarm: the cause of a transition.
enum class AlarmEvent : std::uint8_t {
  suspected,           // the device says maybe
  raised,              // the device, or a rule about it, says so
  confirmed,           // the device says so after maybe
  second_signal,       // another signal says so within the window: an SOS after a suspected fall
  worsened,            // a second detector of the same place
  returned,            // the condition is gone
  returned_in_repair,  // gone while the device was out of service
  late,                // told after the fact
  suppression_over,    // the reading that it rests on can be believed
  confirm_time_over,   // nobody answered for a suspicion
  escalation_due,
  shelving_over,
  practice_over,    // a test or a drill ended, and the condition is still there
  practice_closed,  // a test or a drill ended, and the condition is gone
  yielded,          // the oldest fault made room for an alarm
  taken,
  verified_true,
  verified_false,
  arrived,
  noted,
  closed,
  shelved,
  unshelved,
  out_of_service,
  back_in_service,
  turned_real,  // an alarm of a drill is a real one
  escalated,    // by a person, before its time
  explained,    // its radio is down: that is why it is not heard
};
inline constexpr std::size_t kAlarmEventCount = static_cast<std::size_t>(AlarmEvent::explained) + 1;

// What it turned out to be.
enum class AlarmOutcome : std::uint8_t { unknown, true_alarm, false_alarm, test, drill };

// What is wrong, of one device.
enum class Condition : std::uint8_t {
  alarm,  // what its kind stands for: smoke, a fall, water
  fault,
  tamper,
  low_battery,
  silent,         // it has not been heard for too long
  implausible,    // what it measures cannot be so
  clock_suspect,  // its clock and ours are far apart
  rule,           // a rule of this site about it
};
inline constexpr std::size_t kConditionCount = static_cast<std::size_t>(Condition::rule) + 1;

// "UNACK", "RTN-UNACK", ...: as ISA-18.2 writes them.
[[nodiscard]] std::string_view to_string(AlarmState state);
// "raised", "confirm_time_over", ...
[[nodiscard]] std::string_view to_string(AlarmEvent event);
// "unknown", "true", "false", "test", "drill".
[[nodiscard]] std::string_view to_string(AlarmOutcome outcome);
[[nodiscard]] std::string_view to_string(Condition condition);
[[nodiscard]] std::optional<AlarmState> alarm_state_from(std::string_view name);
[[nodiscard]] std::optional<AlarmEvent> alarm_event_from(std::string_view name);
[[nodiscard]] std::optional<AlarmOutcome> alarm_outcome_from(std::string_view name);
[[nodiscard]] std::optional<Condition> condition_from(std::string_view name);

}  // namespace watchpost
