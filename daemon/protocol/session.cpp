// The life of a connection after CONNECT: what comes in, what closes it.
#include "protocol/session.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "protocol/session_send.hpp"

namespace watchpost::protocol {

void Session::received(const Frame& frame, SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  WATCHPOST_INVARIANT(phase_ != Phase::opening);
  last_heard_ = now;
  if (phase_ == Phase::awaiting_connect) {
    on_connect(frame, now, actions);
    return;
  }
  if (frame.type == PacketType::publish) {
    const auto publish = decode_publish(frame, version_);
    if (publish) {
      on_publish(*publish, now, actions);
    } else {
      malformed(publish.error(), now, actions);
    }
    return;
  }
  const auto packet = decode(frame, version_);
  if (packet) {
    on_packet(*packet, now, actions);
  } else {
    malformed(packet.error(), now, actions);
  }
}

void Session::on_packet(const Packet& packet, SteadyTime now, Actions& actions) {
  if (std::holds_alternative<Pingreq>(packet)) {
    send(Pingresp{}, actions);
  } else if (const auto* pubrel = std::get_if<Pubrel>(&packet)) {
    on_pubrel(*pubrel, now, actions);
  } else if (const auto* subscribe = std::get_if<Subscribe>(&packet)) {
    on_subscribe(*subscribe, now, actions);
  } else if (const auto* unsubscribe = std::get_if<Unsubscribe>(&packet)) {
    on_unsubscribe(*unsubscribe, actions);
  } else if (const auto* disconnect = std::get_if<Disconnect>(&packet)) {
    on_disconnect(*disconnect, now, actions);
  } else {
    // A second CONNECT, AUTH without an authentication method, acknowledgements of messages we
    // never sent, and packets only servers send.
    const Malformed misplaced{ReasonCode::protocol_error, "a packet a client may not send here",
                              std::nullopt};
    malformed(misplaced, now, actions);
  }
}

void Session::malformed(const Malformed& malformed, SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  const bool was_connected = phase_ == Phase::connected;
  close(malformed.code, std::string(malformed.what), now, actions);
  auto& closing = std::get<Close>(actions.back());
  closing.malformed = true;
  // Before CONNECT it is no client of ours.
  if (!malformed.oversize || !was_connected) return;
  const Oversize& oversize = *malformed.oversize;
  closing.too_large = TooLarge{oversize.bytes, oversize.most, std::string(oversize.topic)};
}

// Refused filter by filter, so that a sensor that also subscribes stays connected and is heard.
void Session::on_subscribe(const Subscribe& subscribe, SteadyTime, Actions& actions) {
  Suback suback;
  suback.packet_id = subscribe.packet_id;
  for (const Subscription& subscription : subscribe.subscriptions) {
    suback.codes.push_back(TopicFilter::parse(subscription.filter)
                               ? ReasonCode::implementation_specific_error
                               : ReasonCode::topic_filter_invalid);
  }
  if (problem_information_) {
    suback.properties.add(PropertyId::reason_string, "this gateway serves no subscriptions");
  }
  send(std::move(suback), actions);
}

void Session::on_unsubscribe(const Unsubscribe& unsubscribe, Actions& actions) {
  Unsuback unsuback;
  unsuback.packet_id = unsubscribe.packet_id;
  for (const std::string_view filter : unsubscribe.filters) {
    unsuback.codes.push_back(TopicFilter::parse(filter) ? ReasonCode::no_subscription_existed
                                                        : ReasonCode::topic_filter_invalid);
  }
  send(std::move(unsuback), actions);
}

void Session::on_disconnect(const Disconnect& disconnect, SteadyTime now, Actions& actions) {
  const auto expiry = disconnect.properties.number(PropertyId::session_expiry_interval);
  const bool revives = expiry.value_or(0) > 0 && !state_->is_persistent();
  if (revives || disconnect.properties.find(PropertyId::server_reference) != nullptr) {
    const Malformed wrong{ReasonCode::protocol_error, "a property DISCONNECT may not have here",
                          std::nullopt};
    malformed(wrong, now, actions);
    return;
  }
  if (disconnect.code == ReasonCode::success) state_->will.reset();
  if (expiry) {
    const std::chrono::seconds wish{*expiry};
    around_.registry.set_expiry(*state_, std::min(wish, around_.options.session_expiry_maximum),
                                actions);
  }
  leave(now, actions);
  actions.push_back(Close{ReasonCode::success, "the client disconnected"});
}

void Session::taken_over(SteadyTime now, Actions& actions) {
  close(ReasonCode::session_taken_over, "another connection uses the same client id", now, actions);
}

void Session::server_shutting_down(SteadyTime now, Actions& actions) {
  if (state_ && state_->connection == connection_) state_->will.reset();
  close(ReasonCode::server_shutting_down, "the gateway is stopping", now, actions);
}

void Session::connection_lost(SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  leave(now, actions);
  actions.push_back(Close{ReasonCode::success, "the client closed the connection"});
}

void Session::on_time(SteadyTime now, Actions& actions) {
  // One asks for all: when it is stored, the rest follows.
  ask_again(1, actions);
  if (paused_ || phase_ == Phase::closed) return;
  if (phase_ == Phase::awaiting_connect) {
    if (now - last_heard_ < around_.options.connect_timeout) return;
    leave(now, actions);
    actions.push_back(Close{ReasonCode::success, "no CONNECT in time"});
    return;
  }
  if (patience_.count() == 0 || now - last_heard_ < patience_) return;
  close(ReasonCode::keep_alive_timeout, "nothing heard for one and a half keep alives", now,
        actions);
}

bool Session::may_read(bool intake_accepting, SteadyTime now) {
  // Nothing may be answered before CONNACK (section 3.2), so nothing is read.
  const bool ready = phase_ == Phase::awaiting_connect || phase_ == Phase::connected;
  // Whoever cannot be told would only make more wait.
  const bool full = phase_ == Phase::connected && version_ == Version::v3_1_1 &&
                    around_.registry.waiting_bytes() >= around_.options.max_waiting_bytes;
  const bool may =
      ready && intake_accepting && !full && pending_.size() < around_.options.max_unsettled;
  if (paused_ && may) last_heard_ = now;
  paused_ = !may;
  return may;
}

std::uint32_t Session::largest_packet() const {
  const auto agreed = around_.options.maximum_packet_size;
  return phase_ == Phase::connected ? agreed : std::min(agreed, kLargestFirstPacket);
}

void Session::close(ReasonCode code, std::string why, SteadyTime now, Actions& actions) {
  if (phase_ == Phase::closed) return;
  if (phase_ == Phase::connected && version_ == Version::v5) {
    Disconnect disconnect;
    disconnect.code = code;
    disconnect.properties.add(PropertyId::reason_string, why);
    send(std::move(disconnect), actions);
  }
  leave(now, actions);
  actions.push_back(Close{code, std::move(why)});
}

void Session::leave(SteadyTime now, Actions& actions) {
  phase_ = Phase::closed;
  give_up_waiting(actions);
  if (state_) around_.registry.close(state_, connection_, now, actions);
}

}  // namespace watchpost::protocol
