#include "rules/sounding.hpp"

namespace watchpost::rules {

Tone sounds(const Alarm& alarm, const AlarmPolicy& policy, const Duty& duty, ServiceTime now) {
  const Tone tone = tone_of(alarm, policy);
  const auto& silence = duty.silence;
  const bool is_muted = silence && now < silence->until && alarm.waiting_since < silence->at;
  return tone == Tone::siren && is_muted ? Tone::none : tone;
}

bool anything_sounds(const Core& core, ServiceTime now) {
  const Duty& duty = duty_of(core.duty.on_disk({}));
  bool found = false;
  core.alarms.for_each([&](const SharedAlarm& alarm) {
    found = found || sounds(*alarm, core.policy_of(alarm->source), duty, now) == Tone::siren;
  });
  return found;
}

}  // namespace watchpost::rules
