// Judging: judgement at work between messages and the store. What it changes becomes records and
// facts of the append that holds what caused it, and it is told what became of that append.
// Promise: a transition is a record behind that of its evidence, in the same append; what was not
// committed is taken back before its sender hears of it (J3). What causes nothing adds nothing to
// its append. Used by Pipeline and RecordMaker, on the I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "rules/judgement.hpp"
#include "spool/append.hpp"

namespace watchpost::pipeline {

class Judging {
 public:
  // Goes on where `stored` ended.
  Judging(rules::JudgementOptions options, const StoredJudgement& stored, const ClockReading& now)
      : judgement_(std::move(options), stored, now) {}

  // What the configuration fixes of devices; it goes before what a person entered. An empty text is
  // not fixed.
  struct FixedDevice {
    std::string name{};
    DeviceCard card{};
  };
  using FixedDevices = std::unordered_map<std::string, FixedDevice>;
  void fix(std::shared_ptr<const FixedDevices> devices) { fixed_ = std::move(devices); }
  // Null: nothing of it is.
  [[nodiscard]] const FixedDevice* fixed(std::string_view device) const;
  // What a device is called by its messages, where nobody has entered it.
  void on_unnamed(std::function<std::string(std::string_view device)> name) {
    name_ = std::move(name);
  }

  // The rules of the site, and what they are to remember: see rules::Judgement.
  void use_rules(std::shared_ptr<const rules::Conditions::Rules> rules, const ClockReading& now) {
    judgement_.use_rules(std::move(rules), now);
  }
  void recall(const rules::PastObservation& past, const ClockReading& now) {
    judgement_.recall(past, now);
  }
  void watch_silence(const ClockReading& now) { judgement_.watch_silence(now); }

  // How often devices are to be heard, and what is known of the links to brokers.
  void use(rules::SupervisionRules rules, const ClockReading& now) {
    judgement_.use(std::move(rules), now);
  }
  void link(std::string_view broker, bool is_up, const ClockReading& now) {
    judgement_.link(broker, is_up, now);
  }

  [[nodiscard]] rules::Verdict judge(const Observation& observation, const ClockReading& now,
                                     const rules::CameBy& by) {
    return judgement_.judge(observation, now, by);
  }
  void notice(std::string_view device, const ClockReading& now) { judgement_.notice(device, now); }
  [[nodiscard]] rules::Judgement::Obeyed obey(const Command& command, const ClockReading& now) {
    return judgement_.obey(command, now);
  }
  // `by` stands on record.
  [[nodiscard]] CommandResult enter(const Device& device, const Actor& by, const ClockReading& now,
                                    spool::Append& append);
  // Something is to be done by now.
  [[nodiscard]] bool is_due(SteadyTime now) const {
    const auto due = judgement_.due_at();
    return due && *due <= now;
  }
  // A bounded part of what is due; what it changes is added to `append`.
  void tick(const ClockReading& now, spool::Append& append);

  // Each alarm that is on disk and waits for somebody.
  using Waiting = rules::Judgement::Waiting;
  void for_each_waiting(const ClockReading& now, const std::function<void(const Waiting&)>& see) {
    judgement_.for_each_waiting(now, see);
  }
  // What became of telling an output of alarms, to be kept with them.
  void told(const std::vector<ToldOf>& told, const ClockReading& now, spool::Append& append);
  // How the test of an output ended.
  void output_tested(const rules::OutputTestEnd& end, const ClockReading& now,
                     spool::Append& append);
  // Of the site; used from now on.
  void use(EscalationRules rules) { judgement_.use(std::move(rules)); }

  // What one call of judgement changes, and the place in Append::records of what caused it.
  struct Caused {
    rules::Changes changes;
    std::optional<std::size_t> record;
    [[nodiscard]] bool is_nothing() const {
      return !changes.any() && changes.based_on == StepNumber{};
    }
    // Rows that say no more than when something was heard, or how often: nothing that happened.
    [[nodiscard]] bool is_rows_only() const {
      return changes.transitions.empty() && changes.deeds.empty() &&
             (!changes.any() || !changes.facts.empty());
    }
  };
  // In the order in which they were judged; the records of the append that cause something are
  // there already.
  void add(std::vector<Caused>& all, spool::Append& append);
  // The same where all of them are is_rows_only(): the rows go into an append of their own, before
  // that of the message. Else a message of a low class would be one of alarms with them, for which
  // others make room.
  void add_aside(std::vector<Caused>& all, spool::Append& append, spool::Append& rows);
  // What became of an append that was handed over.
  void settled(const spool::Append& append, bool is_kept);

  [[nodiscard]] const rules::Judgement& judgement() const { return judgement_; }
  // Of a device, for people.
  [[nodiscard]] AlarmWhere where(std::string_view device) const;
  [[nodiscard]] DeviceCard card_of(std::string_view device) const;

 private:
  void add(Caused&& one, spool::JudgedSteps& steps, spool::Append& append) const;

  rules::Judgement judgement_;
  std::shared_ptr<const FixedDevices> fixed_;  // null: none
  std::function<std::string(std::string_view device)> name_;
  StepNumber settled_{};  // judgement has heard what became of all up to this one
};

}  // namespace watchpost::pipeline
