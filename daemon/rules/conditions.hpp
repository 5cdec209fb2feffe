// Conditions: what the rules of this site say of what devices measure, and of their silence.
// Promise: a message that no rule concerns costs a look-up or two and no memory. A reading counts
// at the time that its device names where that clock can be believed, else when it came; late
// records fill windows and say nothing, a broker's copy is no reading. What was remembered goes
// back with a step that failed. Bounded: kMostWatches; what is beyond is judged by each reading
// alone, without windows, delays and silence. No clock, no SQL; I/O thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/per_kind.hpp"
#include "rules/alarm_book.hpp"
#include "rules/rule_watch.hpp"
#include "rules/time_over_restarts.hpp"

namespace watchpost::rules {

// When an observation was heard, and what is known of its device.
struct HeardAt {
  ServiceTime service{};
  WallTime wall{};
  ClockQuality clock = ClockQuality::unset;
  std::string_view place{};  // as it was entered
  StepNumber step{};         // that it will have if it changes anything
  const AlarmBook* alarms = nullptr;
};

class Conditions {
 public:
  static constexpr std::size_t kMostWatches = 100'000;
  static constexpr std::size_t kMostOfPlace = 64;  // detectors that are remembered for one place
  // A device's clock is believed within these of ours.
  static constexpr std::chrono::minutes kBelievedAhead{1};
  static constexpr std::chrono::hours kBelievedBehind{2};

  using Rules = std::vector<SiteRule>;
  explicit Conditions(std::shared_ptr<const Rules> rules = std::make_shared<const Rules>());

  [[nodiscard]] bool any() const { return !rules_->empty(); }
  [[nodiscard]] const Rules& rules() const { return *rules_; }
  // Adds what rules say of it. `has_alarms`: some are open for its device, so that what ends one is
  // said too.
  void hear(const Observation& observation, const HeardAt& at, bool has_alarms,
            std::vector<Signal>& signals);
  // The same of the past: it fills what is remembered. In the order in which they were heard.
  void recall(const Observation& observation, const HeardAt& at);
  // From now on the silence of the devices that rules name is counted, if they are never heard.
  void begin(ServiceTime now);
  // An alarm of such a rule is open: its next word is about the same device.
  void recall_open(const AlarmSource& source, std::string_view place);

  [[nodiscard]] std::optional<ServiceTime> next_due() const;
  // What is due by `now`, the first of it.
  void tick(ServiceTime now, StepNumber step, std::vector<Signal>& signals);

  // The step came to nothing: it will not be told of.
  void drop(StepNumber step);
  void committed(StepNumber last);
  void rolled_back();
  // Other rules; what is remembered for those that stay as they are is kept.
  void use(std::shared_ptr<const Rules> rules);

  // How far back a rule looks, so that records of before a start are worth reading.
  [[nodiscard]] std::chrono::milliseconds memory() const;
  // Devices and rules for whom there is no room.
  [[nodiscard]] bool is_beyond() const { return is_beyond_; }

 private:
  struct Change {
    StepNumber step;
    RuleWatch* watch;
    RuleWatch::State before;
  };
  // The detectors of one place that say so, and about which of them the alarm is.
  struct Group {
    std::map<std::string, ServiceTime> said;
    std::string about;
  };
  using Numbers = std::vector<std::uint32_t>;  // of rules

  void index();
  [[nodiscard]] bool concerns(const SiteRule& rule, const Observation& observation,
                              std::string_view place) const;
  [[nodiscard]] RuleWatch* watch_of(std::uint32_t rule, const std::string& device);
  void schedule(RuleWatch& watch, std::optional<ServiceTime> before);
  struct Message {
    const Observation& observation;
    const HeardAt& at;
    ServiceTime measured{};
    bool has_alarms = false;
    std::vector<Signal>* signals = nullptr;  // null: of the past
  };
  void hear_rules(const Numbers& numbers, const Message& message);
  void hear_rule(std::uint32_t number, const Message& message);
  void hear_group(std::uint32_t number, const Message& message);

  std::shared_ptr<const Rules> rules_;
  std::unordered_map<std::string, Numbers> by_device_;
  std::array<Numbers, kKindCount> by_kind_;
  Numbers everywhere_;

  std::deque<RuleWatch> watches_;  // bounded: kMostWatches
  std::unordered_map<std::string, std::vector<RuleWatch*>> of_device_;
  std::set<std::pair<ServiceTime, RuleWatch*>> due_;
  std::map<std::pair<std::uint32_t, std::string>, Group> groups_;  // by rule and place
  std::deque<Change> under_way_;                                   // as AlarmBook::under_way_
  bool is_beyond_ = false;
};

// The time of a reading on the axis of timers: as its device says, where that can be believed.
[[nodiscard]] ServiceTime measured_at(const Observation& observation, const HeardAt& at);

}  // namespace watchpost::rules
