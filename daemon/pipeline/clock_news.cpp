#include "pipeline/clock_news.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace watchpost::pipeline {

ClockNews::ClockNews(spool::Spool& spool, const Clock& clock)
    : spool_(spool),
      clock_(clock),
      started_(read_clock(clock)),
      watch_(started_),
      run_after_(spool.heads().newest),
      after_(run_after_),
      ticket_(std::make_shared<OwnTicket>([this](const auto& outcome) { settled(outcome); })) {}

ClockNews::~ClockNews() {
  ticket_->forget();
}

ClockReading ClockNews::look() {
  const ClockReading now = read_clock(clock_);
  if (pending_) {
    // At most one try a second: a store without room refuses the record each time.
    const bool rested = now.steady - handed_over_at_ >= ClockWatch::kBetweenWords;
    if (!pending_->is_out && rested) hand_over();
  } else if (!std::exchange(begun_, true) && started_.quality == ClockQuality::unset) {
    say({ClockWord::Reason::unset, ClockQuality::unset, started_.wall, {}, started_});
  } else if (const auto word = watch_.look(now)) {
    ++corrections_;
    say(*word);
  }
  return watch_.as_said(now);
}

void ClockNews::say(const ClockWord& word) {
  if (tell_) tell_(word);
  const PerClass<Seq> heads = spool_.heads().newest;
  pending_ = Pending{word, {after_, heads, false}, spool_.status().waiting.value > 0, false};
  after_ = heads;
  hand_over();
}

void ClockNews::hand_over() {
  pending_->is_out = true;
  handed_over_at_ = clock_.steady();
  spool::Append append;
  append.records.push_back(record_of(*pending_));
  append.ticket = CustodyTicket{ticket_, TicketNumber{corrections_}};
  spool_.append(std::move(append));
}

// All that was handed over before it is committed by now, or failed.
void ClockNews::settled(const Result<void>& outcome) {
  pending_->is_out = false;
  if (!outcome) {
    // Until it is tried again, with the next look, other records may come before it.
    pending_->has_tail = true;
    return;
  }
  Pending done = *std::exchange(pending_, std::nullopt);
  if (!done.has_tail || done.ranges.mixed) return;
  Ranges tail{after_, spool_.heads().newest, true};
  after_ = tail.last;
  // The correction itself is no news.
  auto own = tail.after;
  own[index_of(EventClass::status)] = own[index_of(EventClass::status)].next();
  if (tail.is_empty() || own == tail.last) return;
  pending_ = Pending{done.word, tail, false, false};
  hand_over();
}

Record ClockNews::record_of(const Pending& pending) const {
  const ClockWord& word = pending.word;
  Record record;
  record.event_class = EventClass::status;
  record.domain = Domain::gateway;
  record.type = RecordType::clock;
  const bool is_warning = word.reason != ClockWord::Reason::synced;
  record.severity_number = is_warning ? kSeverityWarning : kSeverityInfo;
  record.clock = word.now.quality;
  record.received_at = word.now.wall;
  record.annotation = annotation_of(pending);
  return record;
}

std::string ClockNews::annotation_of(const Pending& pending) const {
  const ClockWord& word = pending.word;
  std::string text = fmt::format(
      R"({{"reason":"{}","quality":"{}","was":"{}","correction":{},"offset_ms":{},)"
      R"("corrected_time":"{}","before":{{"wall":"{}"}},"run":{{"epoch":"{}")",
      to_string(word.reason), to_string(word.now.quality), to_string(word.was), corrections_,
      word.offset.count(), to_rfc3339(word.now.wall), to_rfc3339(word.wall_before), spool_.epoch());
  auto out = std::back_inserter(text);
  for (const auto event_class : kEventClasses) {
    const Seq first = run_after_[index_of(event_class)].next();
    fmt::format_to(out, R"(,"{}":{})", to_string(event_class), first.value);
  }
  fmt::format_to(out, R"(}},"affected":{{"epoch":"{}")", spool_.epoch());
  for (const auto event_class : kEventClasses) {
    const Seq after = pending.ranges.after[index_of(event_class)];
    const Seq last = pending.ranges.last[index_of(event_class)];
    if (after == last) continue;
    fmt::format_to(out, R"(,"{}":{{"first":{},"last":{}}})", to_string(event_class),
                   after.next().value, last.value);
  }
  fmt::format_to(out, R"(}},"mixed":{},"earlier":"order"}})", pending.ranges.mixed);
  return text;
}

}  // namespace watchpost::pipeline
