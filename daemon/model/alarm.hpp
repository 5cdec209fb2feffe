// Alarm: one episode of one source, from its first word to its closing, as it is kept and shown.
// Promise: what changes it is a Transition (transition.hpp); a closed one never changes. A row is
// whole: who has the newest one needs no other. A plain value; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/compact_optional.hpp"
#include "base/compact_text.hpp"
#include "base/rare.hpp"
#include "base/strong.hpp"
#include "model/absence.hpp"
#include "model/alarm_grade.hpp"
#include "model/alarm_state.hpp"
#include "model/event_class.hpp"
#include "model/observation.hpp"
#include "model/service_time.hpp"
#include "model/telling.hpp"

namespace watchpost {

// The 37 of alarm 37 (警情 37), as people say it aloud: counted in this gateway's life and never
// given twice. 0: none.
using AlarmSerial = Strong<struct AlarmSerialTag, std::uint64_t>;

// The epoch tells it from an alarm of before the store was lost.
struct AlarmNumber {
  std::uint32_t epoch = 0;
  AlarmSerial serial{};
  friend constexpr auto operator<=>(const AlarmNumber&, const AlarmNumber&) = default;
};
// "7f3a0001-37".
[[nodiscard]] std::string to_string(AlarmNumber number);
// That, or "37" alone: an epoch of 0, which means whatever epoch it is of.
[[nodiscard]] std::optional<AlarmNumber> alarm_number_from(std::string_view text);

// One alarm is open for each source at most.
struct AlarmSource {
  std::string device;
  Kind kind = Kind::unnamed_alarm;
  Condition condition = Condition::alarm;
  CompactText rule{};  // its name, of Condition::rule
  friend bool operator==(const AlarmSource&, const AlarmSource&) = default;
};

// What one call of judgement changes, counted from 1 in the life of the process. 0: nothing.
using StepNumber = Strong<struct StepNumberTag, std::uint64_t>;

// The record of the message that caused a transition: its event id (event_id.hpp) once a commit has
// numbered it, until then the step that judged it.
struct Evidence {
  StepNumber step{};
  std::uint32_t epoch = 0;
  EventClass event_class = EventClass::alarm;
  Seq sequence{};  // 0: not numbered yet
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

struct AlarmMarks {
  bool test = false;            // raised in a live test of its device
  bool exercise = false;        // raised in the scope of a drill
  bool history = false;         // told after the fact
  bool only_suspected = false;  // nothing has confirmed it yet
  bool corroborated = false;    // a second detector of the same place says so too
  bool called = false;          // who has taken or shelved it wants the next to be told
  // A test or a drill: nobody is in danger by what anybody knows.
  [[nodiscard]] bool practice() const { return test || exercise; }
  friend bool operator==(const AlarmMarks&, const AlarmMarks&) = default;
};

struct AlarmTimes {
  Stamp raised;
  Stamp last;     // newest message that said so
  Stamp changed;  // when this row was written
  CompactOptional<Stamp> taken;
  CompactOptional<Stamp> verified;
  CompactOptional<Stamp> arrived;
  CompactOptional<Stamp> returned;
  CompactOptional<Stamp> closed;
  Rare<Absence> absence{};  // of Condition::silent, and of a radio that is down
  friend bool operator==(const AlarmTimes&, const AlarmTimes&) = default;
};

// Ten thousand may be open; so what most do not have takes little.
struct Alarm {
  static constexpr std::size_t kMostEvidence = 16;  // of more the first four and the newest stay

  AlarmNumber number;
  AlarmNumber previous{};  // closed so shortly before that this one is linked to it
  AlarmSource source;
  Domain domain = Domain::other;
  Life life = Life::normal;
  Holds holds;
  AlarmMarks marks;
  CompactText text{};  // what a rule of the site tells people of it; empty: nothing
  CompactText text_zh{};
  AlarmGrade declared;  // by kind or rule
  AlarmGrade grade;     // with what people and other detectors said; grey in a test or a drill
  // Counts what a person must have seen before deciding: state, grade, owner. Not a repeat, a note
  // or a stage of escalation, which would refuse the hand that takes it.
  std::uint32_t revision = 0;
  std::uint32_t transitions = 0;  // all of them
  std::uint64_t count = 1;        // messages that said so
  std::optional<double> peak{};   // of the quantity of its kind; of a distance to water the least
  AlarmTimes times;
  // Since when somebody is waited for: what the escalation, or the timer of a suspicion, runs from.
  ServiceTime waiting_since{};
  std::uint8_t escalation = 0;  // stages done since then
  CompactOptional<ServiceTime> shelved_until{};
  // The device said that it is over, soon after it had come back: believed once that has held.
  CompactOptional<ServiceTime> returning_since{};
  CompactText owner{};
  std::optional<bool> verified{};
  AlarmOutcome outcome = AlarmOutcome::unknown;
  CompactText cause{};  // what it was, in the words of who closed it
  std::vector<Evidence> evidence{};
  std::vector<Telling> told{};  // what became of it at each output, the newest; see keep_told()

  [[nodiscard]] AlarmState state() const { return state_of(life, holds); }
  [[nodiscard]] bool is_open() const { return life != Life::normal && life != Life::closed; }
  // The condition is there, by all that is known.
  [[nodiscard]] bool is_active() const {
    return life == Life::suspected || life == Life::unack || life == Life::ack;
  }
  friend bool operator==(const Alarm&, const Alarm&) = default;
};

// A row that nobody changes any more: judgement, the store and the page share one.
using SharedAlarm = std::shared_ptr<const Alarm>;

// One for each output; of more than kMostTold the oldest goes.
inline constexpr std::size_t kMostTold = 32;
void keep_told(Alarm& alarm, const Telling& told);
// That it ended so since somebody is waited for, whenever and in whichever attempt.
[[nodiscard]] bool is_known(const Alarm& alarm, const Telling& told);
struct ToldOf {
  AlarmSerial alarm;
  Telling telling;
};

// About how much memory it takes.
[[nodiscard]] std::size_t memory_of(const Alarm& alarm);

}  // namespace watchpost
