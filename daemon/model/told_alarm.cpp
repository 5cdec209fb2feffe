#include "model/told_alarm.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <limits>

#include "base/json_members.hpp"
#include "model/alarm_event.hpp"
#include "model/event_id.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

// What row and record tell alike of one transition. The rest is the change itself, what the device
// is called, and what a message that says it again changes in the row alone.
constexpr std::array<std::string_view, 20> kToldAlike{
    "number",   "epoch",   "device",  "kind",     "condition", "rule",   "state",
    "open",     "level",   "urgency", "severity", "certainty", "owner",  "revision",
    "verified", "outcome", "cause",   "test",     "exercise",  "history"};

json::object alarm_in(std::string_view data) {
  boost::system::error_code error;
  json::value parsed = json::parse(data, error);
  if (error || !parsed.is_object()) return {};
  const json::object* const alarm = object_in(parsed.get_object(), "alarm");
  return alarm == nullptr ? json::object{} : *alarm;
}

std::optional<AlarmNumber> told_number_in(const json::object& object) {
  const auto number = alarm_number_from(std::string(text_in(object, "epoch")) + "-" +
                                        std::to_string(count_in(object, "number")));
  if (!number || number->serial.value == 0) return std::nullopt;
  return number;
}

// Made one by one: what stands in the record, or what the promise says.
class Reader {
 public:
  Reader(const json::object& told, const Record& record, const KnownBeside& beside)
      : told_(told), record_(record), beside_(beside) {}

  [[nodiscard]] std::optional<Alarm> read() const;

 private:
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string(text_in(told_, name));
  }
  [[nodiscard]] std::uint32_t number(std::string_view name) const {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(count_in(told_, name), std::numeric_limits<std::uint32_t>::max()));
  }
  [[nodiscard]] ServiceTime served_at(WallTime wall) const;
  [[nodiscard]] std::optional<Stamp> stamp(std::string_view name) const;
  [[nodiscard]] ClockQuality clock_when_raised() const;
  [[nodiscard]] AlarmGrade grade() const;
  [[nodiscard]] std::optional<Absence> absence() const;
  [[nodiscard]] std::vector<Evidence> evidence() const;
  void set_state(AlarmState state, Alarm& alarm) const;
  void set_grades(Alarm& alarm) const;
  void set_times(Alarm& alarm) const;

  const json::object& told_;
  const Record& record_;
  const KnownBeside& beside_;
};

// Service time ran beside the wall clock, as far as that was right.
ServiceTime Reader::served_at(WallTime wall) const {
  const Stamp& newest = beside_.newest;
  if (newest.clock == ClockQuality::unset) return newest.service;
  const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(newest.wall - wall);
  return std::clamp(newest.service - ago, ServiceTime{}, newest.service);
}

// Not called synced: service time is never set by what was worked out from the wall clock.
std::optional<Stamp> Reader::stamp(std::string_view name) const {
  const auto wall = from_rfc3339(text_in(told_, name), std::chrono::minutes{0});
  if (!wall) return std::nullopt;
  return Stamp{served_at(*wall), *wall, ClockQuality::free};
}

ClockQuality Reader::clock_when_raised() const {
  const std::string_view name = text_in(told_, "clock");
  for (const auto quality : {ClockQuality::free, ClockQuality::synced}) {
    if (to_string(quality) == name) return quality;
  }
  return ClockQuality::unset;
}

AlarmGrade Reader::grade() const {
  return {alarm_level_from(text_in(told_, "level")).value_or(AlarmLevel::red),
          urgency_from(text_in(told_, "urgency")).value_or(Urgency::immediate),
          alarm_severity_from(text_in(told_, "severity")).value_or(AlarmSeverity::extreme),
          certainty_from(text_in(told_, "certainty")).value_or(Certainty::observed)};
}

std::optional<Absence> Reader::absence() const {
  const std::string_view heard = text_in(told_, "heard");
  if (heard.empty() && !told_.contains("expected_s") && !told_.contains("affects"))
    return std::nullopt;
  Absence absence;
  if (!heard.empty()) absence.heard = from_rfc3339(heard, std::chrono::minutes{0});
  absence.expected = std::chrono::seconds{number("expected_s")};
  absence.is_learned = flag_in(told_, "expected_learned");
  absence.affects = number("affects");
  for (const json::value& each : list_in(told_, "affected")) {
    if (!each.is_string() || absence.devices.size() == Absence::kMostNamed) continue;
    absence.devices.emplace_back(each.get_string().data(), each.get_string().size());
  }
  return absence;
}

std::vector<Evidence> Reader::evidence() const {
  std::vector<Evidence> all;
  for (const json::value& each : list_in(told_, "evidence")) {
    if (!each.is_string() || all.size() == Alarm::kMostEvidence) continue;
    const auto key = event_key_from({each.get_string().data(), each.get_string().size()});
    if (key) all.push_back({{}, number_of(key->epoch), key->event_class, key->sequence});
  }
  return all;
}

