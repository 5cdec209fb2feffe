// InboundFlow's way back: outcomes of commits become answers, in order; a message that failed and
// cannot be refused is handed over again until it is stored.
#include <utility>

#include "base/invariant.hpp"
#include "protocol/inbound_flow.hpp"

namespace watchpost::protocol {
namespace {

NotTaken not_stored() {
  return NotTaken{ReasonCode::quota_exceeded, "the message was not stored"};
}

std::size_t size_of(const Action& action) {
  const auto* const hand_over = std::get_if<HandOver>(&action);
  if (hand_over == nullptr) return sizeof(Action);
  return sizeof(Action) + hand_over->message.payload.size() +
         hand_over->message.topic.text().size();
}

}  // namespace

InboundFlow::Verdict InboundFlow::settled(std::uint64_t ticket, const Result<void>& outcome,
                                          Actions& actions) {
  WATCHPOST_INVARIANT(ticket >= first_ticket_ && ticket - first_ticket_ < owed_.size());
  Owed& owed = owed_[ticket - first_ticket_];
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
  } else {
    return;
  }
  if (state_->connection && *state_->connection != connection_) {
    // emplace_back: g++ 12 takes the moved-from temporary of push_back for one that holds texts.
    actions.emplace_back(Wake{*state_->connection});
  }
}

bool InboundFlow::resolve(Owed& owed) const {
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

InboundFlow::Verdict InboundFlow::release(Actions& actions) {
  Verdict ending;
  while (!owed_.empty() && resolve(owed_.front())) {
    const Owed owed = std::move(owed_.front());
    owed_.pop_front();
    ++first_ticket_;
    if (!silent_ && !ending) ending = answer(owed, actions);
  }
  return ending;
}

PacketType InboundFlow::type_of(Answer answer) {
  switch (answer) {
    case Answer::puback:
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

InboundFlow::Verdict InboundFlow::answer(const Owed& owed, Actions& actions) {
  if (!owed.answer) return std::nullopt;
  const PacketType type = type_of(*owed.answer);
  if (!owed.failure) {
    acknowledgements_.acknowledge(type, owed.packet_id, actions);
    return std::nullopt;
  }
  // The failure will not get better by waiting, and the client cannot be told: no acknowledgement
  // is sent, and the connection is closed, which makes the client send again.
  if (!acknowledgements_.can_refuse(type)) {
    return Close{owed.failure->code, owed.failure->why};
  }
  acknowledgements_.refuse(type, owed.packet_id, *owed.failure, actions);
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
