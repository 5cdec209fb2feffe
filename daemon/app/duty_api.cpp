#include "app/duty_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "app/entry_list.hpp"
#include "app/status_duty.hpp"
#include "base/json_text.hpp"
#include "model/alarm_event.hpp"
#include "model/command_json.hpp"

namespace watchpost::app {
namespace {

namespace json = boost::json;

std::int64_t seconds_since(SteadyTime at, const DutyOffice& office) {
  const auto passed = office.clock.steady() - at;
  return std::chrono::duration_cast<std::chrono::seconds>(passed).count();
}

json::array told_json(const Alarm& alarm) {
  json::array list;
  for (const Telling& one : alarm.told) {
    list.push_back({{"output", one.output},
                    {"step", one.stage},
                    {"how", to_string(one.how)},
                    {"detail", as_utf8(one.detail)},
                    {"attempts", one.attempts},
                    {"at", to_rfc3339(one.at)}});
  }
  return list;
}

// Of the numbers of its rule, as the configuration has it now. Empty: it says none, so that they
// are as the device tells them.
std::string unit_of(const Alarm& alarm, const rules::Judgement& judgement) {
  for (const SiteRule& rule : judgement.conditions().rules()) {
    const auto& of = rule.devices;
    const bool is_its =
        rule.name == alarm.source.rule &&
        (of.empty() || std::find(of.begin(), of.end(), alarm.source.device) != of.end());
    if (is_its) return rule.unit;
  }
  return {};
}

// The alarm's object, with its age by the steady clock, what became of telling people of it, and
// whom to call. It is for who asks on this box; events and letters have no card
// (model/device_card.hpp).
std::string alarm_json(const Alarm& alarm, const DutyOffice& office) {
  const pipeline::Judging& judging = office.pipeline.judging();
  std::string text = alarm_object(alarm, judging.where(alarm.source.device));
  const auto raised = judging.judgement().steady_of(alarm.times.raised.service);
  text.pop_back();
  if (alarm.peak && alarm.source.condition == Condition::rule) {
    if (const auto unit = unit_of(alarm, judging.judgement()); !unit.empty())
      append_json_string(text += R"(,"unit":)", unit);
  }
  const DeviceCard card = judging.card_of(alarm.source.device);
  if (!card.household.empty()) append_json_string(text += R"(,"household":)", card.household);
  if (!card.contact.empty()) append_json_string(text += R"(,"contact":)", card.contact);
  text += fmt::format(R"(,"age_s":{},"told":{}}})", seconds_since(raised, office),
                      json::serialize(told_json(alarm)));
  return text;
}

std::string alarms_text(const DutyOffice& office) {
  const rules::Judgement& judgement = office.pipeline.judging().judgement();
  std::string list;
  for (const SharedAlarm& alarm : open_alarms(judgement)) {
    if (!list.empty()) list.push_back(',');
    list += alarm_json(*alarm, office);
  }
  std::string late;
  for (const SharedAlarm& alarm : judgement.told_late())
    late += (late.empty() ? "" : ",") + alarm_json(*alarm, office);
  const rules::Beyond::Count beyond = judgement.beyond();
  json::object more{{"beyond", beyond.counted}, {"beyond_is_more", beyond.is_more}};
  add_under_way(judgement, office.clock.steady(), more);
  office.villages.add_villages(more);
  return fmt::format(R"({{"alarms":[{}],"late":[{}],{})", list, late,
                     json::serialize(more).substr(1));
}

Failure unknown_alarm(std::string_view number) {
  const std::string asked = as_utf8(number);
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("There is no alarm {} that is open or was closed lately", asked),
              "Look at the list of open alarms: watchpost alarms; older ones are in the events: "
              "watchpost export --class alarm"},
      Chinese{fmt::format("没有未关闭或刚关闭的警情 {}", asked),
              "请查看未关闭警情列表：watchpost alarms；更早的在事件中：watchpost export --class "
              "alarm"});
}

Result<std::string> alarm_text(std::string_view number, const DutyOffice& office) {
  if (const auto mirror = office.villages.alarm(number)) return json::serialize(*mirror);
  const auto asked = alarm_number_from(number);
  const SharedAlarm alarm =
      asked ? office.pipeline.judging().judgement().on_disk(*asked) : SharedAlarm{};
  if (!alarm) return unknown_alarm(number);
  return alarm_json(*alarm, office);
}

// How often it is to be heard, and who says so.
void add_interval(const Device& device, const DutyOffice& office, json::object& object) {
  object["expected_interval"] = interval_text(device.expected);
  const rules::Supervision& supervision = office.pipeline.judging().judgement().supervision();
  const rules::Watched* const watched = supervision.find(device.id);
  if (watched == nullptr || watched->expected().count() == 0) return;
  object["expected_s"] = watched->expected().count();
  object["expected_by"] = watched->fixed ? "config" : watched->entered ? "entry" : "learned";
  if (watched->radio != nullptr) object["radio"] = as_utf8(watched->radio->name);
}

