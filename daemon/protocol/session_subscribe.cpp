// The part of Session for those who subscribe: SUBSCRIBE, UNSUBSCRIBE, and the messages that leave.
#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "protocol/asked.hpp"
#include "protocol/fitting.hpp"
#include "protocol/passed_on.hpp"
#include "protocol/session.hpp"

namespace watchpost::protocol {
namespace {

std::chrono::seconds left_of(const LocalMessage& publication, SteadyTime now) {
  if (publication.expires_at == SteadyTime::max()) return std::chrono::seconds{0};
  return std::max(std::chrono::ceil<std::chrono::seconds>(publication.expires_at - now),
                  std::chrono::seconds{1});
}

ReasonCode granted(Qos qos) {
  return static_cast<ReasonCode>(qos);
}

// Of a SUBACK whose commit failed.
ReasonCode not_kept(const Failure& failure) {
  return failure.kind == Failure::Kind::refused ? ReasonCode::quota_exceeded
                                                : ReasonCode::implementation_specific_error;
}

}  // namespace

void Session::subscribe(const Subscribe& subscribe, SteadyTime now, Actions& actions) {
  Asked asked;
  asked.packet_id = subscribe.packet_id;
  const auto identifier = subscribe.properties.number(PropertyId::subscription_identifier);
  std::vector<Fact> facts;
  for (const Subscription& one : subscribe.subscriptions) {
    SubscriptionTerms terms{one.maximum_qos, one.no_local, one.retain_as_published,
                            one.retain_handling, identifier.value_or(0)};
    const auto filter = SubscriptionFilter::parse(one.filter);
    ReasonCode code = granted(one.maximum_qos);
    if (!filter || (!filter->group.empty() && one.no_local)) {
      code = ReasonCode::topic_filter_invalid;
    } else if (!rights_->cover(filter->filter)) {
      code = ReasonCode::not_authorized;
      actions.push_back(DenyFilter{std::string(one.filter)});
    }
    asked.codes.push_back(code);
    if (is_failure(code)) continue;
    const bool is_known = state_->subscriptions.find(one.filter) != state_->subscriptions.end();
    asked.filters.push_back({asked.codes.size() - 1, std::string(one.filter), terms, is_known});
    facts.push_back(SubscriptionChange{agreement_.client_id, std::string(one.filter),
                                       terms.as_byte(), terms.identifier, false});
  }
  add_retained(asked, facts, now);
  ask(std::move(asked), std::move(facts), now, actions);
}

// Section 3.3.1.3: 0 sends them always, 1 to a new subscription, 2 never; a shared one gets none.
void Session::add_retained(Asked& asked, std::vector<Fact>& facts, SteadyTime now) {
  for (const Asked::Filter& one : asked.filters) {
    const auto filter = SubscriptionFilter::parse(one.text);
    const auto handling = one.terms.retain_handling;
    if (!filter->group.empty() || handling == 2 || (handling == 1 && one.was_known)) continue;
    for (SharedLocalMessage& kept :
         around_.retained.match(filter->filter, now, Outbox::kMostMessages)) {
      Delivery delivery{std::move(kept), Qos::at_most_once, true, {}};
      delivery.qos = std::min(delivery.publication->qos, one.terms.maximum_qos);
      if (one.terms.identifier != 0) delivery.identifiers.push_back(one.terms.identifier);
      std::uint64_t number = 0;
      if (delivery.qos != Qos::at_most_once) {
        number = state_->outbox_now().next_number();
        facts.push_back(QueuedChange{QueuedChange::Kind::added, agreement_.client_id, number,
                                     delivery, left_of(*delivery.publication, now)});
      }
      asked.retained.push_back({number, std::move(delivery)});
    }
  }
}

void Session::unsubscribe(const Unsubscribe& unsubscribe, SteadyTime now, Actions& actions) {
  Asked asked;
  asked.is_subscribe = false;
  asked.packet_id = unsubscribe.packet_id;
  std::vector<Fact> facts;
  for (const std::string_view text : unsubscribe.filters) {
    const bool is_known = state_->subscriptions.find(text) != state_->subscriptions.end();
    asked.codes.push_back(!SubscriptionFilter::parse(text) ? ReasonCode::topic_filter_invalid
                          : is_known                       ? ReasonCode::success
                                                           : ReasonCode::no_subscription_existed);
    if (!is_known) continue;
    asked.filters.push_back({asked.codes.size() - 1, std::string(text), {}, true});
    facts.push_back(SubscriptionChange{agreement_.client_id, std::string(text), 0, 0, true});
  }
  ask(std::move(asked), std::move(facts), now, actions);
}

void Session::ask(Asked asked, std::vector<Fact> facts, SteadyTime now, Actions& actions) {
  if (facts.empty() || !state_->is_persistent()) {
    grant(asked, {}, now, actions);
    return;
  }
  const std::uint64_t ticket = next_asked_++;
  asked_.emplace(ticket, std::move(asked));
  actions.push_back(Commit{{}, TicketNumber{ticket}, std::move(facts)});
}

void Session::grant(const Asked& asked, const Result<void>& outcome, SteadyTime now,
                    Actions& actions) {
  if (state_->is_over) return;
  if (asked.released != 0) {
    // Without the commit the subscriber is not answered; it sends PUBREC again when it is back.
    if (outcome && state_->outbox_now().released(asked.released) && phase_ == Phase::connected) {
      send(Pubrel{asked.packet_id, {}, {}}, agreement_, actions);
    }
    return;
  }
  auto codes = asked.codes;
  for (const Asked::Filter& one : asked.filters) {
    if (!outcome) {
      codes[one.place] = not_kept(outcome.error());
    } else if (!asked.is_subscribe) {
      (void)around_.registry.subscriptions().remove(*state_, one.text);
    } else if (!around_.registry.subscriptions().add(state_, one.text, one.terms)) {
      codes[one.place] = ReasonCode::quota_exceeded;
    }
  }
  const bool answers = phase_ == Phase::connected;
  if (answers && asked.is_subscribe) {
    send(Suback{asked.packet_id, {}, std::move(codes)}, agreement_, actions);
  } else if (answers) {
    send(Unsuback{asked.packet_id, {}, std::move(codes)}, agreement_, actions);
  }
  if (!outcome) return;
  std::vector<std::uint64_t> yielded;
  for (const Asked::Kept& one : asked.retained) {
    if (one.number == 0) {
      deliver(one.delivery, now, actions);
    } else {
      state_->outbox_now().add(one.number, one.delivery, yielded);
    }
  }
  for (const std::uint64_t number : yielded) forget(number, actions);
  send_outbox(now, actions);
}

void Session::deliver(const Delivery& delivery, SteadyTime now, Actions& actions) {
  if (phase_ != Phase::connected || delivery.publication->expires_at <= now) return;
  if (unsent_ > kMostUnsentAtQos0) {
    ++left_out_;
    return;
  }
  send_message(delivery, Publish{}, now, actions);
}

// `publish` has DUP and the packet id, where they are needed.
void Session::send_message(const Delivery& delivery, Publish publish, SteadyTime now,
                           Actions& actions) {
  const LocalMessage& publication = *delivery.publication;
  publish.qos = delivery.qos;
  publish.retain = delivery.retain;
  publish.topic = publication.topic;
  publish.payload = publication.payload;
  if (agreement_.version == Version::v5) {
    add_properties(publication, now, publish);
    for (const std::uint32_t one : delivery.identifiers) {
      publish.properties.add(PropertyId::subscription_identifier, one);
    }
  }
  std::string bytes;
  encode(publish, agreement_.version, bytes);
  if (bytes.size() > agreement_.client_maximum_packet_size) {
    // Section 3.1.2.11.4: as if it had been sent.
    ++left_out_;
    if (publish.qos != Qos::at_most_once) {
      forget(state_->outbox_now().forget(publish.packet_id).number, actions);
    }
    return;
  }
  unsent_ += bytes.size();
  actions.push_back(Deliver{std::move(bytes)});
}

void Session::send_outbox(SteadyTime now, Actions& actions) {
  if (phase_ != Phase::connected || !state_->outbox) return;
  std::vector<std::uint64_t> gone;
  while (unsent_ <= kMostUnsent) {
    const auto next = state_->outbox->next(now, gone);
    if (!next) break;
    if (next->delivery == nullptr) {
      send(Pubrel{next->id, {}, {}}, agreement_, actions);
      continue;
    }
    Publish publish;
    publish.dup = next->repeated;
    publish.packet_id = next->id;
    const Delivery delivery = *next->delivery;  // sending may take it out of the outbox
    send_message(delivery, std::move(publish), now, actions);
  }
  for (const std::uint64_t number : gone) forget(number, actions);
}

void Session::flushed(SteadyTime now, Actions& actions) {
  if (unsent_ == 0) return;
  unsent_ = 0;
  send_outbox(now, actions);
}

// What is owed to nobody any more leaves the disk too, with one of the next commits.
void Session::forget(std::uint64_t number, Actions& actions) {
  if (!state_->is_persistent()) return;
  actions.push_back(
      CommitLater{QueuedChange{QueuedChange::Kind::gone, agreement_.client_id, number, {}, {}}});
}

// An acknowledgement that nothing is waiting for is no reason to end the connection: it may be
// about a message that yielded or expired.
void Session::take(const Puback& puback, SteadyTime now, Actions& actions) {
  if (!state_->outbox) return;
  const auto answer = state_->outbox->acknowledged(puback.packet_id);
  if (!answer.is_known) return;
  forget(answer.number, actions);
  send_outbox(now, actions);
}

void Session::take(const Pubrec& pubrec, SteadyTime now, Actions& actions) {
  Outbox::Answer answer;
  if (state_->outbox) answer = state_->outbox->received(pubrec.packet_id, is_failure(pubrec.code));
  if (answer.is_gone) {
    forget(answer.number, actions);
    send_outbox(now, actions);
    return;
  }
  if (is_failure(pubrec.code)) return;
  if (!answer.is_known) {
    send(Pubrel{pubrec.packet_id, ReasonCode::packet_identifier_not_found, {}}, agreement_,
         actions);
    return;
  }
  Asked asked;
  asked.packet_id = pubrec.packet_id;
  asked.released = answer.number;
  std::vector<Fact> facts;
  facts.push_back(
      QueuedChange{QueuedChange::Kind::released, agreement_.client_id, answer.number, {}, {}});
  ask(std::move(asked), std::move(facts), now, actions);
}

void Session::take(const Pubcomp& pubcomp, SteadyTime now, Actions& actions) {
  if (!state_->outbox) return;
  const auto answer = state_->outbox->completed(pubcomp.packet_id);
  if (!answer.is_known) return;
  forget(answer.number, actions);
  send_outbox(now, actions);
}

}  // namespace watchpost::protocol
