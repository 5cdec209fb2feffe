#include "pipeline/record_maker.hpp"

#include <algorithm>
#include <iterator>

#include "model/relay.hpp"
#include "rules/verdict.hpp"

namespace watchpost::pipeline {
namespace {

Record record_of(const Message& message) {
  Record record;
  record.clock = message.clock;
  record.received_at = message.received_at;
  record.topic = message.topic.text();
  return record;
}

std::string_view name_of(decode::Outcome outcome) {
  const bool is_unread = outcome == decode::Outcome::own || outcome == decode::Outcome::not_mine;
  return is_unread ? "undecoded" : to_string(outcome);
}

// Nothing while the clock is wrong.
std::optional<WallTime> told_time(const Message& message) {
  return message.clock == ClockQuality::unset ? std::nullopt : std::optional(message.received_at);
}

// The flag of an observation behind whose items there was one that the decoder does not know.
bool is_partly_read(const Observation& observation) {
  const auto& flags = observation.flags;
  return std::find(flags.begin(), flags.end(), "partly_read") != flags.end();
}

}  // namespace

void RecordMaker::recall(const Remembered& remembered) {
  taps_.recall(remembered);
  proofs_.recall(remembered);
}

void RecordMaker::heard(const Message& message, decode::Decoding& decoding,
                        std::vector<Fact>& facts) {
  // So that the end of a doubt about the counters of tags ends its trouble.
  for (const Remembered& remembered : decoding.remembered) taps_.recall(remembered);
  facts.assign(std::make_move_iterator(decoding.remembered.begin()),
               std::make_move_iterator(decoding.remembered.end()));
  if (decoding.capabilities.empty()) return;
  proofs_.listed({decoding.device, decoding.capabilities}, told_time(message), facts);
}

void RecordMaker::not_kept(const Remembered& remembered) {
  taps_.not_kept(remembered);
  proofs_.not_kept(remembered);
}

void RecordMaker::make_records(Message& message, decode::Decoding& decoding, Judging& judging,
                               Made& made) {
  std::vector<Record>& records = made.append.records;
  if (decoding.relayed) {
    records.push_back(pass_on(message, decoding));
    return;
  }
  if (decoding.outcome != decode::Outcome::decoded || decoding.observations.empty()) {
    if (!message.stored_copy && !decoding.device.empty()) judging.notice(decoding.device, now_);
    records.push_back(keep(message, decoding));
    records.front().payload = std::move(message.payload);
    return;
  }
  judge_all(message, decoding, judging, made.append);
  Part part{0, judged_.size()};
  records.reserve(part.of);
  for (Judged& judged : judged_) {
    ++part.number;
    records.push_back(observed(message, decoding, judged, part));
    Judging::Caused caused{std::move(judged.verdict.changes), records.size() - 1};
    if (!caused.is_nothing()) caused_.push_back(std::move(caused));
  }
  records.front().payload = std::move(message.payload);
  if (!caused_.empty()) add_changes(judging, made);
}

// Of the most urgent class are the first record's.
void RecordMaker::add_changes(Judging& judging, Made& made) {
  std::sort(caused_.begin(), caused_.end(),
            [](const auto& a, const auto& b) { return a.changes.step < b.changes.step; });
  const bool is_low = !is_urgent(made.append.records.front().event_class);
  const auto is_rows_only = [](const Judging::Caused& one) { return one.is_rows_only(); };
  if (is_low && std::all_of(caused_.begin(), caused_.end(), is_rows_only)) {
    judging.add_aside(caused_, made.append, made.rows);
  } else {
    judging.add(caused_, made.append);
  }
  caused_.clear();
}

// What it ends is judged first, which may be the room for what it begins, and of that what it says
// of a danger; then the record of the first class to be served goes first, since that one holds the
// bytes.
void RecordMaker::judge_all(const Message& message, decode::Decoding& decoding, Judging& judging,
                            spool::Append& append) {
  const auto by_itself = [](const Observation& a, const Observation& b) {
    const bool ends = rules::takes_alarm_back(a);
    if (ends != rules::takes_alarm_back(b)) return ends;
    return rules::judge(a).event_class < rules::judge(b).event_class;
  };
  const auto as_judged = [](const Judged& a, const Judged& b) {
    return a.verdict.event_class < b.verdict.event_class;
  };
  // Most have one, and sorting takes memory.
  auto& all = decoding.observations;
  if (!std::is_sorted(all.begin(), all.end(), by_itself))
    std::stable_sort(all.begin(), all.end(), by_itself);
  judged_.clear();
  const rules::CameBy by{message.topic.text(), message.is_from_broker
                                                   ? std::string_view(message.source)
                                                   : std::string_view{}};
  for (Observation& observation : all) {
    remember(message, observation, append.facts);
    judged_.push_back({&observation, judging.judge(observation, now_, by)});
  }
  if (!std::is_sorted(judged_.begin(), judged_.end(), as_judged))
    std::stable_sort(judged_.begin(), judged_.end(), as_judged);
}

Record RecordMaker::observed(const Message& message, const decode::Decoding& decoding,
                             Judged& judged, Part part) {
  Observation& observation = *judged.observation;
  Record record = record_of(message);
  record.type = RecordType::observation;
  record.event_class = judged.verdict.event_class;
  record.domain = domain_of(observation);
  record.severity_number = judged.verdict.severity_number;
  record.observed_at = observation.observed_at;
  record.annotation = annotate({observation, judged.verdict}, decoding.decoder, part);
  record.device = std::move(observation.device);
  DeviceEntry& entry = devices_.seen(record.device, now_.steady);
  entry.domain = record.domain;
  entry.decoder = decoding.decoder;
  entry.name = std::move(observation.name);
  unread_.read({.device = record.device, .topic = record.topic});
  note_understood(message, decoding, record.device, observation);
  return record;
}

// What of it is to be known after a restart. A proof is what it says by itself: also a repeat, and
// in a test.
void RecordMaker::remember(const Message& message, Observation& observation,
                           std::vector<Fact>& facts) {
  taps_.judge(observation, {message.received_at, now_.steady, message.repeated}, facts);
  proofs_.note({observation, rules::judge(observation), told_time(message)}, facts);
}

// What may be an alarm and was not understood, and what of a message was not read at all, is told
// until a message of the same kind is understood as a whole.
void RecordMaker::note_understood(const Message& message, const decode::Decoding& decoding,
                                  const std::string& device, const Observation& observation) {
  const auto kind = to_string(observation.kind);
  const bool partly = !decoding.why.empty() && is_partly_read(observation);
  if (!partly && !rules::may_be_alarm(observation)) {
    if (observation.state != DeclaredState::unknown)
      unread_.understood({.device = device, .kind = kind});
    return;
  }
  if (message.stored_copy) return;
  const UnreadDevices::Message unread{device,           decoding.name, message.topic.text(),
                                      decoding.decoder, decoding.why,  kind};
  if (unread_.unread(unread, now_.steady) && tell_unread_)
    tell_unread_(UnreadDevices::trouble_of(unread));
}

// The event stays as it is; its class is the event's, so that an alarm is an alarm on every hop.
Record RecordMaker::pass_on(Message& message, decode::Decoding& decoding) {
  Record record = record_of(message);
  record.event_class = decoding.relayed->event_class;
  record.domain = decoding.relayed->domain;
  record.severity_number = decoding.relayed->severity_number;
  record.type = RecordType::relayed;
  record.observed_at = decoding.relayed->observed_at;
  record.annotation = annotation_of(RelayMark{message.content_type, message.content_encoding, {}});
  record.payload = std::move(message.payload);
  record.device = std::move(decoding.device);
  // Whom the street looks after are villages.
  DeviceEntry& entry = devices_.seen(decoding.relayed->gateway, now_.steady);
  entry.domain = Domain::gateway;
  entry.decoder = decoding.decoder;
  return record;
}

// Kept as received. A broken message of a device we know is news for whoever looks after the
// devices; the rest is kept for completeness.
Record RecordMaker::keep(const Message& message, const decode::Decoding& decoding) {
  Record record = record_of(message);
  switch (decoding.outcome) {
    case decode::Outcome::malformed:
      ++counts_.malformed;
      record.type = RecordType::malformed;
      record.event_class = EventClass::status;
      record.domain = Domain::device;
      record.severity_number = kSeverityWarning;
      break;
    case decode::Outcome::ignored:
      ++counts_.ignored;
      record.type = RecordType::ignored;
      record.severity_number = kSeverityTelemetry;
      break;
    case decode::Outcome::decoded:  // nothing observed: kept like what nobody reads
    case decode::Outcome::relayed:
    case decode::Outcome::own:
    case decode::Outcome::not_mine:
      ++counts_.undecoded;
      record.severity_number = kSeverityTelemetry;
      break;
  }
  record.device = decoding.device.empty() ? message.source : decoding.device;
  const auto outcome =
      decoding.outcome == decode::Outcome::decoded ? decode::Outcome::not_mine : decoding.outcome;
  record.annotation =
      annotate_kept({name_of(outcome), decoding.name, decoding.decoder, decoding.why});
  DeviceEntry& entry = devices_.seen(record.device, now_.steady);
  entry.decoder = decoding.decoder;
  entry.name = decoding.name;
  if (decoding.outcome != decode::Outcome::ignored) {
    note_unread(message, decoding);
    ++entry.unread;
    entry.unread_topic = message.topic.text();
    entry.unread_why = decoding.why;
  }
  return record;
}

// Old copies that a broker still has are no news, and nobody may send there any more.
void RecordMaker::note_unread(const Message& message, const decode::Decoding& decoding) {
  if (message.stored_copy) return;
  const UnreadDevices::Message unread{decoding.device, decoding.name, message.topic.text(),
                                      decoding.decoder, decoding.why};
  if (unread_.unread(unread, now_.steady) && tell_unread_)
    tell_unread_(UnreadDevices::trouble_of(unread));
}

}  // namespace watchpost::pipeline