json::object device_json(const Device& device, const DutyOffice& office) {
  const pipeline::DeviceEntry* const heard = office.pipeline.devices().find(device.id);
  json::object object{{"device", as_utf8(device.id)},
                      {"name", office.pipeline.judging().where(device.id).name},
                      {"place", device.place.view()},
                      {"service", to_string(device.service)},
                      {"fixed", office.pipeline.judging().fixed(device.id) != nullptr},
                      {"tested", device.tested_until.has_value()}};
  const DeviceCard card = office.pipeline.judging().card_of(device.id);
  for (const CardText& each : kCardTexts) {
    if (const std::string_view text = card.*each.text; !text.empty()) object[each.name] = text;
  }
  if (device.proven) object["proven"] = to_rfc3339(*device.proven);
  if (device.out) {
    object["out"] = {{"why", device.out->why},
                     {"by", device.out->by},
                     {"since", to_rfc3339(device.out->since.wall)}};
  }
  if (heard != nullptr) object["heard_s"] = seconds_since(heard->heard_at, office);
  add_interval(device, office, object);
  return object;
}

std::string devices_text(const DutyOffice& office) {
  const rules::Judgement& judgement = office.pipeline.judging().judgement();
  std::vector<const Device*> all;
  judgement.for_each_device([&all](const Device& device) { all.push_back(&device); });
  std::sort(all.begin(), all.end(), [](const Device* a, const Device* b) { return a->id < b->id; });
  json::array list;
  for (const Device* device : all) list.push_back(device_json(*device, office));
  const rules::Beyond::Count unknown = judgement.unknown_devices();
  return json::serialize(json::object{{"devices", std::move(list)},
                                      {"unknown", unknown.counted},
                                      {"unknown_is_more", unknown.is_more}});
}

// What one message to an upstream has room for beside the answer itself.
constexpr std::size_t kMostState = 50'000;

void add_state(CommandResult& result, const pipeline::Judging& judging) {
  std::string list;
  for (const SharedAlarm& alarm : open_alarms(judging.judgement())) {
    const std::string object = alarm_object(*alarm, judging.where(alarm->source.device));
    if (list.size() + object.size() >= kMostState) {
      ++result.more_alarms;
      continue;
    }
    if (!list.empty()) list.push_back(',');
    list += object;
  }
  result.open_alarms = std::move(list);
}

void command(std::string_view body, Origin origin, const console::ToldAnswer& told,
             const DutyOffice& office) {
  auto command = command_from_json(body);
  if (!command) return told(command.error());
  command->by.origin = origin;
  // Who may use the socket may do all that is done here (http_server.hpp).
  command->granted = all_actions();
  obey(
      *command, [told](const CommandResult& result) { told(result_json(result)); }, office);
}

// Tells once all that are entered are on disk.
class Entering {
 public:
  Entering(EntryList list, console::ToldAnswer told)
      : list_(std::move(list)), told_(std::move(told)) {}
  static void begin(const std::shared_ptr<Entering>& self, const DutyOffice& office) {
    for (Entry& entry : self->list_.entries) {
      if (self->list_.dry_run || !entry.is_change()) continue;
      ++self->waiting_;
      office.pipeline.enter(entry.device, self->list_.by,
                            [self, &entry](const CommandResult& result) {
                              entry.result = result;
                              self->end_one();
                            });
    }
    self->end_one();
  }

 private:
  void end_one() {
    if (--waiting_ == 0) told_(answer_text(list_));
  }
  EntryList list_;
  console::ToldAnswer told_;
  std::size_t waiting_ = 1;  // the beginning itself
};

void enter(std::string_view body, Origin origin, console::ToldAnswer told,
           const DutyOffice& office) {
  auto list = entry_list_from_json(body);
  if (!list) return told(list.error());
  list->by.origin = origin;
  if (const auto compared = compare(*list, office.pipeline.judging()); !compared)
    return told(compared.error());
  Entering::begin(std::make_shared<Entering>(std::move(*list), std::move(told)), office);
}

}  // namespace

void obey(const Command& command, VillageDesk::Told told, const DutyOffice& office) {
  if (command.action != DutyAction::send_state)
    return office.villages.obey(command, std::move(told));
  const bool is_here = office.villages.is_here(command);
  office.villages.obey(command, [told = std::move(told), is_here,
                                 &pipeline = office.pipeline](const CommandResult& result) {
    CommandResult answer = result;
    if (result.refusal == Refusal::none && is_here) add_state(answer, pipeline.judging());
    told(answer);
  });
}

console::DutySources duty_sources(DutyOffice office) {
  console::DutySources sources;
  sources.alarms = [office] { return alarms_text(office); };
  sources.alarm = [office](std::string_view number) { return alarm_text(number, office); };
  sources.devices = [office] { return devices_text(office); };
  sources.command = [office](std::string_view body, Origin origin, console::ToldAnswer told) {
    command(body, origin, told, office);
  };
  sources.enter_devices = [office](std::string_view body, Origin origin, console::ToldAnswer told) {
    enter(body, origin, std::move(told), office);
  };
  return sources;
}

}  // namespace watchpost::app
