#include "model/alarm_row.hpp"

#include <cmath>

#include "model/row_fields.hpp"

namespace watchpost {
namespace {

namespace json = boost::json;

// Bits of the members `holds` and `marks`: part of the form, never changed.
constexpr std::int64_t kOutOfService = 1;
constexpr std::int64_t kShelved = 2;
constexpr std::int64_t kSuppressed = 4;
constexpr std::int64_t kTest = 1;
constexpr std::int64_t kExercise = 2;
constexpr std::int64_t kHistory = 4;
constexpr std::int64_t kOnlySuspected = 8;
constexpr std::int64_t kCorroborated = 16;
constexpr std::int64_t kCalled = 32;

std::int64_t bits_of(const Holds& holds) {
  return (holds.out_of_service ? kOutOfService : 0) + (holds.shelved ? kShelved : 0) +
         (holds.suppressed ? kSuppressed : 0);
}

std::int64_t bits_of(const AlarmMarks& marks) {
  return (marks.test ? kTest : 0) + (marks.exercise ? kExercise : 0) +
         (marks.history ? kHistory : 0) + (marks.only_suspected ? kOnlySuspected : 0) +
         (marks.corroborated ? kCorroborated : 0) + (marks.called ? kCalled : 0);
}

bool has(std::int64_t bits, std::int64_t bit) {
  return (static_cast<std::uint64_t>(bits) & static_cast<std::uint64_t>(bit)) != 0;
}

json::value field_of(const AlarmGrade& grade) {
  return json::array{number_of_enum(grade.level), number_of_enum(grade.urgency),
                     number_of_enum(grade.severity), number_of_enum(grade.certainty)};
}

json::value field_of(const std::vector<Evidence>& evidence) {
  json::array list;
  for (const Evidence& each : evidence) {
    list.push_back(json::array{std::int64_t{each.epoch}, number_of_enum(each.event_class),
                               static_cast<std::int64_t>(each.sequence.value)});
  }
  return list;
}

json::value field_of(const std::vector<Telling>& told) {
  json::array list;
  for (const Telling& each : told) {
    list.push_back(json::object{{"output", each.output},
                                {"stage", std::int64_t{each.stage}},
                                {"waiting", each.waiting_since.time_since_epoch().count()},
                                {"how", to_string(each.how)},
                                {"detail", each.detail},
                                {"attempts", std::int64_t{each.attempts}},
                                {"at", each.at.time_since_epoch().count()}});
  }
  return list;
}

json::value field_of(const Absence& absence) {
  json::object row{{"expected", absence.expected.count()},
                   {"learned", absence.is_learned},
                   {"affects", std::int64_t{absence.affects}},
                   {"devices", json::array(absence.devices.begin(), absence.devices.end())}};
  if (absence.heard) row["heard"] = absence.heard->time_since_epoch().count();
  return row;
}

json::value field_of(const AlarmTimes& times) {
  return json::object{{"raised", field_of(times.raised)},     {"last", field_of(times.last)},
                      {"changed", field_of(times.changed)},   {"taken", field_of(times.taken)},
                      {"verified", field_of(times.verified)}, {"arrived", field_of(times.arrived)},
                      {"returned", field_of(times.returned)}, {"closed", field_of(times.closed)}};
}

std::int64_t integer_at(RowFields& row, const json::array& list, std::size_t at) {
  if (at < list.size() && list[at].is_int64()) return list[at].get_int64();
  row.misfit();
  return 0;
}

AlarmGrade grade_in(RowFields& row, std::string_view name) {
  const json::array& parts = row.list(name);
  return {row.enumerator(integer_at(row, parts, 0), AlarmLevel::red),
          row.enumerator(integer_at(row, parts, 1), Urgency::future),
          row.enumerator(integer_at(row, parts, 2), AlarmSeverity::minor),
          row.enumerator(integer_at(row, parts, 3), Certainty::possible)};
}

std::vector<Evidence> evidence_in(RowFields& row) {
  std::vector<Evidence> all;
  for (const json::value& each : row.list("evidence")) {
    if (!each.is_array()) {
      row.misfit();
      continue;
    }
    const json::array& parts = each.get_array();
    all.push_back({{},
                   static_cast<std::uint32_t>(integer_at(row, parts, 0)),
                   row.enumerator(integer_at(row, parts, 1), EventClass::telemetry),
                   Seq{static_cast<std::uint64_t>(integer_at(row, parts, 2))}});
  }
  return all;
}

// A row of an earlier version has none.
std::vector<Telling> told_in(RowFields& row) {
  std::vector<Telling> all;
  if (!row.has("told")) return all;
  for (const json::value& each : row.list("told")) {
    RowFields told(each);
    all.push_back({told.text("output"), static_cast<std::uint8_t>(told.integer("stage")),
                   told.service("waiting"), told.named(told_how_from(told.text("how"))),
                   told.text("detail"), static_cast<std::uint32_t>(told.integer("attempts")),
                   WallTime{std::chrono::nanoseconds{told.integer("at")}}});
    if (!told.fits()) row.misfit();
  }
  return all;
}

// So does one that is not about silence.
std::optional<Absence> absence_in(RowFields& row) {
  if (!row.has("absence")) return std::nullopt;
  RowFields fields = row.object("absence");
  Absence absence;
  if (fields.has("heard"))
    absence.heard = WallTime{std::chrono::nanoseconds{fields.integer("heard")}};
  absence.expected = std::chrono::seconds{fields.integer("expected")};
  absence.is_learned = fields.flag_or_null("learned").value_or(false);
  absence.affects = static_cast<std::uint32_t>(fields.integer("affects"));
  for (const json::value& each : fields.list("devices")) {
    if (each.is_string()) {
      absence.devices.emplace_back(each.get_string().data(), each.get_string().size());
    } else {
      fields.misfit();
    }
  }
  if (!fields.fits()) row.misfit();
  return absence;
}

AlarmTimes times_in(RowFields& row) {
  RowFields times = row.object("times");
  AlarmTimes all{times.stamp("raised"),           times.stamp("last"),
                 times.stamp("changed"),          times.stamp_or_null("taken"),
                 times.stamp_or_null("verified"), times.stamp_or_null("arrived"),
                 times.stamp_or_null("returned"), times.stamp_or_null("closed")};
  if (!times.fits()) row.misfit();
  return all;
}

}  // namespace

std::string row_text(const Alarm& alarm) {
  const bool has_peak = alarm.peak && std::isfinite(*alarm.peak);  // JSON has no other number
  json::object row{{"number", field_of(alarm.number)},
                   {"previous", field_of(alarm.previous)},
                   {"device", alarm.source.device},
                   {"kind", to_string(alarm.source.kind)},
                   {"condition", to_string(alarm.source.condition)},
                   {"rule", alarm.source.rule.view()},
                   {"text", alarm.text.view()},
                   {"text_zh", alarm.text_zh.view()},
                   {"domain", to_string(alarm.domain)},
                   {"life", number_of_enum(alarm.life)},
                   {"holds", bits_of(alarm.holds)},
                   {"marks", bits_of(alarm.marks)},
                   {"declared", field_of(alarm.declared)},
                   {"grade", field_of(alarm.grade)},
                   {"revision", std::int64_t{alarm.revision}},
                   {"transitions", std::int64_t{alarm.transitions}},
                   {"count", static_cast<std::int64_t>(alarm.count)},
                   {"peak", has_peak ? json::value(*alarm.peak) : json::value{}},
                   {"times", field_of(alarm.times)},
                   {"waiting", alarm.waiting_since.time_since_epoch().count()},
                   {"escalation", std::int64_t{alarm.escalation}},
                   {"shelved", field_of(alarm.shelved_until)},
                   {"returning", field_of(alarm.returning_since)},
                   {"owner", alarm.owner.view()},
                   {"true", alarm.verified ? json::value(*alarm.verified) : json::value{}},
                   {"outcome", to_string(alarm.outcome)},
                   {"cause", alarm.cause.view()},
                   {"evidence", field_of(alarm.evidence)},
                   {"told", field_of(alarm.told)}};
  if (alarm.times.absence) row["absence"] = field_of(*alarm.times.absence);
  return json::serialize(row);
}

std::optional<Alarm> alarm_from_row(std::string_view text) {
  RowFields row(text);
  Alarm alarm;
  alarm.number = row.alarm_number("number");
  alarm.previous = row.alarm_number("previous");
  alarm.source.device = row.text("device");
  alarm.source.kind = row.named(kind_from(row.text("kind")));
  alarm.source.condition = row.named(condition_from(row.text("condition")));
  alarm.source.rule = row.text("rule");
  alarm.text = row.text_if_any("text");
  alarm.text_zh = row.text_if_any("text_zh");
  alarm.domain = row.named(domain_from(row.text("domain")));
  alarm.life = row.one_of("life", Life::closed);
  const std::int64_t holds = row.integer("holds");
  alarm.holds = {has(holds, kOutOfService), has(holds, kShelved), has(holds, kSuppressed)};
  const std::int64_t marks = row.integer("marks");
  alarm.marks = {has(marks, kTest),          has(marks, kExercise),     has(marks, kHistory),
                 has(marks, kOnlySuspected), has(marks, kCorroborated), has(marks, kCalled)};
  alarm.declared = grade_in(row, "declared");
  alarm.grade = grade_in(row, "grade");
  alarm.revision = static_cast<std::uint32_t>(row.integer("revision"));
  alarm.transitions = static_cast<std::uint32_t>(row.integer("transitions"));
  alarm.count = static_cast<std::uint64_t>(row.integer("count"));
  alarm.peak = row.number_or_null("peak");
  alarm.times = times_in(row);
  alarm.waiting_since = row.service("waiting");
  alarm.escalation = static_cast<std::uint8_t>(row.integer("escalation"));
  alarm.shelved_until = row.service_or_null("shelved");
  alarm.returning_since = row.service_or_null("returning");
  alarm.owner = row.text("owner");
  alarm.verified = row.flag_or_null("true");
  alarm.outcome = row.named(alarm_outcome_from(row.text("outcome")));
  alarm.cause = row.text("cause");
  alarm.evidence = evidence_in(row);
  alarm.told = told_in(row);
  alarm.times.absence = absence_in(row);
  if (!row.fits()) return std::nullopt;
  return alarm;
}

}  // namespace watchpost
