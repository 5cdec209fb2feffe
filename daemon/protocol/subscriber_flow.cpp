#include "protocol/subscriber_flow.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "protocol/fitting.hpp"
#include "protocol/passed_on.hpp"

namespace watchpost::protocol {
namespace {

ReasonCode granted(Qos qos) {
  return static_cast<ReasonCode>(qos);
}

// Of a SUBACK whose commit failed.
ReasonCode not_kept(const Failure& failure) {
  return failure.kind == Failure::Kind::refused ? ReasonCode::quota_exceeded
                                                : ReasonCode::implementation_specific_error;
}

}  // namespace

SubscriberFlow::SubscriberFlow(std::shared_ptr<SessionState> state, Surroundings around)
    : state_(std::move(state)),
      around_(around),
      aliases_(around.agreement.client_topic_alias_maximum) {}

void SubscriberFlow::begin(SteadyTime now, Actions& actions) {
  is_open_ = true;
  state_->receive_maximum = around_.agreement.client_receive_maximum;
  if (state_->outbox) state_->outbox->connected(state_->receive_maximum);
  send_outbox(now, actions);
}

void SubscriberFlow::end(bool is_owner) {
  is_open_ = false;
  around_.registry.end_leaving(std::exchange(unsent_, 0));
  for (const Asked& asked : std::exchange(again_, {})) {
    state_->outbox_now().not_released(asked.released);
  }
  if (!is_owner) return;
  state_->receive_maximum = 0;
  if (state_->outbox) state_->outbox->disconnected();
}

void SubscriberFlow::take(const Subscribe& subscribe, SteadyTime now, Actions& actions) {
  Asked asked;
  asked.packet_id = subscribe.packet_id;
  const auto identifier = subscribe.properties.number(PropertyId::subscription_identifier);
  std::vector<Fact> facts;
  std::size_t effort = RetainedMessages::kMostEffort;
  for (const Subscription& one : subscribe.subscriptions) {
    SubscriptionTerms terms{one.maximum_qos, one.no_local, one.retain_as_published,
                            one.retain_handling, identifier.value_or(0)};
    const auto filter = SubscriptionFilter::parse(one.filter);
    if (around_.agreement.is_bridge && filter && filter->group.empty()) {
      // What MQTT 5.0 has these two options for; versions before have none.
      terms.no_local = terms.retain_as_published = true;
    }
    ReasonCode code = granted(one.maximum_qos);
    if (!filter || (!filter->group.empty() && one.no_local)) {
      code = ReasonCode::topic_filter_invalid;
    } else if (!around_.rights.cover(filter->filter)) {
      code = ReasonCode::not_authorized;
      actions.push_back(
          DenyFilter{std::string(one.filter),
                     around_.rights.decided_by(Wish::subscribe, filter->filter.text())});
    }
    const bool is_known = state_->subscriptions.find(one.filter) != state_->subscriptions.end();
    const std::size_t wanted = state_->subscriptions.size() + asked.filters.size();
    if (!is_failure(code) && !is_known && wanted >= Subscriptions::kMostOfSession) {
      code = ReasonCode::quota_exceeded;
    }
    asked.codes.push_back(code);
    if (is_failure(code)) continue;
    Asked::Filter asked_for{asked.codes.size() - 1, std::string(one.filter), terms, is_known};
    const std::size_t retained = asked.retained.size();
    if (!add_retained(asked_for, asked, effort, now)) {
      asked.retained.resize(retained);
      asked.codes.back() = ReasonCode::quota_exceeded;
      continue;
    }
    asked.filters.push_back(std::move(asked_for));
    facts.push_back(SubscriptionChange{client_id(), std::string(one.filter), terms.as_byte(),
                                       terms.identifier, false});
  }
  for (const Asked::Kept& one : asked.retained) {
    if (one.number == 0) continue;
    facts.push_back(QueuedChange{QueuedChange::Kind::added, client_id(), one.number, one.delivery,
                                 lifetime_of(*one.delivery.publication, now)});
  }
  ask(std::move(asked), std::move(facts), now, actions);
}

// Section 3.3.1.3: 0 sends them always, 1 to a new subscription, 2 never; a shared one gets none.
// False: there is no room for more, or looking for them would take too long.
bool SubscriberFlow::add_retained(const Asked::Filter& one, Asked& asked, std::size_t& effort,
                                  SteadyTime now) {
  const auto filter = SubscriptionFilter::parse(one.text);
  const auto handling = one.terms.retain_handling;
  if (!filter->group.empty() || handling == 2 || (handling == 1 && one.was_known)) return true;
  const std::size_t room = Outbox::kMostMessages - asked.retained.size();
  if (around_.retained.size() != 0 && (room == 0 || effort == 0)) return false;
  for (SharedLocalMessage& kept : around_.retained.match(filter->filter, now, room, effort)) {
    if (!around_.rights.cover(OnItsWay{kept->topic, kept->publisher})) continue;
    Delivery delivery{std::move(kept), Qos::at_most_once, true, {}};
    delivery.qos = std::min(delivery.publication->qos, one.terms.maximum_qos);
    if (one.terms.identifier != 0) delivery.identifiers.push_back(one.terms.identifier);
    const bool is_counted = delivery.qos != Qos::at_most_once;
    asked.retained.push_back(
        {is_counted ? state_->outbox_now().next_number() : 0, std::move(delivery)});
  }
  return effort != 0;
}

void SubscriberFlow::take(const Unsubscribe& unsubscribe, SteadyTime now, Actions& actions) {
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
    facts.push_back(SubscriptionChange{client_id(), std::string(text), 0, 0, true});
  }
  ask(std::move(asked), std::move(facts), now, actions);
}

