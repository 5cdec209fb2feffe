// PUBLISH and PUBREL: hand over, wait for the commit, answer in order.
#include <utility>

#include "base/invariant.hpp"
#include "protocol/session.hpp"
#include "protocol/session_send.hpp"

namespace watchpost::protocol {
namespace {

// What a v5 client is told when its message could not be kept.
ReasonCode reason_of(const Failure& failure) {
  switch (failure.kind) {
    case Failure::Kind::refused:
    case Failure::Kind::unavailable:
      return ReasonCode::quota_exceeded;
    case Failure::Kind::storage:
    case Failure::Kind::invalid_input:
    case Failure::Kind::environment:
      return ReasonCode::implementation_specific_error;
    case Failure::Kind::not_found:
    case Failure::Kind::unspecified:
      return ReasonCode::unspecified_error;
  }
  return ReasonCode::unspecified_error;
}

// Of topics behind aliases, for one connection: a thousand long ones.
constexpr std::size_t kMostAliasBytes = 64 * 1024;

Failure lost_with_the_first() {
  return Failure{Failure::Kind::unavailable, "the message was not stored", "Send it again"};
}

}  // namespace

std::uint64_t Session::owe(Pending pending) {
  pending_.push_back(std::move(pending));
  return first_ticket_ + pending_.size() - 1;
}

std::optional<Topic> Session::topic_of(const Publish& publish, SteadyTime now, Actions& actions) {
  const auto alias = publish.properties.number(PropertyId::topic_alias);
  if (alias && *alias > around_.options.topic_alias_maximum) {
    const Malformed wrong{ReasonCode::topic_alias_invalid, "a topic alias over the agreed maximum",
                          std::nullopt};
    malformed(wrong, now, actions);
    return std::nullopt;
  }
  if (publish.topic.empty()) {
    // The decoder saw to it that there is an alias.
    if (*alias <= aliases_.size() && aliases_[*alias - 1]) return aliases_[*alias - 1];
    const Malformed wrong{ReasonCode::protocol_error, "a topic alias that was never given a topic",
                          std::nullopt};
    malformed(wrong, now, actions);
    return std::nullopt;
  }
  auto topic = Topic::parse(publish.topic);
  if (topic && alias && !keep_alias(*alias, *topic, now, actions)) return std::nullopt;
  return topic;
}

bool Session::keep_alias(std::size_t alias, const Topic& topic, SteadyTime now, Actions& actions) {
  if (aliases_.size() < alias) aliases_.resize(alias);
  auto& place = aliases_[alias - 1];
  if (place) alias_bytes_ -= place->text().size();
  alias_bytes_ += topic.text().size();
  place = topic;
  if (alias_bytes_ <= kMostAliasBytes) return true;
  close(ReasonCode::quota_exceeded, "its topic aliases stand for more text than is kept", now,
        actions);
  return false;
}

void Session::on_publish(const Publish& publish, SteadyTime now, Actions& actions) {
  if (publish.properties.find(PropertyId::subscription_identifier) != nullptr) {
    const Malformed wrong{ReasonCode::protocol_error, "a subscription identifier from a client",
                          std::nullopt};
    malformed(wrong, now, actions);
    return;
  }
  const bool answered = publish.qos != Qos::at_most_once;
  if (answered && version_ == Version::v5 && in_flight_ >= around_.options.receive_maximum) {
    const Malformed wrong{ReasonCode::receive_maximum_exceeded,
                          "more unacknowledged messages than Receive Maximum", std::nullopt};
    malformed(wrong, now, actions);
    return;
  }
  auto topic = topic_of(publish, now, actions);
  if (!topic) return;
  if (answered) ++in_flight_;
  if (publish.qos == Qos::exactly_once && needs_no_hand_over(publish, now, actions)) return;

  ++publishes_;
  Pending pending;
  pending.packet_id = publish.packet_id;
  HandOver hand_over{Message{.topic = std::move(*topic)}, {}, 0};
  hand_over.message.payload = publish.payload;
  hand_over.message.qos = publish.qos;
  hand_over.message.retain = publish.retain;
  hand_over.message.repeated = publish.dup;
  hand_over.message.source = client_id_;
  if (const auto type = publish.properties.text(PropertyId::content_type)) {
    hand_over.message.content_type = *type;
  }
  if (const auto encoding = publish.properties.user("content-encoding")) {
    hand_over.message.content_encoding = *encoding;
  }
  if (publish.qos == Qos::at_least_once) pending.answer = Pending::Answer::puback;
  if (publish.qos == Qos::exactly_once) {
    pending.answer = Pending::Answer::pubrec;
    state_->received.emplace(publish.packet_id, ReceivedStage::committing);
    if (state_->is_persistent()) {
      hand_over.changes.push_back(
          {SessionChange::Kind::remember_packet_id, client_id_, publish.packet_id, state_->expiry});
    }
  }
  const bool speechless = is_speechless(pending.answer);
  hand_over.ticket = owe(std::move(pending));
  if (speechless) pending_.back().again = std::make_unique<const Action>(hand_over);
  actions.push_back(std::move(hand_over));
}

// True when the message must not be handed over (again); what to answer is then queued or done.
bool Session::needs_no_hand_over(const Publish& publish, SteadyTime now, Actions& actions) {
  const auto found = state_->received.find(publish.packet_id);
  if (found == state_->received.end()) {
    if (state_->received.size() < around_.options.max_received_ids) return false;
    Pending refused;
    refused.answer = Pending::Answer::pubrec;
    refused.packet_id = publish.packet_id;
    refused.settled = true;
    refused.failure = Failure{Failure::Kind::refused, "too many QoS 2 messages without PUBREL",
                              "Release them first"};
    (void)owe(std::move(refused));
    release(now, actions);
    return true;
  }
  Pending again;
  again.packet_id = publish.packet_id;
  again.answer = Pending::Answer::pubrec_duplicate;
  // The id is taken by a message whose PUBREL we are committing: this one is another message, which
  // must not be acknowledged as if it were stored.
  if (found->second == ReceivedStage::releasing) {
    if (version_ == Version::v3_1_1) {
      close(ReasonCode::packet_identifier_in_use, "a packet id used again before PUBCOMP", now,
            actions);
      return true;
    }
    Pubrec pubrec;
    pubrec.packet_id = publish.packet_id;
    pubrec.code = ReasonCode::packet_identifier_in_use;
    if (in_flight_ > 0) --in_flight_;
    send(std::move(pubrec), actions);
    return true;
  }
  (void)owe(std::move(again));
  release(now, actions);
  return true;
}

// The forgetting is committed before PUBCOMP leaves: a client may use the id for a new message the
// moment it has PUBCOMP. Were the old id found again after a crash, that message would be taken for
// a repeat: acknowledged and lost.
void Session::on_pubrel(const Pubrel& pubrel, SteadyTime now, Actions& actions) {
  Pending pending;
  pending.packet_id = pubrel.packet_id;
  pending.answer = Pending::Answer::pubcomp;
  const auto found = state_->received.find(pubrel.packet_id);
  if (found == state_->received.end()) {
    Pubcomp unknown;
    unknown.packet_id = pubrel.packet_id;
    unknown.code = ReasonCode::packet_identifier_not_found;
    // Any PUBCOMP gives the client one more message to send (section 4.9).
    if (in_flight_ > 0) --in_flight_;
    send(std::move(unknown), actions);
    return;
  }
  if (found->second == ReceivedStage::committing) {
    const Malformed early{ReasonCode::protocol_error, "PUBREL before PUBREC", std::nullopt};
    malformed(early, now, actions);
    return;
  }
  if (found->second == ReceivedStage::releasing) {
    pending.answer = Pending::Answer::pubcomp_duplicate;
    (void)owe(std::move(pending));
    release(now, actions);
    return;
  }
  if (!state_->is_persistent()) {
    state_->received.erase(found);
    pending.settled = true;
    (void)owe(std::move(pending));
    release(now, actions);
    return;
  }
  found->second = ReceivedStage::releasing;
  const auto ticket = owe(std::move(pending));
  Commit commit;
  commit.changes.push_back(
      {SessionChange::Kind::forget_packet_id, client_id_, pubrel.packet_id, state_->expiry});
  commit.ticket = ticket;
  pending_.back().again = std::make_unique<const Action>(commit);
  actions.push_back(std::move(commit));
}

void Session::settled(std::uint64_t ticket, const Result<void>& outcome, SteadyTime now,
                      Actions& actions) {
  WATCHPOST_INVARIANT(ticket >= first_ticket_ && ticket - first_ticket_ < pending_.size());
  Pending& pending = pending_[ticket - first_ticket_];
  WATCHPOST_INVARIANT(!pending.settled && !pending.waiting);
  if (!outcome && may_wait(pending, outcome.error())) {
    set_waiting(pending, true);
    return;
  }
  pending.settled = true;
  pending.again.reset();
  if (!outcome) pending.failure = outcome.error();
  if (pending.answer == Pending::Answer::connack && outcome) state_->stored = true;
  settle_received_id(pending, actions);
  release(now, actions);
  // Soon all of them where the store is well; few where it takes this class only.
  if (outcome) ask_again(2, actions);
}

void Session::settle_received_id(const Pending& pending, Actions& actions) {
  const auto found = state_->received.find(pending.packet_id);
  if (pending.answer == Pending::Answer::pubrec) {
    WATCHPOST_INVARIANT(found != state_->received.end());
    if (pending.failure) {
      state_->received.erase(found);  // nothing was stored: a repeat is the first again
    } else {
      found->second = ReceivedStage::stored;
    }
  } else if (pending.answer == Pending::Answer::pubcomp) {
    WATCHPOST_INVARIANT(found != state_->received.end());
    if (pending.failure) {
      found->second = ReceivedStage::stored;
    } else {
      state_->received.erase(found);
    }
  } else {
    return;
  }
  if (state_->connection && *state_->connection != connection_) {
    // In place: g++ 12 takes the moved-from temporary of push_back for one that holds texts.
    actions.emplace_back(Wake{*state_->connection});
  }
}

// A duplicate's answer depends on the first one's fate, which the session state tells.
bool Session::resolve(Pending& pending) const {
  const bool pubrec = pending.answer == Pending::Answer::pubrec_duplicate;
  if (!pubrec && pending.answer != Pending::Answer::pubcomp_duplicate) return pending.settled;
  const auto found = state_->received.find(pending.packet_id);
  const bool known = found != state_->received.end();
  if (known && pubrec && found->second == ReceivedStage::committing) return false;
  if (known && !pubrec && found->second == ReceivedStage::releasing) return false;
  // A PUBREC's message is there; a PUBCOMP's id is not.
  if (known != pubrec) pending.failure = lost_with_the_first();
  return true;
}

void Session::release(SteadyTime now, Actions& actions) {
  while (!pending_.empty() && resolve(pending_.front())) {
    const Pending pending = std::move(pending_.front());
    pending_.pop_front();
    ++first_ticket_;
    if (phase_ != Phase::closed) answer(pending, now, actions);
  }
}

void Session::answer(const Pending& pending, SteadyTime now, Actions& actions) {
  if (pending.answer == Pending::Answer::connack) {
    greet(pending.failure, now, actions);
    return;
  }
  const bool received = pending.answer == Pending::Answer::puback ||
                        pending.answer == Pending::Answer::pubrec ||
                        pending.answer == Pending::Answer::pubrec_duplicate;
  const bool released = pending.answer == Pending::Answer::pubcomp ||
                        pending.answer == Pending::Answer::pubcomp_duplicate;
  // What will not get better by waiting: no acknowledgement, and a closed connection makes the
  // client send again.
  if (pending.failure && is_speechless(pending.answer)) {
    close(reason_of(*pending.failure), pending.failure->what, now, actions);
    return;
  }
  if (pending.answer == Pending::Answer::puback) acknowledge(PacketType::puback, pending, actions);
  if (received && pending.answer != Pending::Answer::puback) {
    acknowledge(PacketType::pubrec, pending, actions);
  }
  if (released) acknowledge(PacketType::pubcomp, pending, actions);
}

void Session::acknowledge(PacketType type, const Pending& pending, Actions& actions) {
  const bool ends_flight = type != PacketType::pubrec || pending.failure;
  if (ends_flight && in_flight_ > 0) --in_flight_;
  if (!pending.failure) {
    Send action;
    encode_acknowledgement(type, pending.packet_id, action.bytes);
    actions.push_back(std::move(action));
    return;
  }
  const auto refuse = [&](auto ack) {
    ack.packet_id = pending.packet_id;
    ack.code = reason_of(*pending.failure);
    if (problem_information_) ack.properties.add(PropertyId::reason_string, pending.failure->what);
    send(std::move(ack), actions);
  };
  if (type == PacketType::puback) {
    refuse(Puback{});
  } else {
    refuse(Pubrec{});
  }
}

}  // namespace watchpost::protocol
