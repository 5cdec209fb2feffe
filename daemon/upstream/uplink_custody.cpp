// Uplink, what the other side says: acknowledgements, refusals and receipts, and what becomes of
// the record.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::upstream {
namespace {

// Sent to a receiver that confirms nothing, to see whether it has come back. Alarms are not held
// back: others may listen there.
constexpr std::size_t kToSilentReceiver = 100;

}  // namespace

bool Uplink::by_receipt(EventClass event_class) const {
  const std::size_t i = index_of(event_class);
  return options_.forwarding.wanted[i] && options_.forwarding.custody[i] == Custody::receipt;
}

void Uplink::acknowledged(PublishToken token, ReasonCode code) {
  const SteadyTime now = around_.clock.steady();
  const std::size_t events = outstanding_.events();
  const std::size_t bytes = outstanding_.bytes();
  if (const auto sent = outstanding_.answered(token, now)) {
    pace_.events.answered(sent->at, now, sent->events, events);
    pace_.bytes.answered(sent->at, now, sent->bytes, bytes);
  }
  has_answered_ = true;
  set_window();
  if (token == state_token_) {
    if (is_failure(code)) {
      diagnosis_.refused({online_topic(context_.gateway)}, code.value, now);
      around_.log.warning(
          "Upstream {} refuses the gateway's own state (0x{:02X}, {}). Allow {} there",
          options_.name, code.value, refusal_of(code).meaning, online_topic(context_.gateway));
    }
  } else {
    settle(token, code);
  }
  pump_soon();
}

void Uplink::settle(PublishToken token, ReasonCode code) {
  const bool is_heard = !is_failure(code) && hearing_of(code) == Hearing::somebody;
  if (second_chances_.is_offered(token)) return settle_offer(code);
  if (unheard_.settled(token, is_heard)) {
    if (is_heard) ++counts_.acknowledged;
    return;
  }
  if (is_failure(code)) return refuse(token, refusal_of(code));
  const auto place = forwarder_.acknowledged(token, hearing_of(code));
  if (!place) return;
  breaker_.accepted(place->event_class, place->seq);
  if (diagnosis_.reason()) {
    diagnosis_.accepted(topics_of(place->event_class));
    // The reason may be gone with this answer: then the status must not name it any longer.
    tell_link();
  }
  set_window();
  if (!is_heard) counts_.unheard += place->events;
  if (is_heard || !forwarder_.lane(place->event_class).must_be_heard()) {
    counts_.acknowledged += place->events;
  }
  if (!forwarder_.lane(place->event_class).must_be_heard()) return;
  const SteadyTime now = around_.clock.steady();
  is_heard ? unheard_.heard(now) : unheard_.unheard(now);
}

void Uplink::tell_unheard() {
  if (!unheard_.take_news()) return;
  if (const auto trouble = trouble_of_unheard()) {
    tell(around_.log, *trouble);
  } else {
    around_.log.info("Upstream {}: all that nobody had heard has been heard now", options_.name);
  }
}

void Uplink::refuse(PublishToken token, const Refusal& refusal) {
  const auto place = forwarder_.refused(token, refusal);
  if (!place) return;
  ++counts_.refused;
  diagnosis_.refused({topics_of(place->event_class)}, refusal.code.value, around_.clock.steady());
  if (place->events > 1) {
    const auto sentence = refusals_.refused_batch(place->event_class, refusal);
    if (sentence) around_.log.warning("Upstream {}: {}", options_.name, *sentence);
    return;
  }
  if (refusal.verdict == Verdict::set_aside) return;  // said once the copy is kept
  if (forwarder_.lane(place->event_class).rests()) {
    refusals_.rest(around_.clock.steady(), around_.random());
  }
  if (const auto sentence = refusals_.refused(*place, refusal)) {
    around_.log.error("Upstream {}: {}", options_.name, *sentence);
  }
}

// What was set aside is offered again: taken now, or not.
void Uplink::settle_offer(ReasonCode code) {
  const auto [id, event_class] = second_chances_.settled();
  const bool is_unheard =
      hearing_of(code) == Hearing::nobody && forwarder_.lane(event_class).must_be_heard();
  if (is_failure(code) || is_unheard) {
    ++counts_.refused;
    return;
  }
  ++counts_.acknowledged;
  around_.spool.take_back(options_.name, id);
  around_.log.info("Upstream {} has taken an event that it had refused before", options_.name);
}

// Only the log has the record still: to keep each that is under way would cost memory for nothing.
void Uplink::read_condemned() {
  while (const auto condemned = forwarder_.next_condemned()) {
    spool::ReadRequest request;
    request.event_class = condemned->event_class;
    request.after = Seq{condemned->seq.value - 1};
    request.most_records = 1;
    read(request, [condemned = *condemned](Uplink& uplink, spool::LogReader::Found answer) {
      uplink.set_aside(condemned, std::move(answer));
    });
  }
}

