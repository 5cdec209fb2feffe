#include "rules/silences.hpp"

#include <algorithm>

#include "rules/episodes.hpp"

namespace watchpost::rules {
namespace {

Signal silence_of(std::string_view device, Says says) {
  Signal signal;
  signal.device = device;
  signal.kind = Kind::device_status;
  signal.condition = Condition::silent;
  signal.says = says;
  return signal;
}

Signal fault_of(std::string_view device) {
  Signal signal = silence_of(device, Says::so);
  signal.condition = Condition::fault;
  return signal;
}

// People are told of it, and it is still so.
bool is_active(const Core& core, const Signal& signal) {
  const SharedAlarm alarm = core.alarms.open_of(signal);
  return alarm != nullptr && alarm->is_active();
}

bool is_told(const Core& core, const Radio& radio) {
  if (is_active(core, silence_of(radio.about, Says::so))) return true;
  return radio.is_said_down && is_active(core, fault_of(radio.about));
}

const Radio* cause_of(const Core& core, const Watched& watched) {
  for (const Radio* const radio : {watched.radio, watched.broker}) {
    if (radio == nullptr || !Radios::is_affected(*radio, watched)) continue;
    if (is_told(core, *radio)) return radio;
  }
  return nullptr;
}

// Since when it is waited for: a radio that is back gives its devices their whole time.
SteadyTime waited_since(const Watched& watched) {
  SteadyTime since = watched.heard;
  for (const Radio* const radio : {watched.radio, watched.broker}) {
    if (radio != nullptr) since = std::max(since, radio->back);
  }
  return since;
}

std::optional<WallTime> heard_at(const Watched& watched, const Moment& now) {
  if (!watched.was_heard || now.quality == ClockQuality::unset) return std::nullopt;
  return now.wall - std::chrono::duration_cast<WallTime::duration>(now.steady - watched.heard);
}

void raise_radio(Step& step, Radio& radio) {
  const Absence absence = Radios::absence_of(radio);
  if (absence.affects == 0) return;
  Signal signal = silence_of(radio.about, Says::so);
  signal.absence = &absence;
  (void)hear(step, signal);
  if (is_told(step.core(), radio)) explain(step, radio);
}

void look_at(Step& step, Radio& radio) {
  Supervision& supervision = step.core().supervision;
  const SteadyTime now = step.moment().steady;
  // A link that has been down for a while.
  if (radio.is_broker && radio.fell) radio.is_down = true;
  const bool is_open = is_active(step.core(), silence_of(radio.about, Says::so));
  const bool is_told = radio.is_down == is_open;
  // What is not on disk yet may fail to be.
  if (is_told && !step.core().alarms.is_under_way(radio.about))
    return supervision.radios().schedule(radio, SteadyTime::max());
  if (!is_told && radio.is_down) raise_radio(step, radio);
  if (!is_told && !radio.is_down) (void)hear(step, silence_of(radio.about, Says::over));
  // Until it is on disk, or the device that flickers has held.
  supervision.radios().schedule(radio, now + Supervision::kLookAgain);
}

void raise(Step& step, const Watched& watched) {
  Absence absence;
  absence.heard = heard_at(watched, step.moment());
  absence.expected = watched.expected();
  absence.is_learned = watched.is_learned();
  Signal signal = silence_of(watched.id, Says::so);
  signal.absence = &absence;
  (void)hear(step, signal);
}

// With most of its radio, which people are told of now.
bool falls_with_radio(Step& step, Watched& watched) {
  Supervision& supervision = step.core().supervision;
  const SteadyTime now = step.moment().steady;
  Radio* const radio = watched.radio;
  const std::size_t together = radio == nullptr ? 0 : Radios::together(*radio, watched, now);
  if (together == 0) return false;
  Radios::put_down(*radio, watched, together);
  raise_radio(step, *radio);
  supervision.radios().schedule(*radio, now + Supervision::kLookAgain);
  return is_told(step.core(), *radio);
}

// False: nothing more of it is to be looked for until it is heard.
bool looks_again(Step& step, Watched& watched) {
  Core& core = step.core();
  const Radio* const cause = cause_of(core, watched);
  const SharedAlarm open = core.alarms.open_of(silence_of(watched.id, Says::so));
  if (open && open->is_active()) {
    // What is not on disk yet may fail to be.
    const bool is_told = !open->holds.suppressed;
    if (is_told && !core.alarms.is_under_way(watched.id)) return false;
    if (!is_told && cause != nullptr) return true;
    if (!is_told) (void)hear(step, silence_of(watched.id, Says::so));
  } else {
    if (watched.was_silent) return false;
    // Its bridge has said so, and that is an alarm.
    const bool is_said = watched.is_off_line && is_active(core, fault_of(watched.id));
    if (cause != nullptr || is_said || falls_with_radio(step, watched)) return true;
    raise(step, watched);
  }
  core.supervision.schedule(watched, step.moment().steady + Supervision::kLookAgain);
  return true;
}

void look_at(Step& step, Watched& watched) {
  Core& core = step.core();
  Supervision& supervision = core.supervision;
  const SteadyTime now = step.moment().steady;
  const auto wait = supervision.allowance(watched);
  if (wait.count() == 0) return supervision.schedule(watched, SteadyTime::max());
  if (watched.was_heard && watched.heard + wait > now && core.alarms.may_have(watched.id))
    (void)hear(step, silence_of(watched.id, Says::over));
  if (const SteadyTime due = waited_since(watched) + wait; due > now)
    return supervision.schedule(watched, due);
  const SteadyTime before = watched.timer.due;
  if (!looks_again(step, watched)) return supervision.schedule(watched, SteadyTime::max());
  if (watched.timer.due == before) supervision.schedule(watched, now + wait);
}

}  // namespace

void recall_silences(Core& core) {
  core.alarms.for_each([&core](const SharedAlarm& alarm) {
    if (!alarm->is_open() || !alarm->is_active()) return;
    const bool is_silent = alarm->source.condition == Condition::silent;
    if (alarm->times.absence && alarm->times.absence->affects > 0) {
      core.supervision.radios().recall_down(
          {alarm->source.device, !is_silent, alarm->times.absence->affects});
    } else if (is_silent && !alarm->holds.suppressed) {
      core.supervision.recall_silent(alarm->source.device);
    }
  });
}

void add_silences(const Core& core, const Said& said, std::vector<Signal>& signals,
                  std::optional<Absence>& absence) {
  const Observation& observation = said.observation;
  const Supervision::Heard& heard = said.heard;
  if (heard.down != nullptr) {
    absence = Radios::absence_of(*heard.down);
    if (absence->affects == 0) return;
    for (Signal& signal : signals) {
      if (signal.condition == Condition::fault && signal.says == Says::so)
        signal.absence = &*absence;
    }
    return;
  }
  if (observation.stored_copy || !core.alarms.may_have(observation.device)) return;
  const Watched* const watched = core.supervision.find(observation.device);
  if (watched != nullptr && !watched->is_off_line)
    signals.push_back(silence_of(observation.device, Says::over));
}

void write_habit(Step& step, std::string_view device) {
  Core& core = step.core();
  const Device* const row = core.devices.find(device);
  const Watched* const watched = core.supervision.find(device);
  if (row == nullptr || watched == nullptr) return;
  auto habit = core.supervision.habit_of(*watched);
  // What is learnt from is always another by now.
  const bool is_same = row->habit ? *row->habit == *habit : *habit == Habit{};
  if (is_same && !watched->gaps.any()) return;
  Device changed = *row;
  changed.habit = std::move(habit);
  step.put(std::move(changed));
}

void explain(Step& step, Radio& radio) {
  Core& core = step.core();
  for (Watched* const each : radio.members) {
    if (!core.alarms.may_have(each->id) || !Radios::is_affected(radio, *each)) continue;
    const SharedAlarm open = core.alarms.open_of(silence_of(each->id, Says::so));
    if (!open || !open->is_active() || open->holds.suppressed) continue;
    (void)step.apply(open, {AlarmEvent::explained, {}, radio.about},
                     [](Alarm& after) { after.holds.suppressed = true; });
    const SteadyTime now = step.moment().steady;
    core.supervision.schedule(*each, now + core.supervision.allowance(*each));
  }
}

void look_for_silences(Step& step) {
  constexpr std::size_t kMostAtOnce = 256;
  Supervision& supervision = step.core().supervision;
  const SteadyTime now = step.moment().steady;
  for (std::size_t i = 0; i < kMostAtOnce; ++i) {
    if (Radio* const radio = supervision.radios().due(now)) {
      look_at(step, *radio);
    } else if (Watched* const watched = supervision.due_device(now)) {
      look_at(step, *watched);
    } else {
      return;
    }
  }
}

}  // namespace watchpost::rules
