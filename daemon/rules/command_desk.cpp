#include "rules/command_desk.hpp"

#include <algorithm>
#include <string>

#include "model/place.hpp"
#include "rules/command_table.hpp"
#include "rules/output_tests.hpp"
#include "rules/practice.hpp"
#include "rules/sounding.hpp"

namespace watchpost::rules {
namespace {

CommandResult about(const Alarm& alarm, Refusal why = Refusal::none) {
  CommandResult result = refused(why);
  result.alarm = alarm.number;
  result.revision = alarm.revision;
  result.state = alarm.state();
  return result;
}

AlarmEvent event_of(const Command& command) {
  const bool is_false = command.action == DutyAction::verify && !command.is_true.value_or(false);
  return is_false ? AlarmEvent::verified_false : row_of(command.action).event;
}

// Beside what the table of events says.
Refusal bar_to(const Command& command, const Alarm& alarm, const AlarmPolicy& policy) {
  // It may have been gone while its device was out of service, and nobody has seen it.
  if (command.action == DutyAction::close && alarm.owner.empty()) return Refusal::not_taken;
  if (command.action == DutyAction::shelve && policy.shelving.count() == 0)
    return Refusal::never_shelved;
  if (command.action == DutyAction::unshelve && !alarm.holds.shelved) return Refusal::not_shelved;
  if (command.action == DutyAction::turn_real && !alarm.marks.exercise)
    return Refusal::not_practice;
  if (command.action == DutyAction::escalate) {
    const bool has_stage = alarm.escalation < policy.escalation.size() &&
                           policy.escalation[alarm.escalation].told != Audience::nobody;
    if (!has_stage) return Refusal::no_more_stages;
  }
  return Refusal::none;
}

void edit(Alarm& after, const Command& command, ServiceTime now) {
  switch (command.action) {
    case DutyAction::take:
      after.owner = command.by.who;
      after.marks.called = false;
      break;
    case DutyAction::verify:
      after.verified = command.is_true;
      if (*command.is_true) after.marks.only_suspected = false;
      if (after.owner.empty()) after.owner = command.by.who;
      break;
    case DutyAction::close:
      after.outcome = *command.outcome;
      after.cause = command.cause;
      break;
    case DutyAction::shelve:
      after.holds.shelved = true;
      after.shelved_until = now + *command.lasts;
      break;
    case DutyAction::unshelve:
      after.holds.shelved = false;
      after.shelved_until.reset();
      break;
    case DutyAction::turn_real:
      after.marks.exercise = false;
      break;
    case DutyAction::escalate:
      ++after.escalation;
      // Else they are called because somebody is waited for.
      after.marks.called = after.life == Life::ack || after.holds.shelved;
      break;
    case DutyAction::arrive:
    case DutyAction::note:
    case DutyAction::out_of_service:
    case DutyAction::back_in_service:
    case DutyAction::live_test_start:
    case DutyAction::live_test_end:
    case DutyAction::drill_start:
    case DutyAction::drill_end:
    case DutyAction::silence_siren:
    case DutyAction::test_output:
    case DutyAction::send_state:
    case DutyAction::replay:
      break;
  }
}

CommandResult perform_on_alarm(Step& step, const Command& command) {
  Core& core = step.core();
  const SharedAlarm alarm = core.alarms.find(command.alarm.serial);
  CommandResult unknown = refused(Refusal::alarm_unknown);
  unknown.alarm = command.alarm;
  if (!alarm) return unknown;
  if (command.alarm.epoch != 0 && command.alarm.epoch != alarm->number.epoch) return unknown;
  const AlarmPolicy& policy = core.policy_of(alarm->source);
  const AlarmEvent event = event_of(command);
  const Answer answer = answer_to(event, alarm->life, policy);
  // Whoever saw another state reads the new one, not why the old wish cannot be done to it.
  if (command.seen_revision && *command.seen_revision != alarm->revision && alarm->is_open())
    return about(*alarm, Refusal::alarm_changed);
  if (answer.what == Answer::What::refused) return about(*alarm, answer.refusal);
  const Refusal bar = bar_to(command, *alarm, policy);
  if (bar != Refusal::none) return about(*alarm, bar);
  if (command.action == DutyAction::shelve && *command.lasts > policy.shelving) {
    CommandResult result = about(*alarm, Refusal::too_long);
    result.most = policy.shelving.count();
    return result;
  }
  (void)step.apply(alarm, {event, command.by, command.note},
                   [&](Alarm& after) { edit(after, command, step.now()); });
  CommandResult done = about(*core.alarms.find(alarm->number.serial));
  const bool takes_over = command.action == DutyAction::take && alarm->owner != command.by.who;
  if (takes_over) done.taken_from = alarm->owner;
  return done;
}

// Each open alarm of the device goes with it.
void hold_alarms(Step& step, const Command& command, bool out) {
  const auto serials = step.core().alarms.of_device(command.device);
  for (const AlarmSerial serial : serials) {
    const SharedAlarm alarm = step.core().alarms.find(serial);
    if (!alarm || !alarm->is_open()) continue;
    (void)step.apply(alarm, {event_of(command), command.by, command.note},
                     [out](Alarm& after) { after.holds.out_of_service = out; });
  }
}

CommandResult take_out(Step& step, const Command& command, Device device) {
  if (device.service == DeviceService::out_of_service) return refused(Refusal::already_out);
  const bool was_registered = device.service == DeviceService::in_service;
  device.out = OutOfService{command.note, command.by.who, step.at(), was_registered};
  device.service = DeviceService::out_of_service;
  step.put(std::move(device));
  hold_alarms(step, command, true);
  return {};
}

CommandResult put_back(Step& step, const Command& command, Device device) {
  if (device.service != DeviceService::out_of_service) return refused(Refusal::not_out);
  const bool was_registered = device.out && device.out->was_registered;
  device.service = was_registered ? DeviceService::in_service : DeviceService::unregistered;
  device.out = {};
  step.put(std::move(device));
  hold_alarms(step, command, false);
  return {};
}

CommandResult perform_on_device(Step& step, const Command& command) {
  const Device* found = step.core().devices.find(command.device);
  if (found == nullptr) return refused(Refusal::device_unknown);
  Device device = *found;
  if (command.action == DutyAction::out_of_service)
    return take_out(step, command, std::move(device));
  if (command.action == DutyAction::back_in_service)
    return put_back(step, command, std::move(device));
  if (command.action == DutyAction::live_test_end) {
    if (!device.tested_until) return refused(Refusal::not_tested);
    end_live_test(step, device.id, command.by);
    return {};
  }
  if (device.tested_until) return refused(Refusal::already_tested);
  device.tested_until = step.now() + *command.lasts;
  step.put(std::move(device));
  return {};
}

CommandResult silence(Step& step, const Command& command) {
  Core& core = step.core();
  if (!anything_sounds(core, step.now())) return refused(Refusal::nothing_sounds);
  Duty duty = core.duty_now();
  Silence& silence = duty.silence.emplace();
  // What was judged and is not on disk yet has not been heard by anybody.
  const auto first_unheard = core.alarms.first_unheard([&core](const Alarm& alarm) {
    return tone_of(alarm, core.policy_of(alarm.source)) == Tone::siren;
  });
  silence.at = std::min(step.now(), first_unheard.value_or(step.now()));
  silence.until = step.now() + kSilence;
  silence.by = command.by;
  step.put(duty);
  return {};
}

// Of a scope that is mistyped nobody would notice that it covers nobody until the siren sounds.
Refusal unknown_in(const DrillScope& scope, const Core& core) {
  for (const std::string& device : scope.devices) {
    if (core.devices.find(device) == nullptr) return Refusal::device_unknown;
  }
  for (const std::string& place : scope.places) {
    const auto is_there = [&place](const Device& each) {
      return Place{place}.holds(each.place.view());
    };
    if (core.devices.find_if(is_there) == nullptr) return Refusal::place_unknown;
  }
  return Refusal::none;
}

CommandResult start_drill(Step& step, const Command& command) {
  Duty duty = step.core().duty_now();
  if (duty.drill) return refused(Refusal::drill_running);
  const Refusal unknown = unknown_in(command.scope, step.core());
  if (unknown != Refusal::none) return refused(unknown);
  Drill& drill = duty.drill.emplace();
  drill.scope = command.scope;
  drill.from = step.now();
  drill.until = step.now() + *command.lasts;
  drill.by = command.by;
  drill.note = command.note;
  step.put(duty);
  return {};
}

CommandResult end_drill_by(Step& step, const Command& command) {
  const auto& drill = step.core().duty_now().drill;
  if (!drill || drill->ended_by) return refused(Refusal::no_drill);
  end_drill(step, command.by);
  return {};
}

CommandResult perform_on_gateway(Step& step, const Command& command) {
  if (command.action == DutyAction::silence_siren) return silence(step, command);
  if (command.action == DutyAction::test_output) return begin_output_test(step, command);
  if (command.action == DutyAction::drill_start) return start_drill(step, command);
  if (command.action == DutyAction::replay) return {};  // its upstream does it
  return end_drill_by(step, command);
}

CommandResult perform_new(Step& step, const Command& command) {
  switch (row_of(command.action).target) {
    case Target::alarm:
      return perform_on_alarm(step, command);
    case Target::device:
      return perform_on_device(step, command);
    case Target::gateway:
      return perform_on_gateway(step, command);
  }
  return {};
}

// What ends notes itself, since time ends it too.
void note_deed(Step& step, const Command& command) {
  const bool notes_itself =
      command.action == DutyAction::live_test_end || command.action == DutyAction::drill_end;
  if (row_of(command.action).target == Target::alarm || notes_itself) return;
  Deed deed;
  deed.action = command.action;
  deed.actor = command.by;
  deed.device = row_of(command.action).target == Target::device ? command.device : "";
  deed.output = command.output;
  deed.event_class = command.event_class;
  deed.first = command.first;
  deed.last = command.last;
  deed.scope = command.scope;
  deed.note = command.note;
  deed.lasts = command.lasts;
  step.note(std::move(deed));
}

std::string target_of(const Command& command) {
  switch (row_of(command.action).target) {
    case Target::alarm:
      return std::to_string(command.alarm.serial.value);
    case Target::device:
      return command.device;
    case Target::gateway:
      return command.output;
  }
  return {};
}

bool is_kept(const CommandDone& done, ServiceTime now) {
  return now - done.at.service < kKeyKept;
}

CommandResult repeat_of(const CommandDone& done, const Command& command) {
  if (done.action != command.action || done.target != target_of(command))
    return refused(Refusal::key_reused);
  CommandResult result = done.result;
  result.is_repeat = true;
  return result;
}

// The oldest keys go, some with each command, so that none needs a timer of its own.
void forget_keys(Step& step) {
  constexpr int kAtOnce = 4;
  for (int i = 0; i < kAtOnce; ++i) {
    const auto oldest = step.core().keys.begin();
    if (oldest == step.core().keys.end()) return;
    const bool too_many = step.core().keys.size() > kMostKeys;
    if (!too_many && step.now() - oldest->first < kKeyKept) return;
    CommandDone gone = *step.core().done.find(oldest->second);
    gone.is_forgotten = true;
    step.put(std::move(gone));
  }
}

}  // namespace

CommandResult perform(Step& step, const Command& command) {
  if (auto result = check_sender(command); result.refusal != Refusal::none) return result;
  // Before its time is looked at: what was done in time is answered so, however late it is asked.
  const CommandDone* done = step.core().done.find(command.key);
  if (done != nullptr && is_kept(*done, step.now())) return repeat_of(*done, command);
  if (auto result = check_wish(command, step.moment()); result.refusal != Refusal::none)
    return result;
  // It changes nothing: what is so is told each time.
  if (command.action == DutyAction::send_state) return {};
  const CommandResult result = perform_new(step, command);
  if (result.refusal != Refusal::none) return result;
  note_deed(step, command);
  step.put(CommandDone{command.key, command.action, target_of(command), result, step.at()});
  forget_keys(step);
  return result;
}

}  // namespace watchpost::rules
