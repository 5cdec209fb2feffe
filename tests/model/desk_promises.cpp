#include "model/desk_promises.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "rules/life_cycle.hpp"

namespace watchpost::model {
namespace {

using Event = AlarmEvent;
using rules::Tone;

constexpr std::chrono::minutes kMinute{1};
// Of one alarm: raised, confirmed, worsened, a suspicion and its return, its reading doubted, and
// again after a person took it.
constexpr std::size_t kMostInAMinute = 12;

const rules::AlarmPolicy& policy_of(const Alarm& alarm) {
  return rules::default_policies().of(alarm.source);
}

bool is_person(const Actor& actor) {
  return !actor.who.empty() && actor.origin != Origin::device && actor.origin != Origin::gateway;
}

bool follows(const Alarm& alarm) {
  return policy_of(alarm).closed_by == rules::ClosedBy::return_after_taking;
}

std::string name_of(const Alarm& alarm) {
  return fmt::format("alarm {} ({} {} of {})", alarm.number.serial.value,
                     to_string(alarm.source.kind), to_string(alarm.source.condition),
                     alarm.source.device);
}

template <class List, class Value>
bool has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

void DeskPromises::expect(bool holds, const std::string& promise, const Alarm& about) {
  if (!holds) broken_.push_back(name_of(about) + ": " + promise);
}

void DeskPromises::committed(const support::DutyDesk::Append& append) {
  std::set<std::uint64_t> moved;
  for (const Transition& each : append.changes.transitions) {
    see(each, append.word && append.word->is_copy);
    moved.insert(each.alarm->number.serial.value);
  }
  check_yielding(append.changes.transitions);
  for (const Fact& fact : append.changes.facts) {
    if (const auto* device = std::get_if<SharedDevice>(&fact)) devices_[(*device)->id] = *device;
    if (const auto* duty = std::get_if<SharedDuty>(&fact)) see_duty(*duty, append.sirens);
    const auto* row = std::get_if<SharedAlarm>(&fact);
    if (row == nullptr) continue;
    if (!moved.contains((*row)->number.serial.value)) check_write(*row);
    alarms_[(*row)->number.serial.value].row = *row;
  }
  if (append.word) check_beyond(append);
  if (append.word && append.word->is_so) check_said(*append.word);
}

// J5: of what finds no room the first word is an alarm, until the device says something else.
void DeskPromises::check_beyond(const support::DutyDesk::Append& append) {
  const support::DutyDesk::Word& word = *append.word;
  BeyondWords& words = beyond_[{word.source.device, word.source.kind}];
  if (!word.is_so || !word.is_beyond || open_of(word.source)) {
    words.other = std::max(words.other, word.order);
    return;
  }
  const bool is_again = words.first > words.other && words.first < word.order;
  Alarm about;
  about.source = word.source;
  expect(!is_again || append.record != EventClass::alarm,
         "what is beyond the list and repeats itself is no alarm again", about);
  if (!is_again) words.first = word.order;
}

// What a device said, and was told that we have it.
void DeskPromises::check_said(const support::DutyDesk::Word& word) {
  Alarm about;
  about.source = word.source;
  if (const SharedAlarm row = open_of(word.source)) return check_sounds(*row, word);
  expect(word.is_beyond, "what a device said and was acknowledged is on the open list", about);
  expect(desk_.open().size() >= desk_.most_alarms(), "the list is full where it says so", about);
}

SharedAlarm DeskPromises::open_of(const AlarmSource& source) const {
  for (const SharedAlarm& alarm : desk_.open()) {
    if (alarm->source == source) return alarm;
  }
  return nullptr;
}

// J2: a silence mutes what was heard when it was asked for.
void DeskPromises::see_duty(const SharedDuty& duty, const std::set<std::uint64_t>& sirens) {
  const bool is_new = duty->silence && (!duty_ || duty_->silence != duty->silence);
  duty_ = duty;
  if (!is_new) return;
  for (const SharedAlarm& alarm : desk_.open()) {
    const bool is_loud = rules::tone_of(*alarm, policy_of(*alarm)) == Tone::siren;
    if (!is_loud || sirens.contains(alarm->number.serial.value)) continue;
    expect(desk_.tone(alarm->number.serial.value) == Tone::siren,
           "a silence mutes only what was heard when it was asked for", *alarm);
  }
}

// J2: whatever was before, a danger that can be believed and is said now is heard, unless somebody
// has taken or shelved it, tests, drills or repairs.
void DeskPromises::check_sounds(const Alarm& alarm, const support::DutyDesk::Word& word) {
  const bool is_taken = alarm.life == Life::ack;
  if (word.is_doubtful || is_taken || alarm.holds.shelved || is_practised(alarm.source)) return;
  const auto device = devices_.find(alarm.source.device);
  const bool is_known = device != devices_.end();
  if (is_known && device->second->service == DeviceService::out_of_service) return;
  const Tone tone = rules::tone_of(alarm, policy_of(alarm));
  expect(tone != Tone::none && tone != Tone::practice,
         "what is said outside of tests, drills, holds and repairs is heard", alarm);
}

bool DeskPromises::is_practised(const AlarmSource& source) const {
  const auto device = devices_.find(source.device);
  const bool is_known = device != devices_.end();
  if (is_known && device->second->tested_until) return true;
  if (!duty_ || !duty_->drill) return false;
  const DrillScope& scope = duty_->drill->scope;
  const std::string place(is_known ? device->second->place.view() : std::string_view{});
  // Its places are whole ones here.
  return (scope.devices.empty() || has(scope.devices, source.device)) &&
         (scope.places.empty() || has(scope.places, place)) &&
         (scope.kinds.empty() || has(scope.kinds, source.kind));
}

void DeskPromises::see(const Transition& transition, bool is_by_copy) {
  ++transitions_;
  const Alarm& alarm = *transition.alarm;
  Seen& seen = alarms_[alarm.number.serial.value];
  expect(transition.from == seen.state, "each transition goes on where the last one ended", alarm);
  expect(transition.to == alarm.state(), "a transition says the state of its row", alarm);
  expect(transition.from != AlarmState::closed, "a closed alarm never changes", alarm);
  if (seen.row) {
    expect(alarm.revision >= seen.row->revision, "revisions do not go back", alarm);
    expect(alarm.number == seen.row->number && alarm.source == seen.row->source,
           "an alarm stays what it is", alarm);
  }
  const bool is_late = transition.event == Event::late;
  if (transition.to == AlarmState::closed && !is_late) check_end(transition);
  if (alarm.life == Life::ack && seen.row && seen.row->life != Life::ack)
    expect(is_person(transition.actor), "only a person acknowledges", alarm);
  expect(alarm.owner.empty() || alarm.times.taken, "who has taken it is on record with when",
         alarm);
  if (seen.row) check_quieter(transition, seen.row);
  const bool is_of_kind = alarm.source.condition == Condition::alarm;
  if (seen.row && is_by_copy && is_of_kind) check_copy(transition, *seen.row);
  if (transition.actor.origin == Origin::device) check_rate(transition, seen);
  seen.state = transition.to;
  seen.row = transition.alarm;
}

// J1: who or what ended it.
void DeskPromises::check_end(const Transition& transition) {
  const Alarm& alarm = *transition.alarm;
  const SharedAlarm& before = alarms_[alarm.number.serial.value].row;
  switch (transition.event) {
    case Event::closed:
      expect(before && !before->owner.empty(), "nobody closes what nobody has taken", alarm);
      [[fallthrough]];
    case Event::practice_closed:
      return expect(is_person(transition.actor), "a person closes, and is named", alarm);
    case Event::taken:
      return expect(is_person(transition.actor) && follows(alarm) && before &&
                        before->life == Life::rtn_unack,
                    "taking ends only what is gone and needs no outcome", alarm);
    case Event::returned:
    case Event::returned_in_repair:
      return expect(follows(alarm) && before && before->life == Life::ack,
                    "a return ends only what was taken and needs no outcome", alarm);
    case Event::yielded:
      return expect(policy_of(alarm).event_class == EventClass::status, "only a fault yields",
                    alarm);
    default:
      return expect(false, fmt::format("{} ends no alarm", to_string(transition.event)), alarm);
  }
}

// J1: a fault goes for an alarm that is raised, and for nothing else.
void DeskPromises::check_yielding(const std::vector<Transition>& transitions) {
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    if (transitions[i].event != Event::yielded) continue;
    const Transition* next = i + 1 < transitions.size() ? &transitions[i + 1] : nullptr;
    const bool makes_room = next != nullptr && next->from == AlarmState::normal &&
                            next->event_class == EventClass::alarm;
    expect(makes_room, "a fault yields to an alarm that is raised", *transitions[i].alarm);
  }
}

// J2: no timer, repeat, copy or late record makes anything quieter.
void DeskPromises::check_quieter(const Transition& transition, const SharedAlarm& before) {
  const Alarm& alarm = *transition.alarm;
  const Tone was = rules::tone_of(*before, policy_of(*before));
  const Tone is = rules::tone_of(alarm, policy_of(alarm));
  if (is >= was) return;
  const bool may_quieten =
      policy_of(alarm).latching == rules::Latching::follows || was == Tone::prompt;
  const bool by_device = transition.actor.origin == Origin::device &&
                         transition.event == Event::returned && may_quieten;
  const bool made_room = transition.event == Event::yielded;
  // A drill's tone, in a live test that a person has begun: neither is a danger.
  const bool is_tested = was == Tone::practice && alarm.marks.test;
  const bool is_explained = transition.event == Event::explained &&
                            alarm.source.condition == Condition::silent && is_radio_told();
  expect(is_person(transition.actor) || by_device || made_room || is_tested || is_explained,
         fmt::format("{} makes nothing quieter", to_string(transition.event)), alarm);
}

// People hear of the radio instead.
bool DeskPromises::is_radio_told() const {
  const auto open = desk_.open();
  return std::any_of(open.begin(), open.end(), [](const SharedAlarm& each) {
    return each->is_active() && each->times.absence && each->times.absence->affects > 0;
  });
}

// J2: what a copy does makes nothing quieter once a hold, a test, a drill or a suspicion is over.
void DeskPromises::check_copy(const Transition& transition, const Alarm& before) {
  const auto bare = [](Alarm alarm) {
    alarm.holds = {};
    return rules::tone_of(alarm, policy_of(alarm));
  };
  const bool is_undecided = before.life == Life::suspected || before.marks.practice();
  expect(!is_undecided && bare(*transition.alarm) >= bare(before),
         "a copy makes nothing quieter, later either", before);
}

// J5: a device that repeats itself, or flickers, writes little.
void DeskPromises::check_rate(const Transition& transition, Seen& seen) {
  auto& times = seen.by_device;
  times.push_back(transition.at.service);
  while (times.front() + kMinute < transition.at.service) times.pop_front();
  expect(times.size() <= kMostInAMinute, "a device that flickers makes few transitions",
         *transition.alarm);
}

void DeskPromises::check_write(const SharedAlarm& row) {
  Seen& seen = alarms_[row->number.serial.value];
  const SharedAlarm& before = seen.row;
  const ServiceTime now = row->times.changed.service;
  const auto last_return = seen.return_written;
  if (row->returning_since) seen.return_written = now;
  if (!before || was_interrupted_) return;
  // A return is written as it begins and as it is denied.
  if (!row->returning_since && before->returning_since) return;
  if (row->returning_since && !before->returning_since)
    return expect(!last_return || now - *last_return >= std::chrono::seconds{30},
                  "a return is written once in 30 s", *row);
  const auto apart = now - before->times.changed.service;
  expect(apart >= std::chrono::seconds{30}, "a count is written once in 30 s", *row);
}

void DeskPromises::look() {
  was_interrupted_ = false;
  check_list();
}

// J1 and J3: what judgement shows is what the store has, and what a street tells from the
// transitions alone; J4: one alarm is open for a source.
void DeskPromises::check_list() {
  std::set<std::tuple<std::string, Kind, Condition>> sources;
  std::size_t shown = 0;
  for (const SharedAlarm& alarm : desk_.open()) {
    ++shown;
    expect(
        sources.insert({alarm->source.device, alarm->source.kind, alarm->source.condition}).second,
        "one alarm is open for a source", *alarm);
    const auto kept = desk_.disk.alarms.find(alarm->number.serial.value);
    expect(kept != desk_.disk.alarms.end() && *kept->second == *alarm,
           "what is shown is what is on disk", *alarm);
    expect(alarms_[alarm->number.serial.value].state == alarm->state(),
           "a street has the same state from the transitions alone", *alarm);
  }
  std::size_t open_by_transitions = 0;
  for (const auto& [count, seen] : alarms_)
    open_by_transitions += seen.state != AlarmState::closed ? 1 : 0;
  if (shown != open_by_transitions)
    broken_.push_back(
        fmt::format("{} alarms are shown, {} were not ended", shown, open_by_transitions));
}

void DeskPromises::goes_down() {
  heard_.clear();
  rows_.clear();
  for (const SharedAlarm& alarm : desk_.open()) {
    heard_[alarm->number.serial.value] = desk_.tone(alarm->number.serial.value);
    rows_[alarm->number.serial.value] = alarm;
  }
}

void DeskPromises::is_back() {
  was_interrupted_ = true;
  beyond_.clear();
  for (auto& [count, seen] : alarms_) seen.return_written.reset();
  check_list();
  for (const auto& [count, tone] : heard_) {
    const SharedAlarm alarm = desk_.alarm(count);
    expect(alarm && *alarm == *rows_[count], "a restart changes no alarm", *rows_[count]);
    expect(desk_.tone(count) >= tone, "a restart makes nothing quieter", *rows_[count]);
  }
}

void DeskPromises::has_failed() {
  was_interrupted_ = true;
  beyond_.clear();
  if (desk_.judgement().open() != desk_.open().size())
    broken_.push_back("after a failed commit what is judged upon is not what is on disk");
  check_list();
}

}  // namespace watchpost::model