// What is held has the life that calls for somebody. What nothing else would ever end is shelved
// until the gateway looks.
void Reader::set_state(AlarmState state, Alarm& alarm) const {
  alarm.life = Life::unack;
  switch (state) {
    case AlarmState::normal:
    case AlarmState::unack:
      return;
    case AlarmState::suspected:
      alarm.life = Life::suspected;
      alarm.marks.only_suspected = true;
      return;
    case AlarmState::ack:
      alarm.life = Life::ack;
      return;
    case AlarmState::rtn_unack:
      alarm.life = Life::rtn_unack;
      return;
    case AlarmState::close_pending:
      alarm.life = Life::close_pending;
      return;
    case AlarmState::closed:
      alarm.life = Life::closed;
      return;
    case AlarmState::suppressed:
      alarm.holds.suppressed = true;
      return;
    case AlarmState::out_of_service:
      if (beside_.is_device_out) {
        alarm.holds.out_of_service = true;
        return;
      }
      [[fallthrough]];
    case AlarmState::shelved:
      alarm.holds.shelved = true;
      alarm.shelved_until = ServiceTime{};
      return;
  }
}

// The grade that was declared is told where nothing has changed it.
void Reader::set_grades(Alarm& alarm) const {
  alarm.grade = grade();
  alarm.declared = alarm.grade;
  if (alarm.grade.level == AlarmLevel::grey || alarm.marks.only_suspected)
    alarm.declared = {AlarmLevel::red, Urgency::immediate, AlarmSeverity::severe,
                      Certainty::likely};
}

void Reader::set_times(Alarm& alarm) const {
  AlarmTimes& times = alarm.times;
  const Stamp unknown{beside_.newest.service, record_.received_at, ClockQuality::unset};
  const auto raised = stamp("since");
  times.raised = raised.value_or(unknown);
  times.raised.clock = raised ? clock_when_raised() : ClockQuality::unset;
  times.last = stamp("last").value_or(times.raised);
  times.changed = stamp("changed").value_or(unknown);
  times.taken = stamp("taken");
  times.verified = stamp("verified_at");
  times.arrived = stamp("arrived");
  times.returned = stamp("returned");
  times.closed = stamp("closed");
  if (alarm.life == Life::closed && !times.closed) times.closed = times.changed;
  times.absence = absence();
  alarm.waiting_since = raised ? raised->service : ServiceTime{};
  // A siren that was silenced is silent for what waited before.
  if (beside_.silenced_at)
    alarm.waiting_since = std::max(alarm.waiting_since, *beside_.silenced_at);
}

std::optional<Alarm> Reader::read() const {
  const auto number = told_number_in(told_);
  const auto kind = kind_from(text_in(told_, "kind"));
  const auto condition = condition_from(text_in(told_, "condition"));
  const auto state = alarm_state_from(text_in(told_, "state"));
  if (!number || !kind || !condition || !state || *state == AlarmState::normal) return std::nullopt;
  Alarm alarm;
  alarm.number = *number;
  if (const json::object* const previous = object_in(told_, "prev"))
    alarm.previous = told_number_in(*previous).value_or(AlarmNumber{});
  alarm.source = {record_.device, *kind, *condition, text("rule")};
  alarm.domain = record_.domain;
  alarm.text = text("text");
  alarm.text_zh = text("text_zh");
  alarm.marks.test = flag_in(told_, "test");
  alarm.marks.exercise = flag_in(told_, "exercise");
  alarm.marks.history = flag_in(told_, "history");
  alarm.marks.corroborated = flag_in(told_, "corroborated");
  set_state(*state, alarm);
  set_grades(alarm);
  alarm.transitions = this->number("transition");
  alarm.revision = this->number("revision");
  alarm.count = std::max<std::uint64_t>(count_in(told_, "count"), 1);
  if (const json::value* const peak = told_.if_contains("peak"); peak && peak->is_number())
    alarm.peak = peak->to_number<double>();
  set_times(alarm);
  alarm.owner = text("owner");
  if (told_.contains("verified")) alarm.verified = flag_in(told_, "verified");
  alarm.outcome = alarm_outcome_from(text_in(told_, "outcome")).value_or(AlarmOutcome::unknown);
  alarm.cause = text("cause");
  alarm.evidence = evidence();
  return alarm;
}

}  // namespace

std::optional<ToldTransition> told_transition(const Record& record) {
  if (record.type != RecordType::transition) return std::nullopt;
  const json::object told = alarm_in(record.annotation);
  const auto number = told_number_in(told);
  const std::uint64_t transitions = count_in(told, "transition");
  if (!number || transitions == 0 || transitions > std::numeric_limits<std::uint32_t>::max())
    return std::nullopt;
  return ToldTransition{*number, static_cast<std::uint32_t>(transitions), flag_in(told, "open")};
}

std::string differs_from_told(const Alarm& row, const Record& record) {
  const json::object told = alarm_in(record.annotation);
  boost::system::error_code error;
  const json::value written = json::parse(alarm_object(row, {}), error);
  if (error || !written.is_object()) return "number";
  const json::object& own = written.get_object();
  for (const std::string_view name : kToldAlike) {
    const json::value* const one = own.if_contains(name);
    const json::value* const other = told.if_contains(name);
    const bool is_same = one && other ? *one == *other : one == other;
    if (!is_same) return std::string(name);
  }
  return row.count < count_in(told, "count") ? "count" : std::string();
}

std::optional<Alarm> alarm_from_told(const Record& record, const KnownBeside& beside) {
  if (record.type != RecordType::transition) return std::nullopt;
  const json::object told = alarm_in(record.annotation);
  return Reader(told, record, beside).read();
}

}  // namespace watchpost
