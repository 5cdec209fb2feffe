#include "pipeline/pipeline.hpp"

#include <algorithm>
#include <iterator>

#include "rules/verdict.hpp"

namespace watchpost::pipeline {
namespace {

// Kept, it would go up under our name and come round again; acknowledged and not kept, it would be
// lost if it is another box's.
Failure own_name(const decode::Decoding& decoding) {
  return Failure{Failure::Kind::invalid_input, decoding.why,
                 "Give every gateway an id of its own, and let events go up only, never round"};
}

// What subscribers are to get of a message is as urgent as the most urgent record of it.
void name_class(const std::vector<Record>& records, std::vector<Fact>& facts) {
  if (records.empty()) return;
  auto most_urgent = EventClass::telemetry;
  for (const Record& record : records) most_urgent = std::min(most_urgent, record.event_class);
  for (Fact& fact : facts) {
    auto* const queued = std::get_if<QueuedChange>(&fact);
    if (queued != nullptr) queued->queue_class = queue_class_of(most_urgent);
  }
}

// Of a list: leaves only what is for people elsewhere too. True where that is nothing.
bool stays_here(decode::Decoding& decoding) {
  if (decoding.outcome == decode::Outcome::malformed) return false;
  auto& all = decoding.observations;
  const auto is_no_news = [](const Observation& observation) {
    return observation.state == DeclaredState::info ||
           rules::judge(observation).event_class == EventClass::telemetry;
  };
  all.erase(std::remove_if(all.begin(), all.end(), is_no_news), all.end());
  return all.empty() && !decoding.relayed;
}

// What state it would have led to is not so.
CommandResult not_kept_of(AlarmNumber alarm) {
  CommandResult not_kept;
  not_kept.refusal = Refusal::not_kept;
  not_kept.alarm = alarm;
  return not_kept;
}

}  // namespace

Pipeline::Pipeline(MessageDecoder& decoder, spool::Spool& spool, const Clock& clock)
    : decoder_(decoder),
      spool_(spool),
      clock_news_(spool, clock),
      certificate_news_(spool, clock),
      judging_(std::make_unique<Judging>(rules::JudgementOptions{}, StoredJudgement{},
                                         read_clock(clock))) {
  name_devices();
  outcomes_->on_judged(
      [this](const spool::Append& append, bool is_kept) { settled(append, is_kept); });
  outcomes_->on_not_kept([this](const Remembered& remembered) {
    decoder_.not_kept(remembered);
    maker_.not_kept(remembered);
  });
}

// The spool may settle what it still has after this has ended.
Pipeline::~Pipeline() {
  outcomes_->detach();
}

void Pipeline::settled(const spool::Append& append, bool is_kept) {
  judging_->settled(append, is_kept);
  if (is_kept && judged_) judged_();
}

void Pipeline::recall(const std::vector<Remembered>& all) {
  for (const Remembered& remembered : all) maker_.recall(remembered);
}

void Pipeline::judge_on(const StoredJudgement& stored, rules::JudgementOptions options) {
  judging_ = std::make_unique<Judging>(std::move(options), stored, clock_news_.look());
  name_devices();
  if (rules_) judging_->use_rules(rules_, clock_news_.look());
  judging_->use(supervision_, clock_news_.look());
}

void Pipeline::use(rules::SupervisionRules rules) {
  supervision_ = std::move(rules);
  judging_->use(supervision_, clock_news_.look());
}

void Pipeline::use_rules(std::shared_ptr<const rules::Conditions::Rules> rules) {
  rules_ = std::move(rules);
  judging_->use_rules(rules_, clock_news_.look());
}

void Pipeline::link(std::string_view broker, bool is_up) {
  judging_->link(broker, is_up, clock_news_.look());
}

void Pipeline::recall(const rules::PastObservation& past) {
  judging_->recall(past, clock_news_.look());
}

void Pipeline::watch_silence() {
  judging_->watch_silence(clock_news_.look());
}

void Pipeline::fix(std::shared_ptr<const Judging::FixedDevices> devices) {
  fixed_ = std::move(devices);
  judging_->fix(fixed_);
}

void Pipeline::name_devices() {
  judging_->fix(fixed_);
  judging_->on_unnamed([this](std::string_view device) {
    const DeviceEntry* const entry = maker_.devices().find(device);
    return entry == nullptr ? std::string() : entry->name;
  });
}

void Pipeline::submit(Message&& message, std::vector<Fact> facts, CustodyTicket ticket) {
  const ClockReading now = clock_news_.look();
  message.received_at = now.wall;
  message.clock = now.quality;
  maker_.next_message(now);
  ++totals_.messages;
  if (hear_) hear_(message);
  RecordMaker::Made made;
  spool::Append& append = made.append;
  const auto local = local_.kind_of(message.topic.text());
  if (local == decode::LocalTraffic::Kind::command) {
    ++totals_.local;
  } else {
    take_in(message, local == decode::LocalTraffic::Kind::list, made);
  }
  name_class(append.records, facts);
  append.facts.insert(append.facts.end(), std::make_move_iterator(facts.begin()),
                      std::make_move_iterator(facts.end()));
  append.ticket = std::move(ticket);
  append.author = outcomes_;
  append.repeated = message.repeated;
  if (made.rows.steps) {
    made.rows.author = outcomes_;
    spool_.append(std::move(made.rows));
  }
  spool_.append(std::move(append));
}

void Pipeline::take_in(Message& message, bool is_list, RecordMaker::Made& made) {
  spool::Append& append = made.append;
  decode::Decoding decoding =
      decoder_.decode({message.topic, message.payload, message.stored_copy, message.received_at,
                       message.content_type, message.content_encoding, message.repeated});
  if (decoding.outcome == decode::Outcome::own) {
    ++totals_.own;
    append.refusal = std::make_shared<const Failure>(own_name(decoding));
    return;
  }
  maker_.heard(message, decoding, append.facts);
  if (is_list && stays_here(decoding)) {
    ++totals_.local;
    return;
  }
  maker_.make_records(message, decoding, *judging_, made);
}

void Pipeline::submit(std::vector<Fact> facts, CustodyTicket ticket) {
  spool::Append append;
  append.facts.assign(std::make_move_iterator(facts.begin()), std::make_move_iterator(facts.end()));
  append.ticket = std::move(ticket);
  append.author = outcomes_;
  spool_.append(std::move(append));
}

void Pipeline::look_after_news() {
  const ClockReading now = clock_news_.look();
  certificate_news_.look();
  pass_time(now);
}

// What is left is due with the next look.
void Pipeline::pass_time(const ClockReading& now) {
  constexpr int kMostTicks = 16;
  for (int i = 0; i < kMostTicks && spool_.accepting() && judging_->is_due(now.steady); ++i) {
    spool::Append append;
    judging_->tick(now, append);
    hand_over(std::move(append));
  }
}

void Pipeline::told(const std::vector<ToldOf>& all) {
  spool::Append append;
  if (spool_.accepting()) judging_->told(all, clock_news_.look(), append);
  hand_over(std::move(append));
}

void Pipeline::output_tested(const rules::OutputTestEnd& end) {
  spool::Append append;
  if (spool_.accepting()) judging_->output_tested(end, clock_news_.look(), append);
  hand_over(std::move(append));
}

void Pipeline::hand_over(spool::Append append) {
  if (append.is_empty()) return;
  append.author = outcomes_;
  spool_.append(std::move(append));
}

void Pipeline::obey(const Command& command, Answered answered) {
  if (!spool_.accepting()) return answered(not_kept_of(command.alarm));
  auto obeyed = judging_->obey(command, clock_news_.look());
  spool::Append append;
  std::vector<Judging::Caused> all;
  all.push_back({std::move(obeyed.changes), {}});
  if (!all.front().is_nothing()) judging_->add(all, append);
  hand_over(std::move(append), obeyed.result, std::move(answered));
}

void Pipeline::enter(const Device& device, const Actor& by, Answered answered) {
  if (!spool_.accepting()) return answered(not_kept_of({}));
  spool::Append append;
  const CommandResult result = judging_->enter(device, by, clock_news_.look(), append);
  hand_over(std::move(append), result, std::move(answered));
}

void Pipeline::hand_over(spool::Append append, const CommandResult& result, Answered answered) {
  const auto tell = [result, answered = std::move(answered)](const Result<void>& outcome) {
    if (outcome) return answered(result);
    answered(not_kept_of(result.alarm));
  };
  append.ticket = {std::make_shared<OwnTicket>(tell), TicketNumber{}};
  append.author = outcomes_;
  spool_.append(std::move(append));
}

PipelineTotals Pipeline::totals() const {
  PipelineTotals totals = totals_;
  totals.undecoded = maker_.counts().undecoded;
  totals.malformed = maker_.counts().malformed;
  totals.ignored = maker_.counts().ignored;
  totals.records = outcomes_->recorded();
  totals.not_kept = outcomes_->not_kept();
  return totals;
}

}  // namespace watchpost::pipeline
