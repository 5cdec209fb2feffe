#include "upstream/traffic.hpp"

#include <algorithm>
#include <utility>

#include "model/event_topic.hpp"
#include "model/relay.hpp"

namespace watchpost::upstream {
namespace {

// True: it is the state of another gateway's link, kept by the upstream for later subscribers.
bool is_link_state(const Record& record) {
  return is_relayed(record) && is_link_state_topic(record.topic);
}

}  // namespace

void Traffic::link_up(const LinkTerms& terms) {
  batch_.link_up(terms);
  set_window();
}

void Traffic::set_window() {
  const LinkFlow::Window window =
      by_.refusals.one_at_a_time() ? LinkFlow::Window{1, 1} : by_.flow.window();
  basis_.forwarder.limit_window(window);
}

std::optional<Publication> Traffic::next(const Tick& tick) {
  if (auto alarm = next_record(tick, Forwarder::Which::alarms_only)) return alarm;
  if (auto offer = next_offer(tick)) return offer;
  if (auto record = next_record(tick, Forwarder::Which::any)) return record;
  return next_set_aside(tick);
}

std::optional<Publication> Traffic::next_record(const Tick& tick, Forwarder::Which which) {
  while (by_.flow.may_send()) {
    const bool flows = by_.flow.may_flow(tick.now) && by_.flow.has_bytes_free();
    const auto next = basis_.forwarder.next(flows ? which : Forwarder::Which::alarms_only);
    if (!next) return std::nullopt;
    by_.flow.take(tick.now);
    if (auto publication = made_of(*next, tick)) return publication;
    set_window();
  }
  return std::nullopt;
}

// Returns nothing where the record is refused instead.
std::optional<Publication> Traffic::made_of(const Forwarder::Next& next, const Tick& tick) {
  Publication publication = publication_of(basis_.context, *next.record);
  publication.token = next.token;
  publication.retain = is_link_state(*next.record) && by_.flow.terms().retain_available;
  if (!by_.flow.fits(publication)) {
    by_.refusals.refuse(next.token, refusal_of(ReasonCode::packet_too_large), tick);
    return std::nullopt;
  }
  if (!by_.refusals.may_risk(next, tick)) return std::nullopt;
  const std::size_t events = fill(publication, *next.record, tick.now);
  by_.flow.sent(next.token, {tick.now, size_of(publication), events});
  basis_.counts.published += events;
  return publication;
}

// Adds what is ready now to the first event; nothing waits for more. Returns the number of events.
std::size_t Traffic::fill(Publication& publication, const Record& first, SteadyTime now) {
  const EventClass event_class = first.event_class;
  std::size_t events = 1;
  // Relayed events are another gateway's: they go as they came, never in a batch with ours.
  if (is_relayed(first)) return events;
  while (const Record* record = basis_.forwarder.joinable(event_class)) {
    if (is_relayed(*record) || !by_.flow.has_one(now) || !batch_.add(publication, *record)) break;
    static_cast<void>(basis_.forwarder.join(event_class));
    by_.flow.take(now);
    ++events;
  }
  if (events > 1) batch_.finish(publication, event_class);
  return events;
}

std::optional<spool::ReadRequest> Traffic::next_unheard_read() {
  if (!by_.flow.may_send() || !by_.flow.has_bytes_free()) return std::nullopt;
  return by_.offers.next_unheard_read();
}

std::optional<spool::ReadRequest> Traffic::next_replay_read() {
  if (!by_.flow.may_send() || !by_.flow.has_bytes_free()) return std::nullopt;
  return by_.offers.next_replay_read();
}

// They go behind alarms that are sent for the first time, before everything else.
std::optional<Publication> Traffic::next_offer(const Tick& tick) {
  while (by_.flow.may_send() && by_.flow.has_bytes_free()) {
    auto offer = by_.offers.next_unheard();
    if (!offer) offer = by_.offers.next_replay();
    if (!offer) return std::nullopt;
    if (auto publication = made_of(*offer, tick)) return publication;
  }
  return std::nullopt;
}

bool Traffic::is_quiet(SteadyTime now) {
  return by_.flow.may_send() && basis_.forwarder.is_idle() && by_.flow.may_flow(now);
}

std::optional<std::uint64_t> Traffic::next_set_aside_read(SteadyTime now) {
  return is_quiet(now) ? by_.offers.next_set_aside_read() : std::nullopt;
}

std::optional<Publication> Traffic::next_set_aside(const Tick& tick) {
  while (is_quiet(tick.now)) {
    const auto offer = by_.offers.next_set_aside();
    if (!offer) return std::nullopt;
    if (auto publication = made_of(*offer, tick)) return publication;
  }
  return std::nullopt;
}

// An offer is never retained: if it is the state of a link, there may be a newer state by now.
std::optional<Publication> Traffic::made_of(const Offers::Offer& offer, const Tick& tick) {
  Publication publication = publication_of(basis_.context, *offer.record);
  publication.token = offer.token;
  if (!by_.flow.fits(publication)) {
    static_cast<void>(pass_answer(offer.token, ReasonCode::packet_too_large, tick));
    return std::nullopt;
  }
  by_.flow.take(tick.now);
  by_.flow.sent(offer.token, {tick.now, size_of(publication)});
  ++basis_.counts.published;
  return publication;
}

std::optional<std::uint64_t> Traffic::answered(PublishToken token, ReasonCode code,
                                               const Tick& tick) {
  const std::size_t bytes = by_.flow.answered(token, tick.now);
  if (!is_failure(code)) taken_.most_bytes = std::max(taken_.most_bytes, bytes);
  std::optional<std::uint64_t> taken;
  if (token == by_.own_state.token()) {
    if (!is_failure(code)) taken_.take_state(by_.own_state.is_retained());
    by_.own_state.answered(code, by_.life, tick.now);
  } else {
    if (!is_failure(code)) by_.own_state.something_taken();
    taken = pass_answer(token, code, tick);
  }
  set_window();
  return taken;
}

std::optional<std::uint64_t> Traffic::pass_answer(PublishToken token, ReasonCode code,
                                                  const Tick& tick) {
  if (const auto offer = by_.offers.take_answer(token, code)) return offer->taken;
  if (is_failure(code)) {
    by_.refusals.refuse(token, refusal_of(code), tick);
    return std::nullopt;
  }
  const auto place = basis_.forwarder.acknowledged(token, hearing_of(code));
  if (!place) return std::nullopt;
  taken_.classes[index_of(place->event_class)] = true;
  by_.refusals.accepted(*place);
  const bool is_heard = hearing_of(code) == Hearing::somebody;
  const bool must_be_heard = basis_.lane(place->event_class).must_be_heard();
  if (!is_heard) basis_.counts.unheard += place->events;
  if (is_heard || !must_be_heard) basis_.counts.acknowledged += place->events;
  if (must_be_heard) by_.offers.first_answer(is_heard, tick.now);
  return std::nullopt;
}

std::optional<client::SentItem> Traffic::first_unanswered(PublishToken subscription) const {
  const auto first = by_.flow.first();
  if (!first) return std::nullopt;
  const Gateway& gateway = basis_.context.gateway;
  if (first->token == subscription) {
    return client::SentItem{receipt_topic(gateway), 0, first->bytes};
  }
  EndedOver item;
  item.bytes = first->bytes;
  item.levels = gateway.topics().levels();
  item.is_limit_known = by_.flow.terms().maximum_packet_size < LinkTerms{}.maximum_packet_size;
  if (first->token == by_.own_state.token()) {
    item.is_state = true;
    item.retained = by_.own_state.is_retained() && by_.flow.terms().retain_available &&
                    !by_.own_state.is_cleared();
    return sent_item(gateway.topics().state(), item);
  }
  const auto place = basis_.forwarder.oldest_unanswered();
  if (!place) return client::SentItem{gateway.topics().all(), 0, first->bytes};
  item.event_class = place->event_class;
  auto sent = sent_item(basis_.topics_of(place->event_class), item);
  sent.number = place->seq.value;
  return sent;
}

client::SentItem Traffic::sent_item(std::string topic, const EndedOver& item) const {
  client::SentItem sent{std::move(topic), 0, item.bytes};
  sent.rule = likely_rule(item, taken_);
  sent.levels = item.levels;
  sent.most_taken = taken_.most_bytes;
  return sent;
}

std::optional<SteadyTime> Traffic::due_at() const {
  const bool waits =
      by_.flow.may_send() && by_.flow.has_bytes_free() && basis_.forwarder.can_send();
  return waits ? std::optional(by_.flow.flows_at()) : std::nullopt;
}

}  // namespace watchpost::upstream
