#include "rules/rehearsal.hpp"

#include <algorithm>
#include <utility>

namespace watchpost::rules {
namespace {

constexpr std::uint32_t kEpoch = 1;

JudgementOptions options() {
  JudgementOptions options;
  options.epoch = kEpoch;
  return options;
}

StoredJudgement with_devices(const std::vector<SharedDevice>& devices) {
  StoredJudgement stored;
  for (const SharedDevice& device : devices) {
    auto known = std::make_shared<Device>(*device);
    // What was out of service, or in a live test, is not so in the past.
    known->service = DeviceService::in_service;
    known->out = {};
    known->card = {};
    known->tested_until.reset();
    known->expected.reset();
    known->habit.reset();
    known->changed = {};
    stored.devices.push_back(std::move(known));
  }
  return stored;
}

}  // namespace

Rehearsal::Rehearsal(std::shared_ptr<const Conditions::Rules> rules,
                     const std::vector<SharedDevice>& devices, WallTime start)
    : start_(start), judgement_(options(), with_devices(devices), moment_at(start)) {
  judgement_.use_rules(std::move(rules), now_);
  judgement_.use(SupervisionRules{.learns = false}, now_);
}

Moment Rehearsal::moment_at(WallTime wall) {
  // A clock that was set back stands still here.
  const WallTime at = std::max(wall, now_.wall);
  now_ = {at, SteadyTime{std::chrono::duration_cast<SteadyDuration>(at - start_)},
          ClockQuality::synced};
  return now_;
}

void Rehearsal::recall(const Observation& observation, WallTime heard) {
  const Moment at = moment_at(heard);
  judgement_.recall({observation, at}, at);
}

void Rehearsal::begin(WallTime at) {
  judgement_.watch_silence(moment_at(at));
}

void Rehearsal::pass(WallTime until) {
  // More than a second's timers are done one after the other.
  for (auto due = judgement_.due_at(); due; due = judgement_.due_at()) {
    const WallTime at = start_ + (*due - SteadyTime{});
    if (at > until) break;
    const Changes changes = judgement_.tick(moment_at(at));
    settle(changes);
  }
  (void)moment_at(until);
}

void Rehearsal::hear(const Observation& observation, WallTime heard) {
  pass(heard);
  settle(judgement_.judge(observation, now_).changes);
}

void Rehearsal::settle(const Changes& changes) {
  if (!changes.any()) return;
  judgement_.committed(changes.step, {{changes.step, kEpoch, EventClass::alarm, Seq{1}}});
  for (const Transition& each : changes.transitions) note(each);
}

void Rehearsal::note(const Transition& transition) {
  const Alarm& alarm = *transition.alarm;
  if (alarm.source.condition != Condition::rule) return;
  const AlarmSerial serial = alarm.number.serial;
  if (transition.event == AlarmEvent::raised) {
    open_[serial] = all_.size();
    all_.push_back({alarm.source.device,
                    std::string(alarm.source.rule),
                    alarm.grade,
                    now_.wall,
                    {},
                    alarm.peak});
    return take(alarm.number);
  }
  const auto found = open_.find(serial);
  if (found == open_.end()) return;
  Rehearsed& episode = all_[found->second];
  if (alarm.peak) episode.peak = alarm.peak;
  if (alarm.is_active()) return;
  if (!episode.until) episode.until = now_.wall;
  open_.erase(found);
}

// So that it goes when it is over, and the next one is one of its own.
void Rehearsal::take(AlarmNumber number) {
  const SharedAlarm row = judgement_.on_disk(number);
  if (!row || row->life != Life::unack) return;
  Command command;
  command.action = DutyAction::take;
  command.alarm = number;
  command.by = {Origin::cli, "rehearsal", {}};
  command.granted = all_actions();
  command.key = std::to_string(++keys_);
  command.seen_revision = row->revision;
  auto obeyed = judgement_.obey(command, now_);
  settle(obeyed.changes);
}

std::vector<Rehearsed> Rehearsal::end(WallTime at) {
  pass(at);
  return std::move(all_);
}

}  // namespace watchpost::rules
