#include "rules/judgement.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "rules/command_desk.hpp"
#include "rules/episodes.hpp"
#include "rules/known_devices.hpp"
#include "rules/record_class.hpp"
#include "rules/silences.hpp"
#include "rules/sounding.hpp"
#include "rules/tick.hpp"

namespace watchpost::rules {
namespace {

void restore(Core& core, const StoredJudgement& stored, const Moment& now) {
  for (const SharedAlarm& row : stored.alarms) core.clock.recall(row->times.changed);
  for (const SharedDevice& row : stored.devices) core.clock.recall(row->changed);
  for (const SharedCommandDone& row : stored.commands) core.clock.recall(row->at);
  if (stored.duty) core.clock.recall(stored.duty->changed);
  const ServiceTime service = core.clock.at(now);
  for (const SharedDevice& row : stored.devices) {
    if (row->tested_until) core.tests.emplace(*row->tested_until, row->id);
    core.supervision.know(*row, now.steady);
    core.devices.restore(core.supervision.as_kept(row));
  }
  for (const SharedAlarm& row : stored.alarms)
    core.alarms.restore({row, place_of(core, row->source.device)}, service);
  recall_silences(core);
  core.alarms.recall_serial(AlarmSerial{stored.numbers_given});
  for (const SharedCommandDone& row : stored.commands) {
    core.done.restore(row);
    core.keys.emplace(row->at.service, row->key);
  }
  if (!stored.duty) return;
  // A silence ends with the daemon that kept it: nobody knows how much of it has passed.
  auto duty = std::make_shared<Duty>(*stored.duty);
  duty->silence.reset();
  core.duty.restore(std::move(duty));
}

// But for the time.
bool is_told_so(const Alarm& alarm, Telling telling) {
  return std::any_of(alarm.told.begin(), alarm.told.end(), [&telling](const Telling& one) {
    telling.at = one.at;
    return telling == one;
  });
}

}  // namespace

Judgement::Judgement(JudgementOptions options, const StoredJudgement& stored, const Moment& now)
    : core_(std::make_unique<Core>(std::move(options))) {
  restore(*core_, stored, now);
}

HeardAt Judgement::heard_at(const Observation& observation, const Moment& now) {
  // A time service may have set the clock since: what is due may be due earlier.
  return {core_->clock.at(now),    now.wall,      now.quality, place_of(*core_, observation.device),
          core_->last_step.next(), &core_->alarms};
}

bool Judgement::is_under_way() const {
  return std::any_of(signals_.begin(), signals_.end(), [this](const Signal& signal) {
    return core_->alarms.is_under_way(signal.device);
  });
}

// What a rule remembers of a message that changes nothing is not taken back with another's step.
void Judgement::drop_if_nothing(const Changes& changes) {
  if (!changes.any()) core_->conditions.drop(core_->last_step.next());
}

Verdict Judgement::judge(const Observation& observation, const Moment& now, const CameBy& by) {
  Verdict verdict = rules::judge(observation);
  const Supervision::Heard heard = core_->supervision.hear(observation, by, now.steady);
  const bool may_end_something =
      core_->alarms.may_have(observation.device) || core_->beyond.count().any();
  signals_of(observation, {may_end_something, now.quality != ClockQuality::unset}, signals_);
  const std::size_t own = signals_.size();
  if (core_->conditions.any()) {
    core_->conditions.hear(observation, heard_at(observation, now), may_end_something, signals_);
  } else {
    (void)core_->clock.at(now);
  }
  // Most messages.
  if (signals_.empty() && core_->devices.find(observation.device) != nullptr &&
      !may_end_something && !heard.is_news) {
    return verdict;
  }
  std::optional<Absence> absence;
  add_silences(*core_, {observation, heard}, signals_, absence);
  const bool is_based = core_->alarms.is_under_way(observation.device) || is_under_way();
  Step step(*core_, now, Basis::record);
  verdict.is_new_device = acquaint(step, observation.device) == Acquaintance::now_heard;
  if (heard.is_news) write_habit(step, observation.device);
  const Outcome outcome = hear_all(step, own);
  if (heard.down != nullptr) explain(step, *heard.down);
  finish(step, verdict, outcome);
  // A list that is full by what is under way may have room again.
  if (is_based || verdict.is_beyond)
    verdict.changes.based_on = core_->last_under_way(verdict.changes.step);
  return verdict;
}

Verdict Judgement::judge(const Signal& signal, Basis basis, const Moment& now) {
  Verdict verdict = verdict_of(signal);
  const bool is_based = core_->alarms.is_under_way(signal.device);
  Step step(*core_, now, basis);
  signals_.assign(1, signal);
  finish(step, verdict, hear_all(step, 1));
  if (is_based || verdict.is_beyond)
    verdict.changes.based_on = core_->last_under_way(verdict.changes.step);
  return verdict;
}

// What it ends goes first: that may be the room for what it begins.
Outcome Judgement::hear_all(Step& step, std::size_t own) {
  Outcome all;
  for (const bool ends : {true, false}) {
    for (std::size_t i = 0; i < signals_.size(); ++i) {
      const Signal& signal = signals_[i];
      if ((signal.says == Says::over) != ends) continue;
      const Outcome one = hear(step, signal);
      all.is_beyond = all.is_beyond || one.is_beyond;
      // Of what the message is about; a flag beside it repeats without making it one.
      if (i < own && (signal.condition == Condition::alarm || own == 1))
        all.is_repeat = all.is_repeat || one.is_repeat;
    }
  }
  return all;
}

void Judgement::finish(Step& step, Verdict& verdict, const Outcome& all) {
  verdict.changes = step.finish();
  drop_if_nothing(verdict.changes);
  classify(verdict, all);
}

void Judgement::use_rules(std::shared_ptr<const Conditions::Rules> rules, const Moment& now) {
  Core& core = *core_;
  auto& policies = core.options.policies;
  policies.rules.clear();
  for (const SiteRule& rule : *rules) policies.rules.emplace(rule.name, policy_for(rule, policies));
  (void)core.clock.at(now);
  core.conditions.use(std::move(rules));
  // How loud it is and whom it tells may be another matter now.
  core.alarms.for_each([&core](const SharedAlarm& alarm) {
    if (alarm->source.condition != Condition::rule || !alarm->is_open()) return;
    core.conditions.recall_open(alarm->source, place_of(core, alarm->source.device));
    core.alarms.schedule(alarm->number.serial);
  });
}

void Judgement::use(SupervisionRules rules, const Moment& now) {
  core_->supervision.use(std::move(rules), now.steady);
}

void Judgement::notice(std::string_view device, const Moment& now) {
  core_->supervision.notice(device, now.steady, core_->alarms.may_have(device));
}

void Judgement::watch_silence(const Moment& now) {
  core_->conditions.begin(core_->clock.at(now));
}

void Judgement::recall(const PastObservation& past, const Moment& now) {
  Core& core = *core_;
  const ServiceTime at = core.clock.at(now);
  // By a clock that was wrong then, or is now, nobody knows when that was.
  if (past.heard.quality == ClockQuality::unset || now.quality == ClockQuality::unset) return;
  const auto age = std::chrono::floor<std::chrono::milliseconds>(now.wall - past.heard.wall);
  if (age.count() < 0) return;
  const std::string_view place = place_of(core, past.observation.device);
  core.conditions.recall(past.observation, {at - age, past.heard.wall, past.heard.quality, place,
                                            StepNumber{}, &core.alarms});
}

Judgement::Obeyed Judgement::obey(const Command& command, const Moment& now) {
  Step step(*core_, now, Basis::nothing);
  Obeyed obeyed;
  obeyed.result = perform(step, command);
  obeyed.changes = step.finish();
  obeyed.changes.based_on = core_->last_under_way(obeyed.changes.step);
  return obeyed;
}

Changes Judgement::tick(const Moment& now) {
  signals_.clear();
  Step step(*core_, now, Basis::nothing);
  rules::tick(step);
  core_->conditions.tick(step.now(), step.number(), signals_);
  // A word of a rule rests on nothing that is under way but by what it is about.
  bool is_based = is_under_way();
  for (const Signal& signal : signals_) (void)hear(step, signal);
  // Of the silence of one by what is so of others.
  if (const auto due = core_->supervision.next_due(); due && *due <= now.steady) {
    look_for_silences(step);
    is_based = true;
  }
  Changes changes = step.finish();
  drop_if_nothing(changes);
  if (is_based) changes.based_on = core_->last_under_way(changes.step);
  return changes;
}

std::optional<SteadyTime> Judgement::due_at() const {
  const auto due = due_in(*core_);
  const auto silence = core_->supervision.next_due();
  if (!due) return silence;
  const SteadyTime at = core_->clock.steady_of(*due);
  return silence ? std::min(at, *silence) : at;
}

Judgement::Obeyed Judgement::enter(const Device& device, const Moment& now) {
  Step step(*core_, now, Basis::nothing);
  Obeyed obeyed;
  obeyed.result = enter_device(step, device);
  obeyed.changes = step.finish();
  obeyed.changes.based_on = core_->last_under_way(obeyed.changes.step);
  return obeyed;
}

void Judgement::committed(StepNumber last, const std::vector<Evidence>& records) {
  // Undone, and on disk all the same: the store and we do not mean the same any more. What the
  // store has is read again at the start.
  WATCHPOST_INVARIANT(last > core_->void_up_to && last <= core_->last_step);
  for (const Evidence& record : records) WATCHPOST_INVARIANT(record.sequence.value != 0);
  core_->alarms.committed(last, records);
  core_->devices.committed(last);
  core_->done.committed(last);
  core_->duty.committed(last);
  core_->beyond.committed(last);
  core_->unknown_devices.committed(last);
  core_->conditions.committed(last);
  core_->settled = last;
}

void Judgement::rolled_back(StepNumber failed) {
  Core& core = *core_;
  if (failed <= core.void_up_to) return;
  WATCHPOST_INVARIANT(failed > core.settled);
  core.alarms.rolled_back();
  core.devices.rolled_back([&core](const Device* judged, const Device* disk) {
    core.alarms.move(disk != nullptr ? *disk : Device{judged->id});
    core.supervision.know_again(disk != nullptr ? *disk : Device{judged->id});
    if (judged != nullptr && judged->tested_until)
      core.tests.erase({*judged->tested_until, judged->id});
    if (disk != nullptr && disk->tested_until) core.tests.emplace(*disk->tested_until, disk->id);
  });
  core.done.rolled_back([&core](const CommandDone* judged, const CommandDone* disk) {
    if (judged != nullptr) core.keys.erase({judged->at.service, judged->key});
    if (disk != nullptr) core.keys.emplace(disk->at.service, disk->key);
  });
  core.duty.rolled_back([](const Duty*, const Duty*) {});
  core.beyond.rolled_back();
  core.unknown_devices.rolled_back();
  core.conditions.rolled_back();
  core.void_up_to = core.settled = core.last_step;
}

SharedAlarm Judgement::on_disk(AlarmNumber number) const {
  SharedAlarm alarm = core_->alarms.on_disk(number.serial);
  if (!alarm || (number.epoch != 0 && alarm->number.epoch != number.epoch)) return nullptr;
  return alarm;
}

void Judgement::for_each_open(const std::function<void(const SharedAlarm&)>& see) const {
  core_->alarms.for_each([&see](const SharedAlarm& alarm) {
    if (alarm->is_open()) see(alarm);
  });
}

std::vector<SharedAlarm> Judgement::told_late() const {
  std::vector<SharedAlarm> all;
  core_->alarms.for_each([&all](const SharedAlarm& alarm) {
    if (alarm->marks.history) all.push_back(alarm);
  });
  std::sort(all.begin(), all.end(), [](const SharedAlarm& a, const SharedAlarm& b) {
    return a->number.serial > b->number.serial;
  });
  return all;
}

const Device* Judgement::device_on_disk(std::string_view id) const {
  return core_->devices.on_disk(id);
}

void Judgement::for_each_device(const std::function<void(const Device&)>& see) const {
  (void)core_->devices.find_if([&](const Device& judged) {
    if (const Device* const row = core_->devices.on_disk(judged.id)) see(*row);
    return false;
  });
}

const Duty& Judgement::duty_on_disk() const {
  return duty_of(core_->duty.on_disk({}));
}

void Judgement::for_each_waiting(const Moment& now,
                                 const std::function<void(const Waiting&)>& see) {
  const ServiceTime service = core_->clock.at(now);
  const Duty& duty = duty_on_disk();
  core_->alarms.for_each([&](const SharedAlarm& alarm) {
    const AlarmPolicy& policy = core_->policy_of(alarm->source);
    const bool is_called = alarm->marks.called && alarm->is_active() && !alarm->marks.practice();
    if (!waits_for_somebody(*alarm, policy) && !is_called) return;
    const Device* device = core_->devices.on_disk(alarm->source.device);
    const std::string_view place = device == nullptr ? std::string_view{} : device->place.view();
    see({{*alarm, place, is_emergency(policy)},
         alarm,
         sounds(*alarm, policy, duty, service) == Tone::siren});
  });
}

Changes Judgement::told(const std::vector<ToldOf>& all, const Moment& now) {
  Step step(*core_, now, Basis::nothing);
  for (const ToldOf& one : all) {
    const SharedAlarm alarm = core_->alarms.find(one.alarm);
    if (!alarm || !alarm->is_open() || is_told_so(*alarm, one.telling)) continue;
    step.write(alarm, [&one](Alarm& row) { keep_told(row, one.telling); });
  }
  Changes changes = step.finish();
  changes.based_on = core_->last_under_way(changes.step);
  return changes;
}

Changes Judgement::output_tested(const OutputTestEnd& end, const Moment& now) {
  Step step(*core_, now, Basis::nothing);
  end_output_test(step, end);
  Changes changes = step.finish();
  changes.based_on = core_->last_under_way(changes.step);
  return changes;
}

void Judgement::use(EscalationRules rules) {
  core_->options.escalations = std::move(rules);
  core_->alarms.schedule_all();
}

Tone Judgement::sounds_now(const Alarm& alarm, const Moment& now) {
  return sounds(alarm, core_->policy_of(alarm.source), duty_on_disk(), core_->clock.at(now));
}

}  // namespace watchpost::rules
