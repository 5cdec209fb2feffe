// DutyDesk: judgement, a clock that is moved by hand and a store without a disk, for tests of
// judgement. What is judged waits as an append until it is committed or fails, as in the daemon.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/judgement.hpp"
#include "support/kept_facts.hpp"

namespace watchpost::support {

[[nodiscard]] Observation said(std::string device, Kind kind, DeclaredState state,
                               std::vector<Reading> readings = {});

class DutyDesk {
 public:
  // What a message says of the alarm of its kind.
  struct Word {
    AlarmSource source;
    bool is_so = false;  // now
    bool is_doubtful = false;
    bool is_copy = false;
    bool is_beyond = false;   // there is no room for it
    std::uint64_t order = 0;  // in which they were judged
  };
  struct Append {
    rules::Changes changes{};
    std::optional<EventClass> record{};
    std::optional<Word> word{};
    std::optional<Observation> heard{};  // as the store would have it
    rules::Moment heard_at{};
    // On disk when a command was given: whose siren sounds, or is silenced already.
    std::set<std::uint64_t> sirens{};
  };

  explicit DutyDesk(rules::JudgementOptions options = {});

  // Judged; committed at once unless commits are held.
  rules::Verdict hear(const Observation& observation, const rules::CameBy& by = {});
  rules::Verdict hear(const rules::Signal& signal);
  // The rules of the site, now and after each restart.
  void use_rules(std::vector<SiteRule> rules);
  // How often devices are to be heard, now and after each restart.
  void use(rules::SupervisionRules rules);
  // Null: none were ever set.
  [[nodiscard]] const rules::Conditions::Rules* rules() const { return rules_.get(); }
  CommandResult ask(Command command);
  // A command of somebody who may do everything and has seen the alarm as it is now; a key of its
  // own.
  [[nodiscard]] Command wish(DutyAction action, std::uint64_t alarm = 0);
  CommandResult enter(const Device& device);
  void end_test(const rules::OutputTestEnd& end);

  // Time passes; what is due on the way is done when it is due.
  void pass(std::chrono::milliseconds by);
  // Nobody looks what is due.
  void skip(std::chrono::milliseconds by);
  void jump_wall(std::chrono::seconds by) { now.wall += by; }

  // Appends wait from now on.
  void hold() { is_held_ = true; }
  void commit_all();
  void commit_some(std::size_t most);  // in their order
  // One more commit fails, and all that was judged on top of it.
  void fail_all();
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  // Power off and on again; what waits for its commit is lost.
  void restart(std::chrono::milliseconds off, bool is_clock_lost = false);

  [[nodiscard]] SharedAlarm alarm(std::uint64_t count) const;
  [[nodiscard]] std::vector<SharedAlarm> open() const;  // on disk, by number
  [[nodiscard]] rules::Tone tone(std::uint64_t count);
  // The loudest.
  [[nodiscard]] rules::Tone heard();

  rules::Judgement& judgement() { return *judgement_; }
  [[nodiscard]] std::size_t most_alarms() const { return options_.most_alarms; }

  rules::Moment now;
  KeptFacts disk;
  std::vector<Transition> told;  // committed, all of them
  std::vector<Deed> deeds;
  std::size_t facts_written = 0;
  // Called with what is committed, or waits for nothing, once judgement knows.
  std::function<void(const Append&)> on_commit;

 private:
  void add(Append append);
  void commit(Append append);
  void keep(const Append& append);
  void set_rules();

  rules::JudgementOptions options_;
  std::unique_ptr<rules::Judgement> judgement_;
  std::deque<Append> waiting_;
  std::map<StepNumber, Evidence> records_;
  std::shared_ptr<const rules::Conditions::Rules> rules_;
  rules::SupervisionRules supervision_;
  // The newest observations on disk; a store has many more.
  std::deque<rules::PastObservation> past_;
  PerClass<std::uint64_t> sequences_{};
  StepNumber newest_{};  // of this start
  std::uint64_t keys_ = 0;
  std::uint64_t words_ = 0;
  bool is_held_ = false;
};

}  // namespace watchpost::support
