// InboundFlow's way in: each message is handed over, waits for its commit, is answered in order.
#include "protocol/inbound_flow.hpp"

#include <utility>

#include "base/invariant.hpp"

namespace watchpost::protocol {
InboundFlow::InboundFlow(ConnectionId connection, std::shared_ptr<SessionState> state,
                         Surroundings around)
    : connection_(connection),
      state_(std::move(state)),
      around_(around),
      aliases_(around.options.topic_alias_maximum),
      acknowledgements_(around.agreement, around.options.receive_maximum) {}

std::uint64_t InboundFlow::owe(Owed owed) {
  owed_.push_back(std::move(owed));
  return first_ticket_ + owed_.size() - 1;
}

InboundFlow::Verdict InboundFlow::take(const Publish& publish, Actions& actions) {
  if (publish.properties.find(PropertyId::subscription_identifier) != nullptr) {
    return breach(ReasonCode::protocol_error, "a subscription identifier from a client");
  }
  const bool is_answered = publish.qos != Qos::at_most_once;
  if (is_answered && acknowledgements_.exceeds_receive_maximum()) {
    return breach(ReasonCode::receive_maximum_exceeded,
                  "more unacknowledged messages than Receive Maximum");
  }
  auto topic = aliases_.topic_of(publish);
  if (auto* const ending = std::get_if<Close>(&topic)) return std::move(*ending);
  if (is_answered) acknowledgements_.expect();
  if (publish.qos == Qos::exactly_once) {
    if (auto answered = only_answer(publish, actions)) return std::move(*answered);
  }
  const Topic& about = std::get<Topic>(topic);
  if (!around_.rights.cover(about)) return deny(publish, about, actions);

  ++publishes_;
  HandOver hand_over = hand_over_of(publish, std::move(std::get<Topic>(topic)));
  Owed owed;
  owed.packet_id = publish.packet_id;
  if (publish.qos == Qos::at_least_once) owed.answer = Answer::puback;
  if (publish.qos == Qos::exactly_once) {
    owed.answer = Answer::pubrec;
    state_->received.emplace(publish.packet_id, ReceivedStage::committing);
    if (state_->is_persistent()) {
      hand_over.changes.push_back({SessionChange::Kind::remember_packet_id,
                                   around_.agreement.client_id, publish.packet_id, state_->expiry});
    }
  }
  const bool must_succeed = owed.answer && !acknowledgements_.can_refuse(type_of(*owed.answer));
  hand_over.ticket = owe(std::move(owed));
  if (must_succeed) owed_.back().again = std::make_unique<const Action>(hand_over);
  actions.push_back(std::move(hand_over));
  return std::nullopt;
}

// 3.1.1 cannot say that a client may not publish, and PUBACK means on disk: the connection of a
// 3.1.1 client ends.
InboundFlow::Verdict InboundFlow::deny(const Publish& publish, const Topic& topic,
                                       Actions& actions) {
  actions.push_back(Deny{topic.text()});
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
  HandOver hand_over{Message{.topic = std::move(topic)}, {}, 0};
  Message& message = hand_over.message;
  message.payload = publish.payload;
  message.qos = publish.qos;
  message.retain = publish.retain;
  message.repeated = publish.dup;
  message.source = around_.agreement.client_id;
  if (const auto type = publish.properties.text(PropertyId::content_type)) {
    message.content_type = *type;
  }
  if (const auto encoding = publish.properties.user("content-encoding")) {
    message.content_encoding = *encoding;
  }
  return hand_over;
}

std::optional<InboundFlow::Verdict> InboundFlow::only_answer(const Publish& publish,
                                                             Actions& actions) {
  using Done = std::optional<Verdict>;
  const auto found = state_->received.find(publish.packet_id);
  const bool is_new = found == state_->received.end();
  if (is_new && state_->received.size() < around_.options.max_received_ids) return std::nullopt;
  if (!is_new && found->second == ReceivedStage::releasing) {
    // The id belongs to a message whose PUBREL is being committed: this one is another message,
    // which must not be acknowledged as if it were stored.
    if (!acknowledgements_.can_refuse(PacketType::pubrec)) {
      return Done(std::in_place, Close{ReasonCode::packet_identifier_in_use,
                                       "a packet id used again before PUBCOMP"});
    }
    acknowledgements_.refuse_id_in_use(publish.packet_id, actions);
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
InboundFlow::Verdict InboundFlow::take(const Pubrel& pubrel, Actions& actions) {
  const auto found = state_->received.find(pubrel.packet_id);
  if (found == state_->received.end()) {
    acknowledgements_.complete_unknown(pubrel.packet_id, actions);
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
  // A 3.1.1 client cannot be told "not stored"; reading it would only make more messages wait.
  const bool full = around_.agreement.version == Version::v3_1_1 &&
                    around_.registry.waiting_bytes() >= around_.options.max_waiting_bytes;
  return !full && owed_.size() < around_.options.max_unsettled;
}

}  // namespace watchpost::protocol
