#include "app/status_duty.hpp"

#include <algorithm>
#include <tuple>

#include "base/json_text.hpp"
#include "rules/judgement.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostShown = 50;

json::object open_alarm_json(const Alarm& alarm, const Snapshot& snapshot) {
  const AlarmWhere where = snapshot.duty->where(alarm.source.device);
  const auto raised = snapshot.duty->judgement().steady_of(alarm.times.raised.service);
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(snapshot.now - raised);
  return {{"device", as_utf8(alarm.source.device)},
          {"name", where.name},
          {"kind", to_string(alarm.source.kind)},
          {"age_s", age.count()},
          {"number", alarm.number.serial.value},
          {"condition", to_string(alarm.source.condition)},
          {"rule", alarm.source.rule},
          {"text", alarm.text},
          {"text_zh", alarm.text_zh},
          {"place", where.place},
          {"state", to_string(alarm.state())},
          {"level", to_string(alarm.grade.level)},
          {"test", alarm.marks.test},
          {"exercise", alarm.marks.exercise},
          {"history", alarm.marks.history},
          {"owner", alarm.owner},
          {"count", alarm.count}};
}

}  // namespace

std::vector<SharedAlarm> open_alarms(const rules::Judgement& judgement) {
  std::vector<SharedAlarm> all;
  judgement.for_each_open([&all](const SharedAlarm& alarm) { all.push_back(alarm); });
  std::sort(all.begin(), all.end(), [](const SharedAlarm& a, const SharedAlarm& b) {
    const auto rank = [](const Alarm& alarm) {
      return std::tuple(how_waited_for(alarm.state()), alarm.grade.level,
                        alarm.number.serial.value);
    };
    return rank(*a) > rank(*b);
  });
  return all;
}

json::array alarms_json(const Snapshot& snapshot) {
  json::array alarms;
  if (snapshot.duty == nullptr) return alarms;
  for (const SharedAlarm& alarm : open_alarms(snapshot.duty->judgement())) {
    if (alarms.size() == kMostShown) break;
    alarms.push_back(open_alarm_json(*alarm, snapshot));
  }
  return alarms;
}

json::object duty_json(const Snapshot& snapshot) {
  if (snapshot.duty == nullptr) return {};
  const rules::Beyond::Count beyond = snapshot.duty->judgement().beyond();
  const rules::Beyond::Count unknown = snapshot.duty->judgement().unknown_devices();
  json::object duty{{"open", count_open(snapshot)},
                    {"untaken", count_untaken(snapshot.duty->judgement())},
                    {"untaken_below", snapshot.untaken_below},
                    {"beyond", beyond.counted},
                    {"beyond_is_more", beyond.is_more},
                    {"unknown_devices", unknown.counted},
                    {"unknown_devices_is_more", unknown.is_more}};
  add_under_way(snapshot.duty->judgement(), snapshot.now, duty);
  return duty;
}

void add_under_way(const rules::Judgement& judgement, SteadyTime now, json::object& into) {
  const Duty& duty = judgement.duty_on_disk();
  const auto left_s = [&](ServiceTime until) {
    const auto left =
        std::chrono::duration_cast<std::chrono::seconds>(judgement.steady_of(until) - now);
    return left.count();
  };
  if (duty.drill && !duty.drill->ended_by && left_s(duty.drill->until) > 0) {
    const Drill& drill = *duty.drill;
    json::object told{{"by", drill.by.who}, {"note", drill.note}, {"left_s", left_s(drill.until)}};
    json::array devices, places, kinds;
    for (const std::string& device : drill.scope.devices) devices.emplace_back(as_utf8(device));
    for (const std::string& place : drill.scope.places) places.emplace_back(place);
    for (const Kind kind : drill.scope.kinds) kinds.emplace_back(to_string(kind));
    told["devices"] = std::move(devices);
    told["places"] = std::move(places);
    told["kinds"] = std::move(kinds);
    into["drill"] = std::move(told);
  }
  if (duty.silence && left_s(duty.silence->until) > 0)
    into["silence"] = {{"by", duty.silence->by.who}, {"left_s", left_s(duty.silence->until)}};
}

std::size_t count_untaken(const rules::Judgement& judgement) {
  std::size_t count = 0;
  judgement.for_each_open([&count](const SharedAlarm& alarm) {
    const bool is_taken = alarm->life == Life::ack || alarm->life == Life::close_pending;
    if (is_taken || alarm->holds.any() || alarm->marks.practice()) return;
    // What is neither is a fault.
    const Condition condition = alarm->source.condition;
    if (condition == Condition::alarm || condition == Condition::rule) ++count;
  });
  return count;
}

std::size_t count_open(const Snapshot& snapshot) {
  std::size_t count = 0;
  if (snapshot.duty == nullptr) return count;
  snapshot.duty->judgement().for_each_open([&count](const SharedAlarm&) { ++count; });
  return count;
}

}  // namespace watchpost::app
