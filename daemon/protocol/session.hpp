// Session: the life of one client's connection to this server, from CONNECT to the close.
// Promise: CONNACK leaves only after what it says about the session is durable; a client that is
// silent for too long is closed; its will is published where the protocol says so. InboundFlow
// takes the messages and keeps promise 1; the state that outlives the connection, with what the
// client subscribes to and is still to get, is in the SessionRegistry. A Session may be called
// after the connection is gone: tickets still settle then. From CONNECT to CONNACK nothing may be
// `received`: may_read is false then. Pure; I/O thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "protocol/action.hpp"
#include "protocol/agreement.hpp"
#include "protocol/authoriser.hpp"
#include "protocol/codec.hpp"
#include "protocol/inbound_flow.hpp"
#include "protocol/retained_messages.hpp"
#include "protocol/session_options.hpp"
#include "protocol/session_registry.hpp"
#include "protocol/subscribe_gate.hpp"
#include "protocol/subscriber_flow.hpp"

namespace watchpost::protocol {

class Session {
 public:
  struct Surroundings {  // each outlives the session
    const SessionOptions& options;
    SessionRegistry& registry;
    const Authoriser& authoriser;
    const RetainedMessages& retained;
  };

  Session(ConnectionId connection, Surroundings around, SteadyTime now)
      : connection_(connection), around_(around), last_heard_(now) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() = default;

  void received(const Frame& frame, SteadyTime now, Actions& actions);
  // The answer to the claim of Authenticate.
  void authenticated(const Finding& finding, SteadyTime now, Actions& actions);
  // The framer found something that is not MQTT.
  void malformed(const Malformed& malformed, SteadyTime now, Actions& actions);
  void settled(TicketNumber ticket, const Result<void>& outcome, SteadyTime now, Actions& actions);
  void wake(SteadyTime now, Actions& actions);
  // The answer to AwaitRetained.
  void look_again(SteadyTime now, Actions& actions) {
    gate_.open([&](const Frame& frame) { received(frame, now, actions); });
  }
  // Who the client is; null before CONNECT is granted.
  [[nodiscard]] const Identity* identity() const {
    return rights_ ? &rights_->identity() : nullptr;
  }
  // Whoever this client was admitted as is admitted no more.
  void not_known_any_more(SteadyTime now, Actions& actions);
  // Where this client is sent messages; null before CONNECT is granted.
  [[nodiscard]] SubscriberFlow* subscriber() { return subscriber_ ? &*subscriber_ : nullptr; }
  void taken_over(SteadyTime now, Actions& actions);
  // No will is published: the client did nothing wrong and the gateway will be back
  // (section 3.1.2.5 lets a server that shuts down do so).
  void server_shutting_down(SteadyTime now, Actions& actions);
  void connection_lost(SteadyTime now, Actions& actions);
  // Checks connect timeout and keep alive; hands over again one message that waits. Called about
  // once a second.
  void on_time(SteadyTime now, Actions& actions);

  // False: the shell leaves the client's bytes in the socket and asks again later. The time until
  // then is not the client's fault and does not count against its keep alive.
  [[nodiscard]] bool may_read(bool intake_accepting, SteadyTime now);
  // The largest packet that the framer may let through now, in bytes.
  [[nodiscard]] std::uint32_t largest_packet() const;

  [[nodiscard]] bool is_closed() const { return phase_ == Phase::closed; }
  [[nodiscard]] bool is_connected() const { return phase_ == Phase::connected; }
  // The number of commits without an outcome and of answers that wait for an outcome.
  [[nodiscard]] std::size_t unsettled() const {
    return (opening_waits_ ? 1U : 0U) + (inbound_ ? inbound_->unsettled() : 0U) +
           (subscriber_ ? subscriber_->unsettled() : 0U);
  }
  // See InboundFlow::bytes_under.
  [[nodiscard]] std::size_t bytes_under(TicketNumber ticket) const {
    return inbound_ ? inbound_->bytes_under(ticket) : 0U;
  }
  // True: a message waits to be handed over again.
  [[nodiscard]] bool is_waiting() const { return inbound_ && inbound_->is_waiting(); }
  [[nodiscard]] std::uint64_t publishes() const { return inbound_ ? inbound_->publishes() : 0; }
  // Messages for this client that were left out because it does not keep up.
  [[nodiscard]] std::uint64_t left_out() const { return subscriber_ ? subscriber_->left_out() : 0; }
  [[nodiscard]] const Agreement& agreement() const { return agreement_; }

 private:
  enum class Phase : std::uint8_t {
    awaiting_connect,
    authenticating,  // CONNECT came, its claim is not answered yet
    opening,         // CONNECT is granted, its CONNACK waits for a commit
    connected,
    closed,
  };
  // The ticket of the commit that opens the session. InboundFlow's tickets count from 1,
  // SubscriberFlow's from its kFirstTicket, and neither reaches it.
  static constexpr TicketNumber kOpeningTicket{~std::uint64_t{0}};
  class Incoming;  // one packet of a connected client, by its type

  void take_connect(const Frame& frame, SteadyTime now, Actions& actions);
  void admit(const Connect& connect, SteadyTime now, Actions& actions);
  void open(const Connect& connect, SteadyTime now, Actions& actions);
  void opened(const Result<void>& outcome, SteadyTime now, Actions& actions);
  void refuse(ReasonCode code, std::string why, Actions& actions);
  void take_disconnect(const Disconnect& disconnect, SteadyTime now, Actions& actions);
  // Ends the session's use of the connection; the code goes to a v5 client in DISCONNECT.
  void end(Close close, SteadyTime now, Actions& actions);
  void end_if(std::optional<Close> close, SteadyTime now, Actions& actions);
  void leave(SteadyTime now, Actions& actions);

  ConnectionId connection_;
  Surroundings around_;
  SteadyTime last_heard_;
  bool paused_ = false;
  Phase phase_ = Phase::awaiting_connect;
  Agreement agreement_;
  std::shared_ptr<SessionState> state_;
  bool opening_waits_ = false;  // the opening waits for its commit
  std::string connect_;         // the body of CONNECT, until its claim is answered
  SubscribeGate gate_;
  std::string greeting_;                        // the CONNACK, until it leaves
  std::shared_ptr<const ClientRights> rights_;  // null before CONNECT is granted
  std::optional<InboundFlow> inbound_;
  std::optional<SubscriberFlow> subscriber_;
};

}  // namespace watchpost::protocol