void Uplink::set_aside(const Lane::Condemned& condemned, spool::LogReader::Found answer) {
  const auto& [event_class, seq, code] = condemned;
  Lane& lane = forwarder_.lane(event_class);
  // The link was lost meanwhile, or the receiver has it: it is not ours to decide any more.
  if (!lane.is_condemned(seq)) return;
  const SteadyTime now = around_.clock.steady();
  const Refusal refusal = refusal_of(code);
  const bool there = answer.has_value() && !answer->empty() && answer->front()->seq == seq;
  const bool kept = there && around_.spool.set_aside(options_.name, *answer->front(), code.value);
  if (answer.has_error() || (there && !kept)) {
    lane.cannot_part(seq);
    refusals_.rest(now, around_.random());
    const auto sentence = refusals_.refused({event_class, seq}, refusal);
    if (sentence) around_.log.error("Upstream {}: {}", options_.name, *sentence);
    return;
  }
  // Not there any more: the room was needed, and the drop ledger knows.
  lane.part(seq);
  breaker_.parted(event_class, seq);
  if (!there) return;
  second_chances_.refused_just_now(event_class, seq);
  if (const auto sentence = refusals_.set_aside(event_class, refusal)) {
    around_.log.error("Upstream {}: {}", options_.name, *sentence);
  }
}

void Uplink::subscribed(ReasonCode code) {
  outstanding_.answered(subscription_token_, around_.clock.steady());
  if (is_failure(code)) {
    diagnosis_.refused({receipt_topic(context_.gateway)}, code.value, around_.clock.steady());
    complain_of_receipts(fmt::format(
        "it does not let us read {} (0x{:02X}, {}), so no receipt can come. Ask the operator of "
        "its broker to allow it, or set custody to \"broker\"",
        receipt_topic(context_.gateway), code.value, refusal_of(code).meaning));
  }
  pump();
}

void Uplink::message_arrived(const std::string& topic, const std::string& payload) {
  if (topic != receipt_topic(context_.gateway)) {
    around_.log.debug("Upstream {} sent a message on {} that nobody asked for", options_.name,
                      topic);
    return;
  }
  const auto receipts = parse_receipts(payload);
  if (receipts.has_error()) {
    if (++counts_.bad_receipts == 1) {
      around_.log.warning("Upstream {}: {}", options_.name, receipts.error().sentence());
    }
    return;
  }
  for (const Receipt& receipt : *receipts) hear(receipt);
  pump();
}

void Uplink::hear(const Receipt& receipt) {
  if (!by_receipt(receipt.event_class)) return;
  ++counts_.receipts;
  switch (forwarder_.lane(receipt.event_class).hear(receipt)) {
    case Confirmation::Belief::news:
    case Confirmation::Belief::known:
      return;
    case Confirmation::Belief::foreign:
      around_.log.debug("Upstream {}: a receipt of epoch {}, which is not ours, is ignored",
                        options_.name, receipt.epoch);
      return;
    case Confirmation::Belief::beyond:
      if (++counts_.bad_receipts > 1) return;
      around_.log.warning(
          "Upstream {}: its receiver confirms {} {}, which was never sent; that is ignored. Look "
          "at the receiver: two gateways may have the same id",
          options_.name, to_string(receipt.event_class), receipt.sequence.value);
  }
}

void Uplink::watch_receipts(SteadyTime now) {
  if (state_ != UplinkState::connected) return;
  for (const EventClass event_class : kEventClasses) {
    const auto due = receipts_.due_at(event_class);
    if (!due || *due > now) continue;
    receipts_.passed(event_class, around_.random());
    Lane& lane = forwarder_.lane(event_class);
    if (event_class != EventClass::alarm) lane.limit_unconfirmed(kToSilentReceiver);
    lane.doubt_batches();  // perhaps it cannot read them
    lane.begin_again();
    // Perhaps it waits for numbers that will never come.
    state_is_old_ = true;
    complain_of_receipts(
        "its receiver confirms nothing, so events are kept and sent again. Start `watchpost "
        "receive` there, or set custody to \"broker\"");
  }
}

void Uplink::confirmed(EventClass event_class) {
  Lane& lane = forwarder_.lane(event_class);
  receipts_.confirmed(event_class);
  lane.limit_unconfirmed(Lane::kMostUnconfirmed);
  if (lane.take_stepped_aside()) state_is_old_ = true;
  if (troubles_.receipts.empty() || receipts_.any_silent()) return;
  troubles_.receipts.clear();
  around_.log.info("Upstream {}: its receiver confirms again", options_.name);
}

void Uplink::complain_of_receipts(const std::string& sentence) {
  if (!troubles_.receipts.empty()) return;
  troubles_.receipts = sentence;
  around_.log.error("Upstream {}: {}", options_.name, sentence);
}

}  // namespace watchpost::upstream
