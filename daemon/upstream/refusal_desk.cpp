#include "upstream/refusal_desk.hpp"

#include "model/trouble_catalogue.hpp"

namespace watchpost::upstream {

void RefusalDesk::link_broke(bool answered) {
  breaker_.link_lost(basis_.forwarder.oldest_unanswered(), answered);
  if (const auto suspect = breaker_.suspect()) basis_.lane(suspect->event_class).doubt_batches();
}

void RefusalDesk::committed(SteadyTime now) {
  if (basis_.forwarder.has_untried()) book_.hurry(now + kImpatience);
}

void RefusalDesk::look(SteadyTime now) {
  switch (book_.look(now)) {
    case RefusalBook::Ask::nobody:
      return;
    case RefusalBook::Ask::hurried:
      return basis_.forwarder.retry_untried();
    case RefusalBook::Ask::all:
      return basis_.forwarder.retry_refused();
  }
}

void RefusalDesk::refuse(PublishToken token, const Refusal& refusal, const Tick& tick) {
  const auto place = basis_.forwarder.refused(token, refusal);
  if (!place) return;
  ++basis_.counts.refused;
  life_.refused(basis_.topics_of(place->event_class), byte_of(refusal.code), tick.now);
  if (place->events > 1) {
    const auto sentence = book_.refused_batch(place->event_class, refusal);
    if (sentence) basis_.log.warning("Upstream {}: {}", basis_.options.name, *sentence);
    return;
  }
  if (refusal.treatment == Treatment::set_aside) return;  // said once the copy is kept
  if (basis_.lane(place->event_class).rests()) book_.rest(tick.now, tick.random);
  say_refused(*place, refusal);
}

void RefusalDesk::say_refused(const Forwarder::RecordPlace& place, const Refusal& refusal) {
  say(book_.refused(place, {refusal, basis_.topics_of(place.event_class)}));
}

void RefusalDesk::say(const std::optional<Trouble>& told) {
  if (!told) return;
  basis_.log.error("Upstream {}: {}", basis_.options.name, sentence_of(*told, Language::english));
}

void RefusalDesk::accepted(const Forwarder::RecordPlace& place) {
  breaker_.accepted(place.event_class, place.seq);
  if (life_.blames()) life_.accepted(basis_.topics_of(place.event_class));
}

bool RefusalDesk::may_risk(const Forwarder::Next& next, const Tick& tick) {
  Refusal refusal = refusal_of(kBreaksTheLink);
  switch (breaker_.judge({next.record->event_class, next.record->seq})) {
    case LinkBreaker::Judgement::send:
      return true;
    case LinkBreaker::Judgement::set_aside:
      refusal.treatment = Treatment::set_aside;
      break;
    case LinkBreaker::Judgement::class_waits:
      break;
  }
  refuse(next.token, refusal, tick);
  return false;
}

spool::ReadRequest RefusalDesk::read_of(const Lane::Condemned& condemned) {
  spool::ReadRequest request;
  request.event_class = condemned.event_class;
  request.after = Seq{condemned.seq.value - 1};
  request.most_records = 1;
  return request;
}

const Record* RefusalDesk::to_keep(const Lane::Condemned& condemned, const Found& answer) const {
  if (!basis_.lane(condemned.event_class).is_condemned(condemned.seq)) return nullptr;
  const bool there =
      answer.has_value() && !answer->empty() && answer->front()->seq == condemned.seq;
  return there ? answer->front().get() : nullptr;
}

void RefusalDesk::set_aside(const Lane::Condemned& condemned, const Copy& copy, const Tick& tick) {
  const auto& [event_class, seq, code] = condemned;
  Lane& lane = basis_.lane(event_class);
  if (!lane.is_condemned(seq)) return;
  const Refusal refusal = refusal_of(code);
  const bool there = to_keep(condemned, copy.answer) != nullptr;
  if (copy.answer.has_error() || (there && !copy.is_kept)) {
    lane.cannot_set_aside(seq);
    book_.rest(tick.now, tick.random);
    return say_refused({event_class, seq}, refusal);
  }
  // A record that is not there any more was dropped for room, and the drop ledger knows it.
  lane.pass_set_aside(seq);
  breaker_.passed(event_class, seq);
  if (!there) return;
  offers_.refused_just_now(event_class, seq);
  say(book_.set_aside(event_class, {refusal, basis_.topics_of(event_class)}, tick.now));
}

void RefusalDesk::delivered(EventClass event_class) {
  // All is well again only when what was refused is delivered, not when something else was.
  const auto delivered = book_.delivered(event_class, basis_.lane(event_class).accepted());
  if (delivered == RefusalBook::Delivered::no) return;
  basis_.log.info("Upstream {} {}", basis_.options.name,
                  delivered == RefusalBook::Delivered::partly_set_aside
                      ? "goes on: what it refuses is set aside"
                      : "accepts everything again");
}

void RefusalDesk::tell(UplinkStatus& status) const {
  if (!status.failure) status.failure = book_.told();
  for (const auto& why : book_.aside()) {
    if (!status.set_aside_why) status.set_aside_why = why;
  }
}

}  // namespace watchpost::upstream
