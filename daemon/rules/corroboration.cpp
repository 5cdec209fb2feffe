#include "rules/corroboration.hpp"

#include <algorithm>
#include <vector>

namespace watchpost::rules {
namespace {

// Of the device and of its place: the newest that are open, in the order in which they came.
std::vector<SharedAlarm> beside(const Core& core, const Alarm& alarm) {
  std::vector<SharedAlarm> found;
  const auto look = [&](const std::vector<AlarmSerial>& serials) {
    for (auto at = serials.rbegin(); at != serials.rend() && found.size() < kMostBeside; ++at) {
      if (*at == alarm.number.serial) continue;
      const SharedAlarm row = core.alarms.find(*at);
      if (row && row->is_open()) found.push_back(row);
    }
    std::reverse(found.begin(), found.end());
  };
  const std::string_view place = place_of(core, alarm.source.device);
  if (place.empty()) {
    look(core.alarms.of_device(alarm.source.device));
  } else {
    look(core.alarms.of_place(place));
  }
  return found;
}

bool speaks(const Alarm& alarm) {
  return alarm.source.condition == Condition::alarm && !alarm.holds.out_of_service &&
         !alarm.holds.suppressed;
}

void make_red(Step& step, const SharedAlarm& alarm, const Actor& other) {
  if (alarm->marks.corroborated) return;
  (void)step.apply(alarm, {AlarmEvent::worsened, other, {}},
                   [](Alarm& after) { after.marks.corroborated = true; });
}

void look_for_fire(Step& step, const Alarm& alarm) {
  Core& core = step.core();
  for (const SharedAlarm& other : beside(core, alarm)) {
    const bool is_other_detector = other->source.device != alarm.source.device;
    const auto last = core.alarms.said_again(other->number.serial).last.service;
    const bool is_recent = other->is_active() || step.now() - last <= kTwoDetectors;
    if (!is_other_detector || !is_fire(other->source.kind) || !speaks(*other) || !is_recent ||
        other->marks.practice() != alarm.marks.practice()) {
      continue;
    }
    make_red(step, core.alarms.find(alarm.number.serial),
             {Origin::device, other->source.device, {}});
    make_red(step, other, {Origin::device, alarm.source.device, {}});
  }
}

void confirm(Step& step, const SharedAlarm& fall, const Actor& by) {
  (void)step.apply(fall, {AlarmEvent::second_signal, by, {}});
}

// Whichever of the two comes first, within the time in which a suspicion waits.
void look_for_fall(Step& step, const Alarm& alarm) {
  Core& core = step.core();
  for (const SharedAlarm& other : beside(core, alarm)) {
    const bool is_sos = alarm.source.kind == Kind::sos;
    if (other->source.kind != (is_sos ? Kind::fall : Kind::sos) || !speaks(*other) ||
        other->marks.practice() != alarm.marks.practice()) {
      continue;
    }
    const SharedAlarm fall = is_sos ? other : core.alarms.find(alarm.number.serial);
    const Alarm& sos = is_sos ? alarm : *other;
    const auto window = core.policy_of(fall->source).confirm_after;
    const auto apart = std::chrono::abs(fall->waiting_since -
                                        core.alarms.said_again(sos.number.serial).last.service);
    if (!fall->marks.only_suspected || apart > window) continue;
    confirm(step, fall, {Origin::device, sos.source.device, {}});
  }
}

}  // namespace

void corroborate(Step& step, const Alarm& alarm, const Signal& signal) {
  if (signal.condition != Condition::alarm || !speaks(alarm)) return;
  if (is_fire(signal.kind)) look_for_fire(step, alarm);
  if (signal.kind == Kind::fall || signal.kind == Kind::sos) look_for_fall(step, alarm);
}

}  // namespace watchpost::rules
