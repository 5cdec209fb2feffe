#include "model/kept_rules.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "model/alarm_row.hpp"
#include "model/duty_rows.hpp"
#include "rules/judgement.hpp"

namespace watchpost::model {
namespace {

void keep(const Fact& fact, KeptJudgement& kept) {
  const auto put = [](auto& rows, const std::string& key, const auto& row, bool is_gone) {
    if (is_gone) {
      rows.erase(key);
    } else {
      rows[key] = row_text(row);
    }
  };
  if (const auto* alarm = std::get_if<SharedAlarm>(&fact)) {
    kept.alarms[(*alarm)->number.serial.value] = known_alarm(**alarm);
  } else if (const auto* device = std::get_if<SharedDevice>(&fact)) {
    put(kept.devices, (*device)->id, **device, (*device)->is_removed);
  } else if (const auto* done = std::get_if<SharedCommandDone>(&fact)) {
    put(kept.commands, (*done)->key, **done, (*done)->is_forgotten);
  } else if (const auto* duty = std::get_if<SharedDuty>(&fact)) {
    kept.duty = row_text(**duty);
  }
}

using Each = std::function<void(EventClass event_class, const StoredRecord& record)>;
void each_record(const StoreState& state, const Each& see) {
  for (const auto event_class : kEventClasses) {
    for (const StoredRecord& record : state.logs[index_of(event_class)]) see(event_class, record);
  }
}
// What `after` has more than `before`.
void each_fresh(const StoreState& before, const StoreState& after, const Each& see) {
  each_record(after, [&](EventClass event_class, const StoredRecord& record) {
    if (record.seq > before.newest(event_class)) see(event_class, record);
  });
}

std::string check_rows(const StoreState& before, const Commits& commits, const StoreState& after) {
  KeptJudgement expected = before.judgement;
  for (const spool::Append& append : commits.appends) {
    if (commits.knows_refusals && append.refusal) continue;
    for (const Fact& fact : append.facts) keep(fact, expected);
  }
  const auto& alarms = after.judgement.alarms;
  for (const auto& [number, alarm] : expected.alarms) {
    const auto row = alarms.find(number);
    if (row == alarms.end()) return fmt::format("the row of alarm {} is missing", number);
    // Numbers are given by the commit: what the evidence is, the records say.
    if (row->second.told != alarm.told || row->second.count != alarm.count)
      return fmt::format("the row of alarm {} is not what was committed", number);
  }
  if (alarms.size() != expected.alarms.size()) return "an alarm has a row that nobody wrote";
  if (after.judgement.devices != expected.devices) return "the devices are not what was committed";
  if (after.judgement.commands != expected.commands)
    return "the commands done are not what was committed";
  if (after.judgement.duty != expected.duty) return "the duty is not what was committed";
  return {};
}

// The row of an alarm says what the newest record of its transitions says, evidence included: who
// reads the records knows what the gateway knows. Only what is said again, without a transition,
// makes the row newer: its count.
std::string check_alarms(const StoreState& after) {
  std::map<std::uint64_t, const KnownAlarm*> newest;
  each_record(after, [&](EventClass, const StoredRecord& record) {
    if (record.alarm == 0) return;
    const KnownAlarm*& told = newest[record.alarm];
    if (told == nullptr || told->transitions < record.told.transitions) told = &record.told;
  });
  for (const auto& [number, told] : newest) {
    const auto found = after.judgement.alarms.find(number);
    if (found == after.judgement.alarms.end())
      return fmt::format("alarm {} has records and no row", number);
    const KnownAlarm& row = found->second;
    if (row.transitions < told->transitions)
      return fmt::format("the row of alarm {} is older than its records", number);
    if (row.transitions > told->transitions)
      return fmt::format("the row of alarm {} is newer than its records", number);
    if (row.told != told->told || row.evidence != told->evidence)
      return fmt::format("the row of alarm {} is not what its newest record says: {} and {}",
                         number, row.told, told->told);
    if (row.count < told->count)
      return fmt::format("alarm {} was said less often than its records say", number);
  }
  return {};
}

// Each transition that a row has more than before has its record, and no record another number: so
// no alarm begins, changes or ends without one.
std::string check_transitions(const StoreState& before, const StoreState& after) {
  std::map<std::uint64_t, std::vector<std::uint32_t>> fresh;
  each_fresh(before, after, [&](EventClass, const StoredRecord& record) {
    if (record.alarm != 0) fresh[record.alarm].push_back(record.told.transitions);
  });
  for (const auto& [number, row] : after.judgement.alarms) {
    const auto known = before.judgement.alarms.find(number);
    std::uint32_t last = known == before.judgement.alarms.end() ? 0 : known->second.transitions;
    for (const std::uint32_t transition : fresh[number]) {
      if (transition != last + 1)
        return fmt::format("transition {} of alarm {} comes after {}", transition, number, last);
      last = transition;
    }
    if (last != row.transitions)
      return fmt::format("alarm {} changed {} times, its records say {}", number, row.transitions,
                         last);
  }
  return {};
}

// A command was done if and only if its person is on record.
std::string check_commands(const StoreState& before, const StoreState& after) {
  constexpr std::string_view kPerson = "person-";
  std::set<std::string> acted;  // keys
  each_fresh(before, after, [&](EventClass, const StoredRecord& record) {
    if (record.who.starts_with(kPerson)) acted.insert("key-" + record.who.substr(kPerson.size()));
  });
  const auto has = [](const StoreState& state, const std::string& key) {
    return state.judgement.commands.find(key) != state.judgement.commands.end();
  };
  for (const auto& [key, row] : after.judgement.commands) {
    if (!has(before, key) && acted.count(key) == 0)
      return fmt::format("command {} is done without a record", key);
  }
  for (const std::string& key : acted) {
    if (!has(before, key) && !has(after, key))
      return fmt::format("command {} is on record and not among those done", key);
  }
  return {};
}

// What people did to a device.
struct People {
  std::string name, place;
  bool is_out = false;
  bool is_tested = false;
  friend bool operator==(const People&, const People&) = default;
};
People people_of(const KeptJudgement& kept, const std::string& id) {
  const auto row = kept.devices.find(id);
  const auto device = row == kept.devices.end() ? std::nullopt : device_from_row(row->second);
  if (!device) return {};
  return {std::string(device->name), std::string(device->place),
          device->service == DeviceService::out_of_service, device->tested_until.has_value()};
}
void note(const KnownDeed& deed, People& people) {
  if (deed.action == "enter") {
    people.name = deed.name;
    people.place = deed.place;
  }
  if (deed.action == "out_of_service") people.is_out = true;
  if (deed.action == "back_in_service") people.is_out = false;
  if (deed.action == "live_test_start") people.is_tested = true;
  if (deed.action == "live_test_end") people.is_tested = false;
}

// What people did to a device since is what is new on record.
std::string check_devices(const StoreState& before, const StoreState& after) {
  std::map<std::string, People> people;
  for (const auto& [id, row] : after.judgement.devices)
    people[id] = people_of(before.judgement, id);
  each_fresh(before, after, [&](EventClass, const StoredRecord& record) {
    if (record.deed && !record.deed->device.empty())
      note(*record.deed, people[record.deed->device]);
  });
  for (const auto& [id, expected] : people) {
    if (!(people_of(after.judgement, id) == expected))
      return fmt::format("device {} is not what is on record of it", id);
  }
  return {};
}

bool has_drill(const KeptJudgement& kept) {
  const auto duty = kept.duty.empty() ? std::nullopt : duty_from_row(kept.duty);
  return duty && duty->drill && !duty->drill->ended_by;
}
std::string check_drill(const StoreState& before, const StoreState& after) {
  bool expected = has_drill(before.judgement);
  each_fresh(before, after, [&](EventClass, const StoredRecord& record) {
    if (record.deed && record.deed->action == "drill_start") expected = true;
    if (record.deed && record.deed->action == "drill_end") expected = false;
  });
  return has_drill(after.judgement) == expected ? std::string() : "a drill is not on record";
}

std::string recalled_alarms(const KeptJudgement& on_disk, const StoredJudgement& recalled) {
  std::set<std::uint64_t> open;
  for (const auto& [number, alarm] : on_disk.alarms) {
    if (alarm.row && alarm.row->is_open()) open.insert(number);
  }
  for (const SharedAlarm& alarm : recalled.alarms) {
    const auto row = on_disk.alarms.find(alarm->number.serial.value);
    if (row == on_disk.alarms.end() || !row->second.row || !(*row->second.row == *alarm))
      return fmt::format("alarm {} was not read as it is on disk", alarm->number.serial.value);
  }
  if (recalled.numbers_given != (on_disk.alarms.empty() ? 0 : on_disk.alarms.rbegin()->first))
    return "the numbers of alarms do not go on where they ended";
  rules::Judgement judgement({}, recalled, rules::Moment{});
  std::set<std::uint64_t> shown;
  judgement.for_each_open(
      [&shown](const SharedAlarm& alarm) { shown.insert(alarm->number.serial.value); });
  return shown == open ? std::string() : "the list of open alarms is not that on disk";
}

}  // namespace

std::string why_not_kept(const StoreState& before, const Commits& commits,
                         const StoreState& after) {
  if (auto broken = check_rows(before, commits, after); !broken.empty()) return broken;
  if (auto broken = check_alarms(after); !broken.empty()) return broken;
  if (auto broken = check_transitions(before, after); !broken.empty()) return broken;
  if (auto broken = check_commands(before, after); !broken.empty()) return broken;
  if (auto broken = check_devices(before, after); !broken.empty()) return broken;
  return check_drill(before, after);
}

std::string why_not_recalled(const KeptJudgement& on_disk, const StoredJudgement& recalled) {
  if (auto broken = recalled_alarms(on_disk, recalled); !broken.empty()) return broken;
  KeptJudgement read;
  for (const SharedDevice& each : recalled.devices) keep(Fact(each), read);
  for (const SharedCommandDone& each : recalled.commands) keep(Fact(each), read);
  if (recalled.duty) keep(Fact(recalled.duty), read);
  if (read.devices != on_disk.devices) return "the devices were not read as they are on disk";
  if (read.commands != on_disk.commands) return "the commands were not read as they are on disk";
  return read.duty == on_disk.duty ? std::string() : "the duty was not read as it is on disk";
}

}  // namespace watchpost::model