void SubscriberFlow::ask(Asked asked, std::vector<Fact> facts, SteadyTime now, Actions& actions) {
  if (facts.empty() || !state_->is_persistent()) {
    grant(asked, {}, now, actions);
    return;
  }
  const std::uint64_t ticket = next_ticket_++;
  asked_retained_ += asked.retained.size();
  asked_.emplace(ticket, std::move(asked));
  actions.push_back(Commit{{}, TicketNumber{ticket}, std::move(facts)});
}

void SubscriberFlow::settled(TicketNumber ticket, const Result<void>& outcome, SteadyTime now,
                             Actions& actions) {
  const auto found = asked_.find(ticket.value);
  WATCHPOST_INVARIANT(found != asked_.end());
  const Asked asked = std::move(found->second);
  asked_.erase(found);
  asked_retained_ -= asked.retained.size();
  grant(asked, outcome, now, actions);
}

void SubscriberFlow::grant(const Asked& asked, const Result<void>& outcome, SteadyTime now,
                           Actions& actions) {
  if (state_->is_over) return;
  if (asked.released != 0) {
    release(asked, outcome, actions);
    return;
  }
  auto codes = asked.codes;
  for (const Asked::Filter& one : asked.filters) {
    codes[one.place] = outcome ? change(asked, one) : not_kept(outcome.error());
  }
  answer(asked, std::move(codes), actions);
  if (!outcome) return;
  for (const Asked::Kept& one : asked.retained) {
    if (one.number == 0) {
      deliver(one.delivery, now, actions);
    } else {
      state_->outbox_now().add(one.number, one.delivery);
    }
  }
  send_outbox(now, actions);
}

// A receiver does not repeat PUBREC (section 4.4), so without the commit it is tried again; where
// the connection is gone, the message itself comes again on the next one.
void SubscriberFlow::release(const Asked& asked, const Result<void>& outcome, Actions& actions) {
  Outbox& outbox = state_->outbox_now();
  if (outcome) {
    if (!outbox.released(asked.released) || !is_open_) return;
    send(Pubrel{asked.packet_id, {}, {}}, around_.agreement, actions);
  } else if (is_open_) {
    again_.push_back(asked);
  } else {
    outbox.not_released(asked.released);
  }
}

void SubscriberFlow::on_time(SteadyTime now, Actions& actions) {
  for (Asked& asked : std::exchange(again_, {})) ask_release(std::move(asked), now, actions);
  send_outbox(now, actions);
}

ReasonCode SubscriberFlow::change(const Asked& asked, const Asked::Filter& filter) {
  Subscriptions& all = around_.registry.subscriptions();
  if (!asked.is_subscribe) {
    (void)all.remove(*state_, filter.text);
    return ReasonCode::success;
  }
  return all.add(state_, filter.text, filter.terms) ? granted(filter.terms.maximum_qos)
                                                    : ReasonCode::quota_exceeded;
}

void SubscriberFlow::answer(const Asked& asked, std::vector<ReasonCode> codes, Actions& actions) {
  if (!is_open_) return;
  if (asked.is_subscribe) {
    send(Suback{asked.packet_id, {}, std::move(codes)}, around_.agreement, actions);
  } else {
    send(Unsuback{asked.packet_id, {}, std::move(codes)}, around_.agreement, actions);
  }
}

void SubscriberFlow::deliver(const Delivery& delivery, SteadyTime now, Actions& actions) {
  if (!is_open_ || delivery.publication->expires_at <= now) return;
  if (!may_send(kMostUnsentAtQos0)) {
    ++left_out_;
    return;
  }
  send_message(delivery, Publish{}, now, actions);
}

