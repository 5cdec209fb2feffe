#include "rules/radios.hpp"

#include <algorithm>
#include <array>

namespace watchpost::rules {
namespace {

constexpr std::string_view kBridge = "/bridge";

// Half as long again as it is expected: one message is missing for certain.
SteadyDuration overdue_after(const Watched& watched) {
  return SteadyDuration{watched.expected()} * 3 / 2;
}

bool is_below(std::string_view topic, std::string_view levels) {
  return topic.size() > levels.size() && topic[levels.size()] == '/' && topic.starts_with(levels);
}

std::string_view last_level(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

}  // namespace

std::string_view radio_in(std::string_view topic) {
  // Below these stands what a network server, or a box, is called.
  constexpr std::array<std::string_view, 6> kShared{"tele", "stat",        "cmnd",
                                                    "v3",   "application", "gateway"};
  const auto first = topic.find('/');
  if (first == topic.npos || first == 0) return {};
  const std::string_view head = topic.substr(0, first);
  if (std::find(kShared.begin(), kShared.end(), head) == kShared.end()) return head;
  const auto second = topic.find('/', first + 1);
  return second == topic.npos ? std::string_view{} : topic.substr(0, second);
}

void Radios::schedule(Radio& radio, SteadyTime due) {
  if (radio.due == due) return;
  if (radio.due != SteadyTime::max()) due_.erase({radio.due, radio.name});
  radio.due = due;
  if (due != SteadyTime::max()) due_.emplace(std::pair(due, std::string_view(radio.name)), &radio);
}

Radio* Radios::named(std::string_view name, bool is_broker) {
  auto& all = is_broker ? brokers_ : radios_;
  const auto found = all.find(name);
  if (found != all.end()) return found->second.get();
  if (all.size() >= kMostRadios) return nullptr;
  auto made = std::make_unique<Radio>();
  made->name = name;
  made->is_broker = is_broker;
  made->about = is_broker ? "broker/" + made->name : made->name;
  Radio* const radio = made.get();
  all.emplace(radio->name, std::move(made));
  if (is_broker) return radio;
  bridges_.emplace(radio->name, radio);
  bridges_.emplace(radio->name + std::string(kBridge), radio);
  const bool is_nested = radio->name.find('/') != radio->name.npos;
  if (is_nested) bridges_.emplace(std::string(last_level(radio->name)), radio);
  if (is_nested && radio_in(radio->name + "/") != radio->name) nested_.push_back(radio);
  return radio;
}

Radio* Radios::over(const CameBy& by, const Watched& watched) {
  const std::string_view topic = by.topic;
  const std::string_view device = watched.id;
  for (Radio* const radio : nested_) {
    if (is_below(topic, radio->name)) return device == last_level(radio->name) ? nullptr : radio;
  }
  const std::string_view name = radio_in(topic);
  // Who is the box itself is heard over none.
  const bool is_itself = name.empty() || device == name || device == last_level(name);
  return is_itself || device.ends_with(kBridge) ? nullptr : named(name, false);
}

void Radios::join(Watched& watched, Radio* Watched::*which, Radio* radio) {
  Radio*& now = watched.*which;
  if (now == radio) return;
  if (now != nullptr) std::erase(now->members, &watched);
  now = radio;
  if (radio != nullptr) radio->members.push_back(&watched);
}

bool Radios::place(Watched& watched, const CameBy& by) {
  if (by.topic.empty()) return false;
  const bool is_below_it = watched.radio != nullptr && is_below(by.topic, watched.radio->name);
  const bool is_same =
      is_below_it && (nested_.empty() || watched.radio->name != radio_in(by.topic));
  const bool is_same_broker =
      watched.broker == nullptr ? by.broker.empty() : watched.broker->name == by.broker;
  if (is_same && is_same_broker) return false;
  Radio* const radio_before = watched.radio;
  Radio* const broker_before = watched.broker;
  if (!is_same) join(watched, &Watched::radio, over(by, watched));
  if (!is_same_broker) {
    join(watched, &Watched::broker, by.broker.empty() ? nullptr : named(by.broker, true));
  }
  // Who is heard now over one radio and now over another is not written each time.
  const bool is_first = radio_before == nullptr && broker_before == nullptr;
  return is_first && (watched.radio != nullptr || watched.broker != nullptr);
}

Radio* Radios::bridge_of(const Observation& observation, const CameBy& by) {
  const std::string_view device = observation.device;
  if (device.ends_with(kBridge) && by.topic.starts_with(device)) {
    Radio* const radio = named(device.substr(0, device.size() - kBridge.size()), false);
    if (radio != nullptr) radio->about = device;
    return radio;
  }
  const auto found = bridges_.find(observation.device);
  if (found == bridges_.end() || found->second->members.empty()) return nullptr;
  found->second->about = device;
  return found->second;
}

void Radios::hear_bridge(Radio& radio, bool is_online, SteadyTime now) {
  if (is_online && radio.is_said_down) radio.back = now;
  radio.is_said_down = !is_online;
  if (!is_online) radio.fell = now;
}

void Radios::hear(const Watched& watched, SteadyTime now) {
  Radio* const radio = watched.radio;
  if (radio == nullptr) return;
  if (radio->is_said_down) {
    // Its word is not so any more.
    radio->is_said_down = false;
    radio->back = now;
  }
  if (!radio->is_down) return;
  radio->heard_again.insert(&watched);
  if (radio->heard_again.size() < radio->needed) return;
  radio->is_down = false;
  radio->back = now;
  schedule(*radio, now);
}

void Radios::recall_down(const Down& down) {
  const std::string_view about = down.about;
  constexpr std::string_view kBroker = "broker/";
  const bool is_broker = about.starts_with(kBroker);
  std::string_view name = about;
  if (is_broker) name.remove_prefix(kBroker.size());
  if (name.ends_with(kBridge)) name.remove_suffix(kBridge.size());
  Radio* radio = nullptr;
  if (is_broker) {
    radio = named(name, true);
  } else if (const auto known = bridges_.find(std::string(about)); known != bridges_.end()) {
    radio = known->second;
  } else {
    radio = named(name, false);
  }
  if (radio == nullptr) return;
  radio->about = about;
  radio->is_said_down = down.by_its_word;
  radio->is_down = !down.by_its_word;
  radio->needed = std::min(kLeastTogether, (down.affects + 1) / 2);
}

void Radios::link(std::string_view broker, bool is_up, SteadyTime now) {
  const auto known = brokers_.find(broker);
  if (is_up && known == brokers_.end()) return;
  Radio* const radio = named(broker, true);
  if (radio == nullptr) return;
  const bool was_down = radio->is_down || radio->fell.has_value();
  if (is_up == !was_down) return;
  if (is_up) {
    radio->is_down = false;
    radio->fell.reset();
    radio->back = now;
    return schedule(*radio, now);
  }
  radio->fell = now;
  schedule(*radio, now + kLinkPatience);
}

std::size_t Radios::together(const Radio& radio, const Watched& watched, SteadyTime now) {
  std::size_t alive = 0;
  std::size_t quiet = 0;
  for (const Watched* const each : radio.members) {
    if (each->expected().count() == 0 || each->was_silent) continue;
    const SteadyDuration wait = overdue_after(*each);
    // It was silent before.
    if (each->heard + wait < watched.heard) continue;
    ++alive;
    const bool is_overdue = each->is_off_line || now > each->heard + wait;
    if (is_overdue && each->heard <= watched.heard + overdue_after(watched)) ++quiet;
  }
  return quiet >= kLeastTogether && 2 * quiet > alive ? quiet : 0;
}

bool Radios::is_affected(const Radio& radio, const Watched& watched) {
  if (watched.was_silent) return false;
  if (!radio.fell || watched.expected().count() == 0) return true;
  return watched.heard + overdue_after(watched) >= *radio.fell;
}

Absence Radios::absence_of(const Radio& radio) {
  Absence absence;
  for (const Watched* const each : radio.members) {
    if (!is_affected(radio, *each)) continue;
    ++absence.affects;
    if (absence.devices.size() < Absence::kMostNamed) absence.devices.emplace_back(each->id);
  }
  return absence;
}

void Radios::put_down(Radio& radio, const Watched& first, std::size_t together) {
  radio.is_down = true;
  radio.fell = first.heard;
  radio.heard_again.clear();
  radio.needed = std::min(kLeastTogether, (together + 1) / 2);
}

void Radios::leave(Watched& watched) {
  for (Radio* const radio : {watched.radio, watched.broker}) {
    if (radio != nullptr) radio->heard_again.erase(&watched);
  }
  join(watched, &Watched::radio, nullptr);
  join(watched, &Watched::broker, nullptr);
}

void Radios::recall(Watched& watched, const Habit& habit) {
  if (!habit.radio.empty()) join(watched, &Watched::radio, named(habit.radio, false));
  if (!habit.broker.empty()) join(watched, &Watched::broker, named(habit.broker, true));
}

std::optional<SteadyTime> Radios::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first.first;
}

Radio* Radios::due(SteadyTime now) const {
  if (due_.empty() || due_.begin()->first.first > now) return nullptr;
  return due_.begin()->second;
}

}  // namespace watchpost::rules
