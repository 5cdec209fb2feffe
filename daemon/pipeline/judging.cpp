#include "pipeline/judging.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "model/alarm_event.hpp"

namespace watchpost::pipeline {
namespace {

// As loud as what it tells of: somebody is waited for, or it is there and known.
std::uint8_t severity_of(const Transition& transition) {
  const Alarm& alarm = *transition.alarm;
  const bool calls = alarm.life == Life::suspected || alarm.life == Life::unack;
  if (!calls || alarm.holds.any() || alarm.marks.practice()) return kSeverityInfo;
  return transition.event_class == EventClass::alarm ? kSeverityAlarm : kSeverityWarning;
}

Record record_at(const Stamp& at) {
  Record record;
  record.clock = at.clock;
  record.received_at = at.wall;
  return record;
}

Record transition_record(const Transition& transition, const AlarmWhere& where) {
  Record record = record_at(transition.at);
  record.type = RecordType::transition;
  record.event_class = transition.event_class;
  record.domain = transition.alarm->domain;
  record.severity_number = severity_of(transition);
  record.device = transition.alarm->source.device;
  // The store writes it anew, with the numbers of the evidence.
  record.annotation = transition_data(transition, where);
  return record;
}

Record duty_record(const Stamp& at, std::string annotation) {
  Record record = record_at(at);
  record.type = RecordType::duty;
  record.event_class = EventClass::status;
  record.domain = Domain::gateway;
  record.severity_number = kSeverityInfo;
  record.annotation = std::move(annotation);
  return record;
}

}  // namespace

const Judging::FixedDevice* Judging::fixed(std::string_view device) const {
  if (!fixed_) return nullptr;
  const auto found = fixed_->find(std::string(device));
  return found == fixed_->end() ? nullptr : &found->second;
}

AlarmWhere Judging::where(std::string_view device) const {
  AlarmWhere where;
  if (const Device* row = judgement_.device_on_disk(device)) {
    where.name = row->name;
    where.place = row->place;
  }
  const FixedDevice* const fixed = this->fixed(device);
  if (fixed != nullptr && !fixed->name.empty()) where.name = fixed->name;
  if (where.name.empty() && name_) where.name = name_(device);
  return where;
}

DeviceCard Judging::card_of(std::string_view device) const {
  const Device* const row = judgement_.device_on_disk(device);
  DeviceCard card = row != nullptr && row->card ? *row->card : DeviceCard{};
  const FixedDevice* const fixed = this->fixed(device);
  if (fixed == nullptr) return card;
  for (const CardText& each : kCardTexts) {
    if (!(fixed->card.*each.text).empty()) card.*each.text = fixed->card.*each.text;
  }
  return card;
}

void Judging::add(std::vector<Caused>& all, spool::Append& append) {
  if (all.empty()) return;
  auto steps = std::make_shared<spool::JudgedSteps>();
  steps->settled = settled_;
  for (Caused& one : all) add(std::move(one), *steps, append);
  append.steps = std::move(steps);
}

void Judging::add_aside(std::vector<Caused>& all, spool::Append& append, spool::Append& rows) {
  bool is_based = false;
  for (Caused& one : all) {
    is_based = is_based || one.changes.based_on != StepNumber{};
    one.record.reset();
  }
  std::erase_if(all, [](const Caused& one) { return !one.changes.any(); });
  add(all, rows);
  if (!is_based) return;
  auto upon = std::make_shared<spool::JudgedSteps>();
  upon->settled = settled_;
  append.steps = std::move(upon);
}

void Judging::add(Caused&& one, spool::JudgedSteps& steps, spool::Append& append) const {
  rules::Changes& changes = one.changes;
  if (changes.any()) {
    steps.last = std::max(steps.last, changes.step);
    if (one.record) steps.evidence.push_back({changes.step, *one.record});
  }
  for (Transition& transition : changes.transitions) {
    AlarmWhere where = this->where(transition.alarm->source.device);
    append.records.push_back(transition_record(transition, where));
    steps.transitions.push_back(
        {append.records.size() - 1, std::move(transition), std::move(where)});
  }
  for (const Deed& deed : changes.deeds)
    append.records.push_back(duty_record(deed.at, deed_data(deed)));
  append.facts.insert(append.facts.end(), std::make_move_iterator(changes.facts.begin()),
                      std::make_move_iterator(changes.facts.end()));
}

void Judging::tick(const ClockReading& now, spool::Append& append) {
  std::vector<Caused> all;
  all.push_back({judgement_.tick(now), {}});
  if (!all.front().is_nothing()) add(all, append);
}

CommandResult Judging::enter(const Device& device, const Actor& by, const ClockReading& now,
                             spool::Append& append) {
  const Device* const known = judgement_.device_on_disk(device.id);
  const Rare<DeviceCard> card_before = known != nullptr ? known->card : Rare<DeviceCard>{};
  auto entered = judgement_.enter(device, now);
  std::vector<Caused> all;
  all.push_back({std::move(entered.changes), {}});
  if (entered.result.refusal == Refusal::none && all.front().changes.any()) {
    const Stamp at{{}, now.wall, now.quality};
    append.records.push_back(duty_record(at, entry_data({device, card_before, by, at})));
  }
  if (!all.front().is_nothing()) add(all, append);
  return entered.result;
}

void Judging::told(const std::vector<ToldOf>& told, const ClockReading& now,
                   spool::Append& append) {
  std::vector<Caused> all;
  all.push_back({judgement_.told(told, now), {}});
  if (!all.front().is_nothing()) add(all, append);
}

void Judging::output_tested(const rules::OutputTestEnd& end, const ClockReading& now,
                            spool::Append& append) {
  std::vector<Caused> all;
  all.push_back({judgement_.output_tested(end, now), {}});
  if (!all.front().is_nothing()) add(all, append);
}

void Judging::settled(const spool::Append& append, bool is_kept) {
  if (!append.steps || append.steps->last == StepNumber{}) return;
  const spool::JudgedSteps& steps = *append.steps;
  if (!is_kept) {
    judgement_.rolled_back(steps.last);
    settled_ = std::max(settled_, judgement_.void_up_to());
    return;
  }
  std::vector<Evidence> records;
  records.reserve(steps.evidence.size());
  for (const spool::JudgedSteps::Evidence& each : steps.evidence) {
    const Record& record = append.records[each.record];
    records.push_back({each.step, number_of(record.epoch), record.event_class, record.seq});
  }
  judgement_.committed(steps.last, records);
  settled_ = steps.last;
}

}  // namespace watchpost::pipeline
