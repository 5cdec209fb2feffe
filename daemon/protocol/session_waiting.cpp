// What failed to be stored and cannot be refused: silence, and again until it is stored.
#include "protocol/session.hpp"

namespace watchpost::protocol {
namespace {

std::size_t size_of(const Action& action) {
  const auto* const hand_over = std::get_if<HandOver>(&action);
  if (hand_over == nullptr) return sizeof(Action);
  return sizeof(Action) + hand_over->message.payload.size() +
         hand_over->message.topic.text().size();
}

Failure still_not_stored() {
  return Failure{Failure::Kind::unavailable, "the message was not stored", "Send it again"};
}

}  // namespace

// 3.1.1 cannot say "not stored", nor can PUBCOMP.
bool Session::is_speechless(Pending::Answer answer) const {
  switch (answer) {
    case Pending::Answer::puback:
    case Pending::Answer::pubrec:
    case Pending::Answer::pubrec_duplicate:
      return version_ == Version::v3_1_1;
    case Pending::Answer::pubcomp:
    case Pending::Answer::pubcomp_duplicate:
      return true;
    case Pending::Answer::none:
    case Pending::Answer::connack:
      return false;
  }
  return false;
}

bool Session::may_wait(const Pending& pending, const Failure& failure) const {
  return pending.again && phase_ == Phase::connected &&
         failure.kind != Failure::Kind::invalid_input;
}

void Session::set_waiting(Pending& pending, bool waiting) {
  pending.waiting = waiting;
  if (waiting) {
    ++waiting_;
    around_.registry.begin_waiting(size_of(*pending.again));
  } else {
    --waiting_;
    around_.registry.end_waiting(size_of(*pending.again));
  }
}

void Session::ask_again(std::size_t most, Actions& actions) {
  for (Pending& pending : pending_) {
    if (waiting_ == 0 || most == 0) return;
    if (!pending.waiting) continue;
    set_waiting(pending, false);
    actions.push_back(*pending.again);
    --most;
  }
}

// The client sends it again when it is back: that is then the first time anybody heard of it.
void Session::give_up_waiting(Actions& actions) {
  for (Pending& pending : pending_) {
    if (waiting_ == 0) return;
    if (!pending.waiting) continue;
    set_waiting(pending, false);
    pending.again.reset();
    pending.settled = true;
    pending.failure = still_not_stored();
    settle_received_id(pending, actions);
  }
}

}  // namespace watchpost::protocol
