// First the way in: a message is handed over under a ticket. Then the way back: outcomes of commits
// become answers, in order.
#include "protocol/inbound_flow.hpp"

#include <utility>

#include "base/invariant.hpp"
#include "protocol/codec.hpp"
#include "protocol/passed_on.hpp"

namespace watchpost::protocol {
namespace {

NotTaken not_stored() {
  return NotTaken{ReasonCode::quota_exceeded, "the message was not stored"};
}

std::size_t size_of(const Action& action) {
  const auto* const hand_over = std::get_if<HandOver>(&action);
  return sizeof(Action) + (hand_over == nullptr ? 0 : size_of(hand_over->message));
}

}  // namespace

InboundFlow::InboundFlow(ConnectionId connection, std::shared_ptr<SessionState> state,
                         Surroundings around)
    : connection_(connection),
      state_(std::move(state)),
      around_(around),
      aliases_(around.options.topic_alias_maximum),
      quota_(around.agreement, around.options.receive_maximum),
      refusals_(around.agreement) {}

TicketNumber InboundFlow::owe(Owed owed) {
  owed_.push_back(std::move(owed));
  return TicketNumber{first_ticket_.value + owed_.size() - 1};
}

InboundFlow::Ending InboundFlow::take(const Publish& publish, Actions& actions) {
  if (publish.properties.find(PropertyId::subscription_identifier) != nullptr) {
    return breach(ReasonCode::protocol_error, "a subscription identifier from a client");
  }
  const bool is_answered = publish.qos != Qos::at_most_once;
  if (is_answered && quota_.is_used_up()) {
    return breach(ReasonCode::receive_maximum_exceeded,
                  "more unacknowledged messages than Receive Maximum");
  }
  auto topic = aliases_.topic_of(publish);
  if (auto* const ending = std::get_if<Close>(&topic)) return std::move(*ending);
  const Topic& about = std::get<Topic>(topic);
  if (publish.qos == Qos::at_least_once) {
    if (auto first = state_->under_way.repeated_by(publish, about)) {
      return answer_repeat(publish, std::move(first), actions);
    }
  }
  if (is_answered) quota_.expect();
  if (publish.qos == Qos::exactly_once) {
    if (auto answered = only_answer(publish, actions)) return std::move(*answered);
  }
  if (!around_.rights.cover(about)) return deny(publish, about, actions);

  ++publishes_;
  HandOver hand_over = hand_over_of(publish, std::move(std::get<Topic>(topic)));
  Owed owed;
  owed.packet_id = publish.packet_id;
  owed.bytes = size_of(hand_over.message);
  if (publish.qos == Qos::at_least_once) {
    owed.answer = Answer::puback;
    owed.under_way = state_->under_way.begin(publish, hand_over.message.topic, connection_);
  }
  if (publish.qos == Qos::exactly_once) {
    owed.answer = Answer::pubrec;
    state_->received.emplace(publish.packet_id, ReceivedStage::committing);
    if (state_->is_persistent()) {
      hand_over.changes.push_back({SessionChange::Kind::remember_packet_id,
                                   around_.agreement.client_id, publish.packet_id, state_->expiry});
    }
  }
  const bool must_succeed = owed.answer && !refusals_.can_refuse(type_of(*owed.answer));
  hand_over.ticket = owe(std::move(owed));
  if (must_succeed) owed_.back().again = std::make_unique<const Action>(hand_over);
  actions.push_back(std::move(hand_over));
  return std::nullopt;
}

// On the connection of the first one nothing more is answered: its one PUBACK follows, and a second
// one would acknowledge whatever the client sends next under this id.
InboundFlow::Ending InboundFlow::answer_repeat(const Publish& publish,
                                               std::shared_ptr<const RepeatedMessage> first,
                                               Actions& actions) {
  if (first->connection == connection_) return std::nullopt;
  quota_.expect();
  Owed owed;
  owed.packet_id = publish.packet_id;
  owed.answer = Answer::puback_duplicate;
  owed.first = std::move(first);
  (void)owe(std::move(owed));
  return release(actions);
}

// 3.1.1 cannot say that a client may not publish, and PUBACK means on disk: the connection of a
// 3.1.1 client ends.
InboundFlow::Ending InboundFlow::deny(const Publish& publish, const Topic& topic,
                                      Actions& actions) {
  actions.push_back(Deny{topic.text(), around_.rights.decided_by(Wish::publish, topic.text())});
  if (publish.qos == Qos::at_most_once) return std::nullopt;
  Owed owed;
  owed.packet_id = publish.packet_id;
  owed.settled = true;
  owed.failure = NotTaken{ReasonCode::not_authorized, "it may not publish on this topic"};
  owed.answer = publish.qos == Qos::at_least_once ? Answer::puback : Answer::pubrec;
  (void)owe(std::move(owed));
  return release(actions);
}

HandOver InboundFlow::hand_over_of(const Publish& publish, Topic topic) const {
  HandOver hand_over{Message{.topic = std::move(topic)}, {}, {}};
  Message& message = hand_over.message;
  message.payload = publish.payload;
  message.qos = publish.qos;
  message.retain = publish.retain;
  message.repeated = publish.dup;
  if (!publish.properties.empty()) set_properties(message, publish.properties);
  message.source = around_.agreement.client_id;
  if (const auto type = publish.properties.text(PropertyId::content_type)) {
    message.content_type = *type;
  }
  if (const auto encoding = publish.properties.user("content-encoding")) {
    message.content_encoding = *encoding;
  }
  return hand_over;
}

std::optional<InboundFlow::Ending> InboundFlow::only_answer(const Publish& publish,
                                                            Actions& actions) {
  using Done = std::optional<Ending>;
  const auto found = state_->received.find(publish.packet_id);
  const bool is_new = found == state_->received.end();
  if (is_new && state_->received.size() < around_.options.max_received_ids) return std::nullopt;
  if (!is_new && found->second == ReceivedStage::releasing) {
    // The id belongs to a message whose PUBREL is being committed: this one is another message,
    // which must not be acknowledged as if it were stored.
    if (!refusals_.can_refuse(PacketType::pubrec)) {
      return Done(std::in_place, Close{ReasonCode::packet_identifier_in_use,
                                       "a packet id used again before PUBCOMP"});
    }
    quota_.answered();
    refusals_.refuse_id_in_use(publish.packet_id, actions);
    return Done(std::in_place);
  }
  Owed owed;
  owed.packet_id = publish.packet_id;
  owed.answer = Answer::pubrec_duplicate;
  if (is_new) {
    owed.answer = Answer::pubrec;
    owed.settled = true;
    owed.failure = NotTaken{ReasonCode::quota_exceeded, "too many QoS 2 messages without PUBREL"};
  }
  (void)owe(std::move(owed));
  return Done(std::in_place, release(actions));
}

// The forgetting is committed before PUBCOMP leaves: a client may use the id for a new message the
// moment it has PUBCOMP. Were the old id found again after a crash, that message would be taken for
// a repeat: acknowledged and lost.
InboundFlow::Ending InboundFlow::take(const Pubrel& pubrel, Actions& actions) {
  const auto found = state_->received.find(pubrel.packet_id);
  if (found == state_->received.end()) {
    quota_.answered();
    refusals_.complete_unknown(pubrel.packet_id, actions);
    return std::nullopt;
  }
  if (found->second == ReceivedStage::committing) {
    return breach(ReasonCode::protocol_error, "PUBREL before PUBREC");
  }
  Owed owed;
  owed.packet_id = pubrel.packet_id;
  owed.answer = Answer::pubcomp;
  if (found->second == ReceivedStage::releasing) {
    owed.answer = Answer::pubcomp_duplicate;
    (void)owe(std::move(owed));
    return release(actions);
  }
  if (!state_->is_persistent()) {
    state_->received.erase(found);
    owed.settled = true;
    (void)owe(std::move(owed));
    return release(actions);
  }
  found->second = ReceivedStage::releasing;
  Commit commit;
  commit.changes.push_back({SessionChange::Kind::forget_packet_id, around_.agreement.client_id,
                            pubrel.packet_id, state_->expiry});
  commit.ticket = owe(std::move(owed));
  owed_.back().again = std::make_unique<const Action>(commit);
  actions.push_back(std::move(commit));
  return std::nullopt;
}

bool InboundFlow::has_room() const {
  // A client before MQTT 5 cannot be told "not stored"; reading it would only make more messages
  // wait.
  const bool full = around_.agreement.version != Version::v5 &&
                    around_.registry.waiting_bytes() >= around_.options.max_waiting_bytes;
  return !full && owed_.size() < around_.options.max_unsettled;
}

InboundFlow::Ending InboundFlow::settled(TicketNumber ticket, const Result<void>& outcome,
                                         Actions& actions) {
  WATCHPOST_INVARIANT(ticket >= first_ticket_ && ticket.value - first_ticket_.value < owed_.size());
  Owed& owed = owed_[ticket.value - first_ticket_.value];
  WATCHPOST_INVARIANT(!owed.settled && !owed.waiting);
  const bool may_wait = owed.again && !silent_;
  if (!outcome && may_wait && outcome.error().kind != Failure::Kind::invalid_input) {
    set_waiting(owed, true);
    return std::nullopt;
  }
  owed.settled = true;
  owed.again.reset();
  if (!outcome) owed.failure = not_taken(outcome.error());
  settle_received_id(owed, actions);
  auto ending = release(actions);
  // Each stored message hands over two that wait. Where the store is well, all are soon stored;
  // where it takes this class only, few are tried in vain.
  if (outcome && !ending) hand_over_again(2, actions);
  return ending;
}

void InboundFlow::settle_received_id(const Owed& owed, Actions& actions) {
  const auto found = state_->received.find(owed.packet_id);
  if (owed.answer == Answer::pubrec) {
    WATCHPOST_INVARIANT(found != state_->received.end());
    if (owed.failure) {
      state_->received.erase(found);  // nothing was stored: a repeat counts as a new message
    } else {
      found->second = ReceivedStage::stored;
    }
  } else if (owed.answer == Answer::pubcomp) {
    WATCHPOST_INVARIANT(found != state_->received.end());
    if (owed.failure) {
      found->second = ReceivedStage::stored;
    } else {
      state_->received.erase(found);
    }
  } else if (owed.answer == Answer::puback) {
    state_->under_way.settled(owed.under_way, !owed.failure);
  } else {
    return;
  }
  if (state_->connection && *state_->connection != connection_) {
    // emplace_back: g++ 12 takes the moved-from temporary of push_back for one that holds texts.
    actions.emplace_back(Wake{*state_->connection});
  }
}

bool InboundFlow::resolve(Owed& owed) const {
  if (owed.answer == Answer::puback_duplicate) {
    if (!owed.first->is_stored) return false;
    if (!*owed.first->is_stored) owed.failure = not_stored();
    return true;
  }
  const bool pubrec = owed.answer == Answer::pubrec_duplicate;
  if (!pubrec && owed.answer != Answer::pubcomp_duplicate) return owed.settled;
  const auto found = state_->received.find(owed.packet_id);
  const bool known = found != state_->received.end();
  if (known && pubrec && found->second == ReceivedStage::committing) return false;
  if (known && !pubrec && found->second == ReceivedStage::releasing) return false;
  // The first message succeeded if its id is known now (PUBREC) or forgotten now (PUBCOMP).
  if (known != pubrec) owed.failure = not_stored();
  return true;
}

InboundFlow::Ending InboundFlow::release(Actions& actions) {
  Ending ending;
  while (!owed_.empty() && resolve(owed_.front())) {
    const Owed owed = std::move(owed_.front());
    owed_.pop_front();
    ++first_ticket_;
    if (owed.under_way != UnderWayNumber{}) state_->under_way.end(owed.under_way);
    if (!silent_ && !ending) ending = answer(owed, actions);
  }
  return ending;
}

PacketType InboundFlow::type_of(Answer answer) {
  switch (answer) {
    case Answer::puback:
    case Answer::puback_duplicate:
      return PacketType::puback;
    case Answer::pubrec:
    case Answer::pubrec_duplicate:
      return PacketType::pubrec;
    case Answer::pubcomp:
    case Answer::pubcomp_duplicate:
      return PacketType::pubcomp;
  }
  WATCHPOST_INVARIANT(false);
}

InboundFlow::Ending InboundFlow::answer(const Owed& owed, Actions& actions) {
  if (!owed.answer) return std::nullopt;
  const PacketType type = type_of(*owed.answer);
  if (!owed.failure) {
    // After PUBREC the message is still on its way: PUBREL and PUBCOMP follow.
    if (type != PacketType::pubrec) quota_.answered();
    Send acknowledgement;
    encode_acknowledgement(type, owed.packet_id, acknowledgement.bytes);
    actions.push_back(std::move(acknowledgement));
    return std::nullopt;
  }
  // The failure will not get better by waiting, and the client cannot be told: no acknowledgement
  // is sent, and the connection is closed, which makes the client send again.
  if (!refusals_.can_refuse(type)) {
    return Close{owed.failure->code, owed.failure->why};
  }
  quota_.answered();
  refusals_.refuse(type, owed.packet_id, *owed.failure, actions);
  return std::nullopt;
}

void InboundFlow::set_waiting(Owed& owed, bool waiting) {
  owed.waiting = waiting;
  if (waiting) {
    ++waiting_;
    around_.registry.begin_waiting(size_of(*owed.again));
  } else {
    --waiting_;
    around_.registry.end_waiting(size_of(*owed.again));
  }
}

void InboundFlow::hand_over_again(std::size_t most, Actions& actions) {
  for (Owed& owed : owed_) {
    if (waiting_ == 0 || most == 0) return;
    if (!owed.waiting) continue;
    set_waiting(owed, false);
    actions.push_back(*owed.again);
    --most;
  }
}

// The client sends a forgotten message again when it is back, and the message then counts as new.
void InboundFlow::fall_silent(Actions& actions) {
  silent_ = true;
  for (Owed& owed : owed_) {
    if (waiting_ == 0) break;
    if (!owed.waiting) continue;
    set_waiting(owed, false);
    owed.again.reset();
    owed.settled = true;
    owed.failure = not_stored();
    settle_received_id(owed, actions);
  }
  (void)release(actions);
}

}  // namespace watchpost::protocol
