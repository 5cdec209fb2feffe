#include "rules/conditions.hpp"

#include <algorithm>
#include <utility>

#include "model/place.hpp"
#include "rules/rule_values.hpp"

namespace watchpost::rules {
namespace {

using std::chrono::milliseconds;

bool ends_something(Says says) {
  return says == Says::over || says == Says::believable;
}

Signal signal_of(const SiteRule& rule, std::string_view device, Says says) {
  Signal signal;
  signal.device = device;
  signal.kind = rule.alarm_kind;
  signal.condition = Condition::rule;
  signal.rule = rule.name;
  signal.says = says;
  signal.grade = rule.grade;
  signal.is_least = rule.test == RuleTest::below || rule.alarm_kind == Kind::water_distance;
  signal.text = rule.text;
  signal.text_zh = rule.text_zh;
  return signal;
}

bool is_flagged(const Observation& observation, std::string_view flag) {
  const auto& flags = observation.flags;
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

}  // namespace

ServiceTime measured_at(const Observation& observation, const HeardAt& at) {
  const bool is_told = observation.observed_at && observation.time_source != TimeSource::received;
  if (!is_told || at.clock == ClockQuality::unset || is_flagged(observation, "clock_suspect"))
    return at.service;
  const auto age = std::chrono::floor<milliseconds>(at.wall - *observation.observed_at);
  if (age > Conditions::kBelievedBehind || -age > Conditions::kBelievedAhead) return at.service;
  return std::min(at.service - age, at.service);
}

Conditions::Conditions(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {
  index();
}

void Conditions::index() {
  by_device_.clear();
  by_kind_ = {};
  everywhere_.clear();
  for (std::uint32_t i = 0; i < rules_->size(); ++i) {
    const SiteRule& rule = (*rules_)[i];
    for (const std::string& device : rule.devices) by_device_[device].push_back(i);
    if (!rule.devices.empty()) continue;
    (rule.kind ? by_kind_[static_cast<std::size_t>(*rule.kind)] : everywhere_).push_back(i);
  }
}

bool Conditions::concerns(const SiteRule& rule, const Observation& observation,
                          std::string_view place) const {
  if (rule.kind && *rule.kind != observation.kind) return false;
  return rule.place.empty() || Place{rule.place}.holds(place);
}

void Conditions::hear(const Observation& observation, const HeardAt& at, bool has_alarms,
                      std::vector<Signal>& signals) {
  if (rules_->empty() || observation.stored_copy || observation.device.empty()) return;
  const auto named = by_device_.find(observation.device);
  const Numbers& of_kind = by_kind_[static_cast<std::size_t>(observation.kind)];
  if (named == by_device_.end() && of_kind.empty() && everywhere_.empty()) return;
  const Message message{observation, at, measured_at(observation, at), has_alarms,
                        observation.history ? nullptr : &signals};
  if (named != by_device_.end()) hear_rules(named->second, message);
  hear_rules(of_kind, message);
  hear_rules(everywhere_, message);
}

void Conditions::recall(const Observation& observation, const HeardAt& at) {
  if (rules_->empty() || observation.stored_copy || observation.device.empty()) return;
  const Message message{observation, at, measured_at(observation, at), false, nullptr};
  if (const auto named = by_device_.find(observation.device); named != by_device_.end())
    hear_rules(named->second, message);
  hear_rules(by_kind_[static_cast<std::size_t>(observation.kind)], message);
  hear_rules(everywhere_, message);
}

void Conditions::hear_rules(const Numbers& numbers, const Message& message) {
  for (const std::uint32_t number : numbers) {
    const SiteRule& rule = (*rules_)[number];
    if (!concerns(rule, message.observation, message.at.place)) continue;
    if (rule.test == RuleTest::two_of) {
      hear_group(number, message);
    } else {
      hear_rule(number, message);
    }
  }
}

RuleWatch* Conditions::watch_of(std::uint32_t rule, const std::string& device) {
  auto& own = of_device_[device];
  const SiteRule* const wanted = &(*rules_)[rule];
  for (RuleWatch* watch : own) {
    if (watch->rule == wanted) return watch;
  }
  if (watches_.size() >= kMostWatches) {
    is_beyond_ = true;
    return nullptr;
  }
  own.push_back(&watches_.emplace_back(*wanted, device));
  return own.back();
}

void Conditions::schedule(RuleWatch& watch, std::optional<ServiceTime> before) {
  const auto due = watch.due();
  if (due == before) return;
  if (before) due_.erase({*before, &watch});
  if (due) due_.emplace(*due, &watch);
}

void Conditions::hear_rule(std::uint32_t number, const Message& message) {
  const SiteRule& rule = (*rules_)[number];
  const Observation& observation = message.observation;
  Sample sample{message.measured, {}};
  // Any message is a sign of life, where the rule names no quantity.
  if (rule.test != RuleTest::no_data || !rule.quantity.empty()) {
    auto value = value_for(rule, observation);
    if (!value) return;
    sample.value = std::move(*value);
  }
  // Silence is ours to notice, not the device's to date.
  if (rule.test == RuleTest::no_data) {
    if (observation.history) return;
    sample.at = message.at.service;
  }
  RuleWatch* watch = watch_of(number, observation.device);
  RuleWatch alone(rule, {});
  if (watch == nullptr) watch = &alone;
  const bool is_kept = watch != &alone;
  const RuleWatch::State before = watch->state;
  const auto due_before = watch->due();
  const auto says = watch->hear(sample);
  if (is_kept) schedule(*watch, due_before);
  if (message.signals == nullptr || !says) return;
  if (ends_something(*says) && !message.has_alarms) return;
  if (is_kept) under_way_.push_back({message.at.step, watch, before});
  Signal& signal = message.signals->emplace_back(signal_of(rule, observation.device, *says));
  signal.observed_at = observation.observed_at;
  if (observation.domain) signal.domain = observation.domain;
  if (const auto* value = std::get_if<double>(&sample.value);
      value != nullptr && *says == Says::so && rule.test != RuleTest::no_data) {
    signal.value = *value;
  }
}

void Conditions::hear_group(std::uint32_t number, const Message& message) {
  const SiteRule& rule = (*rules_)[number];
  const Observation& observation = message.observation;
  const std::string_view place = rule.place.empty() ? message.at.place : rule.place;
  if (place.empty() || observation.history) return;
  const bool is_so = is_raised(observation);
  const bool is_over =
      observation.state == DeclaredState::normal || observation.state == DeclaredState::cleared;
  if (!is_so && !is_over) return;
  const auto key = std::pair(number, std::string(place));
  auto found = groups_.find(key);
  if (found == groups_.end()) {
    if (is_over) return;
    found = groups_.emplace(key, Group{}).first;
  }
  Group& group = found->second;
  if (is_over) {
    group.said.erase(observation.device);
  } else if (group.said.contains(observation.device) || group.said.size() < kMostOfPlace) {
    group.said[observation.device] = message.measured;
  }
  const auto recent = std::count_if(group.said.begin(), group.said.end(), [&](const auto& one) {
    return message.measured - one.second <= rule.window;
  });
  if (message.signals == nullptr) return;
  if (recent >= rule.least && is_so) {
    const bool is_open =
        !group.about.empty() && message.at.alarms->open_of(signal_of(rule, group.about, Says::so));
    if (!is_open) group.about = observation.device;
    message.signals->push_back(signal_of(rule, group.about, Says::so));
  } else if (group.said.empty() && is_over && !group.about.empty()) {
    message.signals->push_back(signal_of(rule, group.about, Says::over));
  }
}

void Conditions::begin(ServiceTime now) {
  for (std::uint32_t i = 0; i < rules_->size(); ++i) {
    const SiteRule& rule = (*rules_)[i];
    if (rule.test != RuleTest::no_data) continue;
    for (const std::string& device : rule.devices) {
      RuleWatch* const watch = watch_of(i, device);
      if (watch == nullptr || watch->state.newest) continue;
      const auto before = watch->due();
      watch->state.newest = now;
      schedule(*watch, before);
    }
  }
}

void Conditions::recall_open(const AlarmSource& source, std::string_view place) {
  for (std::uint32_t i = 0; i < rules_->size(); ++i) {
    const SiteRule& rule = (*rules_)[i];
    if (rule.test != RuleTest::two_of || rule.name != source.rule) continue;
    const std::string_view where = rule.place.empty() ? place : std::string_view(rule.place);
    if (where.empty()) continue;
    groups_[{i, std::string(where)}].about = source.device;
  }
}

std::optional<ServiceTime> Conditions::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Conditions::tick(ServiceTime now, StepNumber step, std::vector<Signal>& signals) {
  constexpr std::size_t kMostAtOnce = 256;
  for (std::size_t i = 0; i < kMostAtOnce && !due_.empty(); ++i) {
    const auto [at, watch] = *due_.begin();
    if (at > now) return;
    const RuleWatch::State before = watch->state;
    const auto says = watch->tick(now);
    schedule(*watch, at);
    if (!says) continue;
    under_way_.push_back({step, watch, before});
    signals.push_back(signal_of(*watch->rule, watch->device, *says));
    if (*says == Says::so && watch->state.last && watch->rule->test != RuleTest::no_data)
      signals.back().value = watch->state.last;
  }
}

// Most that rules say repeats what is known, and makes no step.
void Conditions::drop(StepNumber step) {
  while (!under_way_.empty() && under_way_.back().step == step) under_way_.pop_back();
}

void Conditions::committed(StepNumber last) {
  while (!under_way_.empty() && under_way_.front().step <= last) under_way_.pop_front();
}

void Conditions::rolled_back() {
  for (auto change = under_way_.rbegin(); change != under_way_.rend(); ++change) {
    const auto due = change->watch->due();
    change->watch->state = change->before;
    schedule(*change->watch, due);
  }
  under_way_.clear();
}

void Conditions::use(std::shared_ptr<const Rules> rules) {
  // What is under way and fails is said again.
  for (const Change& change : under_way_) change.watch->state.is_told = false;
  under_way_.clear();
  const auto before = std::exchange(rules_, std::move(rules));
  auto watches = std::exchange(watches_, {});
  auto groups = std::exchange(groups_, {});
  of_device_.clear();
  due_.clear();
  is_beyond_ = false;
  index();
  std::map<std::string_view, std::uint32_t> same;
  for (std::uint32_t i = 0; i < rules_->size(); ++i) {
    const SiteRule& rule = (*rules_)[i];
    const bool stays = std::find(before->begin(), before->end(), rule) != before->end();
    if (stays) same.emplace(rule.name, i);
  }
  for (RuleWatch& old : watches) {
    const auto found = same.find(old.rule->name);
    if (found == same.end()) continue;
    RuleWatch* const watch = watch_of(found->second, old.device);
    if (watch == nullptr) continue;
    const SiteRule* const rule = watch->rule;
    *watch = std::move(old);
    watch->rule = rule;
    schedule(*watch, std::nullopt);
  }
  for (auto& [key, group] : groups) {
    const auto found = same.find((*before)[key.first].name);
    if (found != same.end()) groups_[{found->second, key.second}] = std::move(group);
  }
}

milliseconds Conditions::memory() const {
  milliseconds longest{0};
  for (const SiteRule& rule : *rules_)
    longest = std::max({longest, rule.window, rule.on_delay, rule.off_delay});
  return longest;
}

}  // namespace watchpost::rules
