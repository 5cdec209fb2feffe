// The part of Session after CONNECT: what comes in, and what closes the connection.
#include "protocol/session.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "protocol/breach_by.hpp"
#include "protocol/fitting.hpp"

namespace watchpost::protocol {

// A packet type that is missing here does not compile.
class Session::Incoming {
 public:
  Incoming(Session& session, SteadyTime now, Actions& actions)
      : session_(session), now_(now), actions_(actions) {}

  void operator()(const Publish& publish) {
    session_.end_if(session_.inbound_->take(publish, actions_), now_, actions_);
  }
  void operator()(const Pubrel& pubrel) {
    session_.end_if(session_.inbound_->take(pubrel, actions_), now_, actions_);
  }
  void operator()(const Puback& puback) { subscriber().take(puback, now_, actions_); }
  void operator()(const Pubcomp& pubcomp) { subscriber().take(pubcomp, now_, actions_); }
  void operator()(const Pubrec& pubrec) { subscriber().take(pubrec, now_, actions_); }
  void operator()(const Subscribe& subscribe) { subscriber().take(subscribe, now_, actions_); }
  void operator()(const Unsubscribe& unsubscribe) {
    subscriber().take(unsubscribe, now_, actions_);
  }
  void operator()(const Pingreq&) { send(Pingresp{}, session_.agreement_, actions_); }
  void operator()(const Disconnect& disconnect) {
    session_.take_disconnect(disconnect, now_, actions_);
  }
  void operator()(const Connect&) { expect(false); }
  // The listener takes no authentication method, so there is no exchange that AUTH could continue.
  void operator()(const Auth&) { expect(false); }
  template <SentByServersOnly T>
  void operator()(const T&) {
    expect(false);
  }

 private:
  [[nodiscard]] SubscriberFlow& subscriber() { return *session_.subscriber_; }
  void expect(bool is_expected) {
    if (is_expected) return;
    session_.end(breach(ReasonCode::protocol_error, "a packet a client may not send here"), now_,
                 actions_);
  }

