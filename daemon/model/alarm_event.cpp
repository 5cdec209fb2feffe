#include "model/alarm_event.hpp"

#include <algorithm>

#include "base/json_text.hpp"
#include "model/event_id.hpp"

namespace watchpost {
namespace {

// Members of an object, one after the other. A member without a value is left out.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_.push_back('{'); }

  std::string& name(std::string_view name) {
    if (!first_) out_.push_back(',');
    first_ = false;
    append_json_string(out_, name);
    out_.push_back(':');
    return out_;
  }
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) append_json_string(this->name(name), value);
  }
  void number(std::string_view name, std::uint64_t value) {
    append_json_number(this->name(name), value);
  }
  void flag(std::string_view name, bool value) {
    if (value) this->name(name) += "true";
  }
  // A time is left out where the clock was wrong: no consumer can do anything with 1970.
  void time(std::string_view name, const Stamp& stamp) {
    if (stamp.clock != ClockQuality::unset) text(name, to_rfc3339(stamp.wall));
  }
  void time(std::string_view name, const std::optional<Stamp>& stamp) {
    if (stamp) time(name, *stamp);
  }
  void end() { out_.push_back('}'); }

 private:
  std::string& out_;
  bool first_ = true;
};

// As CAP 1.2 says whom an alert is for.
std::string_view cap_status(const Alarm& alarm) {
  if (alarm.marks.test) return "Test";
  return alarm.marks.exercise ? "Exercise" : "Actual";
}

// As CAP 1.2 says what a message does: the first one, a change, the end.
std::string_view cap_type(const Alarm& alarm) {
  if (alarm.life == Life::closed) return "Cancel";
  return alarm.transitions <= 1 ? "Alert" : "Update";
}

void add_grade(Members& members, const AlarmGrade& grade) {
  members.text("urgency", to_string(grade.urgency));
  members.text("severity", to_string(grade.severity));
  members.text("certainty", to_string(grade.certainty));
}

void add_evidence(Members& members, const Alarm& alarm) {
  std::string& out = members.name("evidence");
  out.push_back('[');
  bool first = true;
  for (const Evidence& each : alarm.evidence) {
    const std::string id = evidence_id(each);
    if (id.empty()) continue;
    if (!first) out.push_back(',');
    first = false;
    append_json_string(out, id);
  }
  out.push_back(']');
}

void add_number(Members& members, AlarmNumber number) {
  members.number("number", number.serial.value);
  members.text("epoch", epoch_from(number.epoch));
}

// What it is about, and in which state it is now.
void add_present(Members& members, const Alarm& alarm, const AlarmWhere& where) {
  add_number(members, alarm.number);
  members.text("device", as_utf8(alarm.source.device));
  members.text("kind", to_string(alarm.source.kind));
  members.text("condition", to_string(alarm.source.condition));
  members.text("rule", alarm.source.rule);
  members.text("text", alarm.text);
  members.text("text_zh", alarm.text_zh);
  members.text("name", where.name);
  members.text("place", where.place);
  members.text("state", to_string(alarm.state()));
  members.name("open") += alarm.is_open() ? "true" : "false";
  members.text("level", to_string(alarm.grade.level));
  members.text("status", cap_status(alarm));
  members.text("msgtype", cap_type(alarm));
  add_grade(members, alarm.grade);
  members.number("transition", alarm.transitions);
  members.number("revision", alarm.revision);
  members.number("count", alarm.count);
}

template <class Text>
void add_texts(Members& members, std::string_view name, const std::vector<Text>& texts) {
  if (texts.empty()) return;
  std::string& out = members.name(name);
  char before = '[';
  for (const Text& text : texts) {
    out.push_back(before);
    append_json_string(out, as_utf8(text));
    before = ',';
  }
  out.push_back(']');
}

// Of whom nothing is heard since when, or who is not heard for it.
void add_absence(Members& members, const Absence& absence) {
  if (absence.heard) members.text("heard", to_rfc3339(*absence.heard));
  if (absence.expected.count() > 0)
    members.number("expected_s", static_cast<std::uint64_t>(absence.expected.count()));
  members.flag("expected_learned", absence.is_learned);
  if (absence.affects > 0) members.number("affects", absence.affects);
  add_texts(members, "affected", absence.devices);
}

