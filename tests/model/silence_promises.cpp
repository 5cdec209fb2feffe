#include "model/silence_promises.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace watchpost::model {
namespace {

// Of JudgementOptions that nobody has changed: silent after so many intervals.
constexpr int kSilentAfter = 3;
// Until it is looked for again: what it waits for once more, and a minute for what is under way.
constexpr std::chrono::minutes kPatience{2};

bool is_of_radio(const Alarm& alarm) {
  return alarm.times.absence && alarm.times.absence->affects > 0;
}

bool is_silence(const Alarm& alarm) {
  return alarm.source.condition == Condition::silent;
}

}  // namespace

SilencePromises::SilencePromises(const support::DutyDesk& desk) : desk_(desk) {}

void SilencePromises::heard(const std::string& device) {
  Known& known = devices_[device];
  known.heard = desk_.now.steady;
  known.is_told = false;
}

void SilencePromises::committed(const support::DutyDesk::Append& append) {
  for (const Transition& each : append.changes.transitions) {
    if (is_silence(*each.alarm)) see(each);
  }
  for (const Fact& fact : append.changes.facts) {
    if (const auto* device = std::get_if<SharedDevice>(&fact)) see(**device);
  }
}

void SilencePromises::see(const Transition& transition) {
  const Alarm& alarm = *transition.alarm;
  if (!alarm.is_active() || transition.event != AlarmEvent::raised) return;
  ++silences_;
  const SteadyTime now = desk_.now.steady;
  if (is_of_radio(alarm)) {
    const auto overdue = [now](const auto& each) {
      const Known& known = each.second;
      return known.expected.count() > 0 && now - known.heard >= known.expected * 3 / 2;
    };
    const auto count = std::count_if(devices_.begin(), devices_.end(), overdue);
    if (!has_waited_ && count < 3)
      broken_.push_back(fmt::format("a radio is silent, and {} of its devices are", count));
    return;
  }
  Known& known = devices_[alarm.source.device];
  known.is_told = true;
  const bool is_due =
      known.expected.count() > 0 && now - known.heard >= known.expected * kSilentAfter;
  if (!has_waited_ && !is_due)
    broken_.push_back(alarm.source.device + " is told as silent and was heard in time");
}

void SilencePromises::see(const Device& device) {
  if (device.is_removed) {
    devices_.erase(device.id);
    return;
  }
  Known& known = devices_[device.id];
  const auto expected = device.expected.value_or(std::chrono::seconds{0});
  if (known.expected != expected) known.expected_since = desk_.now.steady;
  known.expected = expected;
}

void SilencePromises::look() {
  const SteadyTime now = desk_.now.steady;
  has_waited_ = desk_.waiting() > 0;
  if (has_waited_) excused_ = now;
  if (has_waited_) return;
  const auto open = desk_.open();
  const auto explains = [](const SharedAlarm& each) {
    return is_silence(*each) && is_of_radio(*each) && each->is_active();
  };
  const bool is_radio_told = std::any_of(open.begin(), open.end(), explains);
  if (is_radio_told || open.size() >= desk_.most_alarms()) excused_ = now;
  for (const SharedAlarm& each : open) {
    if (is_silence(*each) && each->is_active()) devices_[each->source.device].is_told = true;
  }
  for (const auto& [id, known] : devices_) check(id, known);
}

void SilencePromises::check(const std::string& id, const Known& known) {
  if (known.is_told || known.expected.count() == 0) return;
  const SteadyTime since = std::max({known.heard, known.expected_since, excused_});
  const auto most = known.expected * kSilentAfter * 2 + kPatience;
  if (desk_.now.steady - since > most)
    broken_.push_back(id + " is not heard for long, and nobody is told");
}

void SilencePromises::is_back() {
  has_waited_ = false;
  excused_ = {};
  for (auto& [id, known] : devices_) {
    const auto row = desk_.disk.devices.find(id);
    const bool is_kept = row != desk_.disk.devices.end();
    known = {};
    if (is_kept) known.expected = row->second->expected.value_or(std::chrono::seconds{0});
  }
  look();
}

}  // namespace watchpost::model