  Session& session_;
  SteadyTime now_;
  Actions& actions_;
};

void Session::received(const Frame& frame, SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  WATCHPOST_INVARIANT(phase_ == Phase::awaiting_connect || phase_ == Phase::connected);
  last_heard_ = now;
  if (phase_ == Phase::awaiting_connect) {
    take_connect(frame, now, actions);
    return;
  }
  if (gate_.holds(frame, around_.retained, actions)) return;
  Incoming incoming(*this, now, actions);
  // Most packets are PUBLISH. PUBLISH is decoded as its own type, because a Packet of any type
  // costs a copy.
  if (frame.type == PacketType::publish) {
    const auto publish = decode_publish(frame, agreement_.version);
    if (publish) {
      incoming(*publish);
    } else {
      malformed(publish.error(), now, actions);
    }
    return;
  }
  const auto packet = decode(frame, agreement_.version);
  if (packet) {
    std::visit(incoming, *packet);
  } else {
    malformed(packet.error(), now, actions);
  }
}

void Session::malformed(const Malformed& malformed, SteadyTime now, Actions& actions) {
  if (phase_ != Phase::closed) end(breach_by(malformed, is_connected()), now, actions);
}

void Session::settled(TicketNumber ticket, const Result<void>& outcome, SteadyTime now,
                      Actions& actions) {
  if (ticket == kOpeningTicket) {
    opened(outcome, now, actions);
    return;
  }
  if (ticket.value >= SubscriberFlow::kFirstTicket) {
    subscriber_->settled(ticket, outcome, now, actions);
    return;
  }
  WATCHPOST_INVARIANT(inbound_.has_value());
  end_if(inbound_->settled(ticket, outcome, actions), now, actions);
}

void Session::wake(SteadyTime now, Actions& actions) {
  if (inbound_) end_if(inbound_->wake(actions), now, actions);
}

void Session::take_disconnect(const Disconnect& disconnect, SteadyTime now, Actions& actions) {
  const auto expiry = disconnect.properties.number(PropertyId::session_expiry_interval);
  const bool revives = expiry.value_or(0) > 0 && !state_->outlives_connection();
  if (revives || disconnect.properties.find(PropertyId::server_reference) != nullptr) {
    end(breach(ReasonCode::protocol_error, "a property DISCONNECT may not have here"), now,
        actions);
    return;
  }
  if (disconnect.code == ReasonCode::success) {
    state_->will.reset();
    around_.registry.wills().forget(state_->client_id, actions);
  }
  if (expiry) {
    const std::chrono::seconds wish{*expiry};
    around_.registry.set_expiry(*state_, std::min(wish, around_.options.session_expiry_maximum),
                                actions);
  }
  leave(now, actions);
  actions.push_back(Close{ReasonCode::success, "the client disconnected"});
}

void Session::taken_over(SteadyTime now, Actions& actions) {
  end(Close{ReasonCode::session_taken_over, "another connection uses the same client id"}, now,
      actions);
}

void Session::not_known_any_more(SteadyTime now, Actions& actions) {
  end(Close{ReasonCode::not_authorized, "it is not admitted any more: its account has changed"},
      now, actions);
}

void Session::server_shutting_down(SteadyTime now, Actions& actions) {
  if (state_ && state_->connection == connection_) state_->will.reset();
  end(Close{ReasonCode::server_shutting_down, "the gateway is stopping"}, now, actions);
}

void Session::connection_lost(SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  leave(now, actions);
  actions.push_back(Close{ReasonCode::success, "the client closed the connection"});
}

void Session::on_time(SteadyTime now, Actions& actions) {
  // One waiting message is tried for all: when it is stored, the others follow.
  if (inbound_) inbound_->hand_over_again(1, actions);
  if (subscriber_) subscriber_->on_time(now, actions);
  if (phase_ == Phase::authenticating) {
    if (now - last_heard_ < around_.options.connect_timeout) return;
    refuse(ReasonCode::server_busy, "its password could not be checked in time", actions);
    return;
  }
  if (paused_ || phase_ == Phase::closed) return;
  if (phase_ == Phase::awaiting_connect) {
    if (now - last_heard_ < around_.options.connect_timeout) return;
    leave(now, actions);
    actions.push_back(Close{ReasonCode::success, "no CONNECT in time"});
    return;
  }
  if (agreement_.patience.count() == 0 || now - last_heard_ < agreement_.patience) return;
  end(Close{ReasonCode::keep_alive_timeout, "nothing heard for one and a half keep alives"}, now,
      actions);
}

bool Session::may_read(bool intake_accepting, SteadyTime now) {
  // Nothing may be answered before CONNACK (section 3.2), so nothing is read; nor behind a
  // SUBSCRIBE that waits.
  const bool is_ready =
      phase_ == Phase::awaiting_connect || (phase_ == Phase::connected && !gate_.is_shut() &&
                                            inbound_->has_room() && subscriber_->has_room());
  const bool may = is_ready && intake_accepting;
  if (paused_ && may) last_heard_ = now;
  paused_ = !may;
  return may;
}

std::uint32_t Session::largest_packet() const {
  const auto agreed = around_.options.maximum_packet_size;
  return phase_ == Phase::connected ? agreed : std::min(agreed, kLargestFirstPacket);
}

void Session::end(Close close, SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::connected && agreement_.version == Version::v5) {
    Disconnect disconnect;
    disconnect.code = close.code;
    disconnect.properties.add(PropertyId::reason_string, close.why);
    send(std::move(disconnect), agreement_, actions);
  }
  leave(now, actions);
  actions.push_back(std::move(close));
}

void Session::end_if(std::optional<Close> close, SteadyTime now, Actions& actions) {
  if (close) end(std::move(*close), now, actions);
}

void Session::leave(SteadyTime now, Actions& actions) {
  phase_ = Phase::closed;
  if (inbound_) inbound_->fall_silent(actions);
  if (subscriber_) subscriber_->end(state_->connection == connection_);
  if (state_) around_.registry.close(state_, connection_, now, actions);
}

}  // namespace watchpost::protocol