// `publish` has DUP and the packet id, where they are needed.
void SubscriberFlow::send_message(const Delivery& delivery, Publish publish, SteadyTime now,
                                  Actions& actions) {
  const LocalMessage& publication = *delivery.publication;
  publish.qos = delivery.qos;
  // Its rights may have been taken back since the message was put down for it.
  if (!around_.rights.cover(OnItsWay{publication.topic, publication.publisher})) {
    count_as_sent(publish, ReasonCode::not_authorized, actions);
    return;
  }
  publish.retain = delivery.retain;
  publish.topic = publication.topic;
  publish.payload = publication.payload;
  if (around_.agreement.version == Version::v5) {
    add_properties(publication, now, publish);
    for (const std::uint32_t one : delivery.identifiers) {
      publish.properties.add(PropertyId::subscription_identifier, one);
    }
  }
  const auto new_alias = aliases_.shorten(publish);
  std::string bytes;
  encode(publish, around_.agreement.version, bytes);
  if (new_alias && bytes.size() > around_.agreement.client_maximum_packet_size) {
    aliases_.forget(*new_alias);  // it may fit without
    publish.properties.remove(PropertyId::topic_alias);
    bytes.clear();
    encode(publish, around_.agreement.version, bytes);
  }
  if (bytes.size() > around_.agreement.client_maximum_packet_size) {
    // Section 3.1.2.11.4: as if it had been sent.
    ++left_out_;
    count_as_sent(publish, ReasonCode::packet_too_large, actions);
    return;
  }
  unsent_ += bytes.size();
  around_.registry.begin_leaving(bytes.size());
  actions.push_back(Deliver{std::move(bytes)});
}

void SubscriberFlow::count_as_sent(const Publish& publish, ReasonCode code, Actions& actions) {
  if (publish.qos == Qos::at_most_once) return;
  answered(state_->outbox_now().forget(publish.packet_id), code, actions);
}

void SubscriberFlow::send_outbox(SteadyTime now, Actions& actions) {
  if (!is_open_ || !state_->outbox) return;
  std::vector<std::uint64_t> gone;
  while (may_send(kMostUnsent)) {
    const auto next = state_->outbox->next(now, gone);
    if (!next) break;
    if (next->delivery == nullptr) {
      send(Pubrel{next->id, {}, {}}, around_.agreement, actions);
      continue;
    }
    Publish publish;
    publish.dup = next->repeated;
    publish.packet_id = next->id;
    const Delivery delivery = *next->delivery;  // sending may take it out of the outbox
    send_message(delivery, std::move(publish), now, actions);
  }
  for (const std::uint64_t number : gone) forget(number, actions);
  if (auto wanted = state_->outbox->wanted()) actions.push_back(ReadQueue{state_, *wanted});
}

void SubscriberFlow::flushed(SteadyTime now, Actions& actions) {
  if (unsent_ == 0) return;
  around_.registry.end_leaving(std::exchange(unsent_, 0));
  send_outbox(now, actions);
}

bool SubscriberFlow::may_send(std::size_t most) const {
  const bool are_many = around_.registry.leaving_bytes() > kMostUnsentOfAll;
  return unsent_ <= (are_many ? kFairUnsent : most);
}

// What is owed to nobody any more leaves the disk too, with one of the next commits.
void SubscriberFlow::forget(std::uint64_t number, Actions& actions) {
  if (!state_->is_persistent()) return;
  actions.push_back(
      CommitLater{QueuedChange{QueuedChange::Kind::gone, client_id(), number, {}, {}}});
}

void SubscriberFlow::answered(const Outbox::Answer& answer, ReasonCode code, Actions& actions) {
  if (answer.from_log) {
    actions.push_back(LogAnswered{client_id(), answer.number, code});
  } else {
    forget(answer.number, actions);
  }
}

// An acknowledgement that nothing is waiting for is no reason to end the connection: it may be
// about a message that yielded or expired.
void SubscriberFlow::take(const Puback& puback, SteadyTime now, Actions& actions) {
  if (!state_->outbox) return;
  const auto answer = state_->outbox->acknowledged(puback.packet_id);
  if (!answer.is_known) return;
  answered(answer, puback.code, actions);
  send_outbox(now, actions);
}

void SubscriberFlow::take(const Pubrec& pubrec, SteadyTime now, Actions& actions) {
  Outbox::Answer answer;
  if (state_->outbox) answer = state_->outbox->received(pubrec.packet_id, is_failure(pubrec.code));
  if (answer.is_gone) {
    forget(answer.number, actions);
    send_outbox(now, actions);
    return;
  }
  if (is_failure(pubrec.code)) return;
  if (!answer.is_known) {
    send(Pubrel{pubrec.packet_id, ReasonCode::packet_identifier_not_found, {}}, around_.agreement,
         actions);
    return;
  }
  Asked asked;
  asked.packet_id = pubrec.packet_id;
  asked.released = answer.number;
  ask_release(std::move(asked), now, actions);
}

void SubscriberFlow::ask_release(Asked asked, SteadyTime now, Actions& actions) {
  std::vector<Fact> facts;
  facts.push_back(QueuedChange{QueuedChange::Kind::released, client_id(), asked.released, {}, {}});
  ask(std::move(asked), std::move(facts), now, actions);
}

void SubscriberFlow::take(const Pubcomp& pubcomp, SteadyTime now, Actions& actions) {
  if (!state_->outbox) return;
  const auto answer = state_->outbox->completed(pubcomp.packet_id);
  if (!answer.is_known) return;
  forget(answer.number, actions);
  send_outbox(now, actions);
}

}  // namespace watchpost::protocol
