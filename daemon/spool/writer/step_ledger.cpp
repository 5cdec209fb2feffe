#include "spool/writer/step_ledger.hpp"

#include <algorithm>

#include "model/trouble_catalogue.hpp"

namespace watchpost::spool {
namespace {

// For the sender, who brings the message again.
const std::shared_ptr<const Failure>& what_it_rests_on_failed() {
  static const auto kFailure = std::make_shared<const Failure>(
      in_both(Failure::Kind::unavailable,
              English{"What this was judged upon could not be kept", "Send it again"},
              Chinese{"它所依据的判断没有存下来", "请再发一次"}));
  return kFailure;
}

}  // namespace

void StepLedger::refuse_what_rests(CommitGroup& group) const {
  StepNumber failed = failed_;
  for (Append& append : group.appends) {
    if (!append.steps) continue;
    if (!append.refusal && append.steps->settled < failed)
      append.refusal = what_it_rests_on_failed();
    if (append.refusal) failed = std::max(failed, append.steps->last);
  }
}

void StepLedger::settled(const CommitGroup& group, bool is_kept) {
  for (const Append& append : group.appends) {
    if (append.steps && (append.refusal || !is_kept))
      failed_ = std::max(failed_, append.steps->last);
  }
}

void StepLedger::number(const Append& append, std::size_t record) {
  if (!append.steps) return;
  // Judgement names nothing any more by a step whose outcome it has heard.
  if (record == 0) records_.erase(records_.begin(), records_.upper_bound(append.steps->settled));
  const Record& written = append.records[record];
  for (const JudgedSteps::Evidence& each : append.steps->evidence) {
    if (each.record != record) continue;
    records_[each.step] = {each.step, number_of(written.epoch), written.event_class, written.seq};
  }
}

SharedAlarm StepLedger::numbered(const SharedAlarm& alarm) const {
  const auto is_unnumbered = [](const Evidence& each) { return each.sequence == Seq{}; };
  if (std::none_of(alarm->evidence.begin(), alarm->evidence.end(), is_unnumbered)) return alarm;
  auto named = std::make_shared<Alarm>(*alarm);
  for (Evidence& each : named->evidence) {
    const auto found = records_.find(each.step);
    if (is_unnumbered(each) && found != records_.end()) each = found->second;
  }
  return named;
}

void StepLedger::name_evidence(Append& append, std::size_t record) const {
  if (!append.steps) return;
  for (const JudgedSteps::Told& told : append.steps->transitions) {
    if (told.record != record) continue;
    Transition transition = told.transition;
    transition.alarm = numbered(transition.alarm);
    append.records[record].annotation = transition_data(transition, told.where);
  }
}

}  // namespace watchpost::spool
