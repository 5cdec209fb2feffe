#include "support/duty_desk.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace watchpost::support {

using std::chrono::milliseconds;

Observation said(std::string device, Kind kind, DeclaredState state,
                 std::vector<Reading> readings) {
  Observation observation;
  observation.device = std::move(device);
  observation.kind = kind;
  observation.state = state;
  observation.readings = std::move(readings);
  return observation;
}

DutyDesk::DutyDesk(rules::JudgementOptions options) : options_(std::move(options)) {
  now.wall = WallTime{std::chrono::seconds{1'795'392'000}};
  now.quality = ClockQuality::synced;
  if (options_.epoch == 0) options_.epoch = 0xc0ffee;
  judgement_ = std::make_unique<rules::Judgement>(options_, StoredJudgement{}, now);
}

namespace {

DutyDesk::Word word_of(const Observation& observation, const rules::Verdict& verdict) {
  DutyDesk::Word word;
  word.source = {observation.device, observation.kind, Condition::alarm, {}};
  word.is_so = !verdict.of_the_past && (observation.state == DeclaredState::alarm ||
                                        observation.state == DeclaredState::suspected ||
                                        observation.state == DeclaredState::confirmed);
  const Reading* tilt = observation.find("tilt");
  word.is_doubtful = observation.quality == Quality::suspect ||
                     observation.quality == Quality::invalid ||
                     (tilt != nullptr && tilt->value == Reading::Value{true});
  word.is_copy = observation.stored_copy;
  word.is_beyond = verdict.is_beyond;
  return word;
}

}  // namespace

void DutyDesk::add(Append append) {
  newest_ = std::max(newest_, append.changes.step);
  if (append.changes.based_on > newest_)
    throw std::logic_error("what is judged rests on a step that nobody made");
  const bool waits = append.changes.any() || append.changes.based_on.value != 0;
  if (!waits) {
    keep(append);
    if (on_commit) on_commit(append);
    return;
  }
  waiting_.push_back(std::move(append));
  if (!is_held_) commit_all();
}

void DutyDesk::keep(const Append& append) {
  constexpr std::size_t kMostKept = 500;
  if (!append.heard || !rules_) return;
  past_.push_back({*append.heard, append.heard_at});
  if (past_.size() > kMostKept) past_.pop_front();
}

void DutyDesk::commit(Append append) {
  const StepNumber step = append.changes.step;
  keep(append);
  if (step.value == 0) {
    if (on_commit) on_commit(append);
    return;
  }
  std::vector<Evidence> records;
  if (append.record) {
    Evidence record{step, options_.epoch, *append.record,
                    Seq{++sequences_[index_of(*append.record)]}};
    records_[step] = record;
    records.push_back(record);
  }
  for (const Fact& fact : append.changes.facts) disk.keep(fact, records_);
  facts_written += append.changes.facts.size();
  for (const Transition& each : append.changes.transitions) told.push_back(each);
  for (const Deed& each : append.changes.deeds) deeds.push_back(each);
  judgement_->committed(step, records);
  if (on_commit) on_commit(append);
}

void DutyDesk::commit_all() {
  is_held_ = false;
  commit_some(waiting_.size());
}

void DutyDesk::commit_some(std::size_t most) {
  for (; most > 0 && !waiting_.empty(); --most) {
    Append append = std::move(waiting_.front());
    waiting_.pop_front();
    commit(std::move(append));
  }
}

void DutyDesk::fail_all() {
  is_held_ = false;
  const auto failed = std::exchange(waiting_, {});
  for (const Append& append : failed) {
    if (!append.changes.any()) continue;
    judgement_->rolled_back(append.changes.step);
    // A store goes by this alone, from the first that failed.
    for (const Append& other : failed) {
      if (other.changes.step > judgement_->void_up_to())
        throw std::logic_error("what was judged on top of a failed commit is not void");
    }
  }
}

rules::Verdict DutyDesk::hear(const Observation& observation, const rules::CameBy& by) {
  rules::Verdict verdict = judgement_->judge(observation, now, by);
  rules::Verdict copy = verdict;
  Word word = word_of(observation, copy);
  word.order = ++words_;
  add({std::move(verdict.changes), verdict.event_class, std::move(word), observation, now});
  return copy;
}

rules::Verdict DutyDesk::hear(const rules::Signal& signal) {
  rules::Verdict verdict = judgement_->judge(signal, rules::Basis::nothing, now);
  rules::Verdict copy = verdict;
  add({std::move(verdict.changes)});
  return copy;
}

CommandResult DutyDesk::ask(Command command) {
  std::set<std::uint64_t> sirens;
  for (const SharedAlarm& row : open()) {
    const auto tone = rules::tone_of(*row, options_.policies.of(row->source));
    if (tone == rules::Tone::siren) sirens.insert(row->number.serial.value);
  }
  auto obeyed = judgement_->obey(command, now);
  add({std::move(obeyed.changes), {}, {}, {}, {}, std::move(sirens)});
  return obeyed.result;
}

Command DutyDesk::wish(DutyAction action, std::uint64_t count) {
  Command command;
  command.action = action;
  command.alarm.serial.value = count;
  command.by = {Origin::page, "Wang", "desk"};
  command.granted = all_actions();
  command.key = "key-" + std::to_string(++keys_);
  const SharedAlarm row = count == 0 ? nullptr : judgement_->on_disk({0, AlarmSerial{count}});
  if (row) command.seen_revision = row->revision;
  return command;
}

CommandResult DutyDesk::enter(const Device& device) {
  auto obeyed = judgement_->enter(device, now);
  add({std::move(obeyed.changes)});
  return obeyed.result;
}

void DutyDesk::end_test(const rules::OutputTestEnd& end) {
  add({judgement_->output_tested(end, now)});
}

void DutyDesk::pass(milliseconds by) {
  const SteadyTime end = now.steady + by;
  for (int rounds = 0;; ++rounds) {
    // Something that is due and is never done.
    if (rounds == 1'000'000) throw std::logic_error("time does not pass");
    const auto due = judgement_->due_at();
    const SteadyTime next = due && *due < end ? std::max(*due, now.steady) : end;
    now.wall += next - now.steady;
    now.steady = next;
    const bool is_due = due && *due <= now.steady;
    if (is_due) add({judgement_->tick(now)});
    const auto again = judgement_->due_at();
    if (now.steady == end && !(again && *again <= end)) return;
  }
}

void DutyDesk::skip(milliseconds by) {
  now.wall += by;
  now.steady += by;
}

void DutyDesk::restart(milliseconds off, bool is_clock_lost) {
  waiting_.clear();
  is_held_ = false;
  now.wall = is_clock_lost ? WallTime{std::chrono::seconds{1000}} : now.wall + off;
  now.quality = is_clock_lost ? ClockQuality::unset : ClockQuality::synced;
  now.steady = SteadyTime{};
  records_.clear();
  newest_ = {};
  judgement_ = std::make_unique<rules::Judgement>(options_, disk.stored(), now);
  if (rules_) set_rules();
  judgement_->use(supervision_, now);
}

void DutyDesk::use(rules::SupervisionRules rules) {
  supervision_ = std::move(rules);
  judgement_->use(supervision_, now);
}

void DutyDesk::use_rules(std::vector<SiteRule> rules) {
  rules_ = std::make_shared<const rules::Conditions::Rules>(std::move(rules));
  set_rules();
}

void DutyDesk::set_rules() {
  judgement_->use_rules(rules_, now);
  for (const rules::PastObservation& past : past_) judgement_->recall(past, now);
  judgement_->watch_silence(now);
}

SharedAlarm DutyDesk::alarm(std::uint64_t count) const {
  return judgement_->on_disk({0, AlarmSerial{count}});
}

std::vector<SharedAlarm> DutyDesk::open() const {
  std::vector<SharedAlarm> all;
  judgement_->for_each_open([&all](const SharedAlarm& alarm) { all.push_back(alarm); });
  std::sort(all.begin(), all.end(), [](const SharedAlarm& a, const SharedAlarm& b) {
    return a->number.serial.value < b->number.serial.value;
  });
  return all;
}

rules::Tone DutyDesk::tone(std::uint64_t count) {
  const SharedAlarm row = alarm(count);
  return row ? judgement_->sounds_now(*row, now) : rules::Tone::none;
}

rules::Tone DutyDesk::heard() {
  rules::Tone loudest = rules::Tone::none;
  for (const SharedAlarm& row : open())
    loudest = std::max(loudest, judgement_->sounds_now(*row, now));
  return loudest;
}

}  // namespace watchpost::support