// Since when, who has it, and what it was.
void add_course(Members& members, const Alarm& alarm) {
  members.time("since", alarm.times.raised);
  members.time("last", alarm.times.last);
  members.time("taken", alarm.times.taken);
  members.time("verified_at", alarm.times.verified);
  members.time("arrived", alarm.times.arrived);
  members.time("returned", alarm.times.returned);
  members.time("closed", alarm.times.closed);
  members.text("clock", to_string(alarm.times.raised.clock));
  if (alarm.peak) append_json_number(members.name("peak"), *alarm.peak);
  if (alarm.times.absence) add_absence(members, *alarm.times.absence);
  members.text("owner", alarm.owner);
  if (alarm.verified) members.name("verified") += *alarm.verified ? "true" : "false";
  if (alarm.life == Life::closed) members.text("outcome", to_string(alarm.outcome));
  members.text("cause", alarm.cause);
  members.flag("test", alarm.marks.test);
  members.flag("exercise", alarm.marks.exercise);
  members.flag("history", alarm.marks.history);
  members.flag("corroborated", alarm.marks.corroborated);
  if (alarm.previous.serial.value == 0) return;
  Members previous(members.name("prev"));
  add_number(previous, alarm.previous);
  previous.end();
}

void add_actor(Members& members, const Actor& actor) {
  Members by(members.name("by"));
  by.text("origin", to_string(actor.origin));
  by.text("who", as_utf8(actor.who));
  by.text("from", actor.from);
  by.end();
}

// The names of the texts of the card that differ; nothing is an empty card.
std::vector<std::string_view> changed_texts(const DeviceEntered& entered) {
  const DeviceCard was = entered.card_before ? *entered.card_before : DeviceCard{};
  const DeviceCard is = entered.device.card ? *entered.device.card : DeviceCard{};
  std::vector<std::string_view> changed;
  for (const CardText& each : kCardTexts) {
    if (!(was.*each.text == is.*each.text)) changed.push_back(each.name);
  }
  return changed;
}

}  // namespace

std::string evidence_id(const Evidence& evidence) {
  if (evidence.sequence.value == 0) return {};
  return event_id({epoch_from(evidence.epoch), evidence.event_class, evidence.sequence});
}

std::string transition_data(const Transition& transition, const AlarmWhere& where) {
  constexpr std::size_t kUsualSize = 1'024;
  const Alarm& alarm = *transition.alarm;
  std::string out;
  out.reserve(kUsualSize);
  Members data(out);
  data.text("kind", to_string(alarm.source.kind));
  data.text("name", where.name);
  data.text("state", to_string(transition.to));
  add_grade(data, alarm.grade);
  Members members(data.name("alarm"));
  add_present(members, alarm, where);
  members.text("previous", to_string(transition.from));
  members.text("event", to_string(transition.event));
  if (!(transition.grade_before == alarm.grade) && alarm.transitions > 1)
    members.text("level_before", to_string(transition.grade_before.level));
  members.time("changed", transition.at);
  members.number("since_raised_ms", static_cast<std::uint64_t>(std::max<std::int64_t>(
                                        transition.since_raised.count(), 0)));
  add_actor(members, transition.actor);
  members.text("note", transition.note);
  add_course(members, alarm);
  add_evidence(members, alarm);
  members.end();
  data.end();
  return out;
}

std::string alarm_object(const Alarm& alarm, const AlarmWhere& where) {
  std::string out;
  Members members(out);
  add_present(members, alarm, where);
  members.time("changed", alarm.times.changed);
  add_course(members, alarm);
  add_evidence(members, alarm);
  members.end();
  return out;
}

std::string entry_data(const DeviceEntered& entered) {
  const Device& device = entered.device;
  std::string out;
  Members members(out);
  members.text("action", "enter");
  add_actor(members, entered.by);
  members.text("device", as_utf8(device.id));
  members.time("at", entered.at);
  members.text("name", device.name);
  members.text("place", device.place);
  if (device.expected)
    members.number("expected_s", static_cast<std::uint64_t>(device.expected->count()));
  add_texts(members, "changed", changed_texts(entered));
  members.end();
  return out;
}

std::string deed_data(const Deed& deed) {
  std::string out;
  Members members(out);
  members.text("action", to_string(deed.action));
  add_actor(members, deed.actor);
  members.text("device", as_utf8(deed.device));
  members.text("output", deed.output);
  if (deed.how) members.text("how", to_string(*deed.how));
  members.text("detail", as_utf8(deed.detail));
  if (deed.event_class) {
    members.text("class", to_string(*deed.event_class));
    members.number("first", deed.first.value);
    members.number("last", deed.last.value);
  }
  members.time("at", deed.at);
  members.text("note", deed.note);
  if (deed.lasts) members.number("minutes", static_cast<std::uint64_t>(deed.lasts->count()));
  add_texts(members, "devices", deed.scope.devices);
  add_texts(members, "places", deed.scope.places);
  std::vector<std::string> kinds;
  for (const Kind kind : deed.scope.kinds) kinds.emplace_back(to_string(kind));
  add_texts(members, "kinds", kinds);
  members.end();
  return out;
}

}  // namespace watchpost
