// SubscriberFlow: what a client subscribes to on one connection, and the messages that it gets.
// Promise: SUBACK and UNSUBACK of a session that outlives its connection leave only once what they
// say is committed, and so does PUBREL; no more is handed over to leave than kMostUnsent bytes and
// one message. Which message is for whom is the Router's part; what outlives the connection is in
// SessionState. The flow may be called after the connection is closed: tickets still settle then,
// and nothing is answered. Pure; I/O thread; one per connection, from its CONNACK on.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "protocol/action.hpp"
#include "protocol/agreement.hpp"
#include "protocol/authoriser.hpp"
#include "protocol/outbound_aliases.hpp"
#include "protocol/packet.hpp"
#include "protocol/retained_messages.hpp"
#include "protocol/session_registry.hpp"
#include "protocol/subscriber_request.hpp"

namespace watchpost::protocol {

class SubscriberFlow {
 public:
  struct Surroundings {  // each outlives the flow
    SessionRegistry& registry;
    const RetainedMessages& retained;
    const Agreement& agreement;
    const ClientRights& rights;
  };
  // The first of its tickets.
  static constexpr std::uint64_t kFirstTicket = std::uint64_t{1} << 63U;

  SubscriberFlow(std::shared_ptr<SessionState> state, Surroundings around);

  // CONNACK has left: what the session is still to get may follow.
  void begin(SteadyTime now, Actions& actions);
  // The connection is closed. `is_owner`: no other one has taken the session over.
  void end(bool is_owner);

  void take(const Subscribe& subscribe, SteadyTime now, Actions& actions);
  void take(const Unsubscribe& unsubscribe, SteadyTime now, Actions& actions);
  void take(const Puback& puback, SteadyTime now, Actions& actions);
  void take(const Pubrec& pubrec, SteadyTime now, Actions& actions);
  void take(const Pubcomp& pubcomp, SteadyTime now, Actions& actions);
  // Tries again what could not be committed. Called about once a second.
  void on_time(SteadyTime now, Actions& actions);
  void settled(TicketNumber ticket, const Result<void>& outcome, SteadyTime now, Actions& actions);

  // A message at QoS 0. It is left out where the client does not keep up.
  void deliver(const Delivery& delivery, SteadyTime now, Actions& actions);
  // Sends what is in the outbox, as far as the client takes it.
  void send_outbox(SteadyTime now, Actions& actions);
  // All bytes that were to leave have left.
  void flushed(SteadyTime now, Actions& actions);

  [[nodiscard]] std::size_t unsettled() const { return asked_.size(); }
  [[nodiscard]] bool has_room() const {
    return asked_.size() < kMostAsked && asked_retained_ < Outbox::kMostMessages;
  }
  // Messages that were left out because the client does not keep up, or takes no packet so large.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  // Bytes of messages that may wait to leave: at most this, and one message.
  static constexpr std::size_t kMostUnsent = 64U * 1024;
  // At QoS 0 nothing waits elsewhere, so that more may wait here.
  static constexpr std::size_t kMostUnsentAtQos0 = 1024U * 1024;
  // Where all clients together have so many bytes to leave, no more than the second waits for one.
  static constexpr std::size_t kMostUnsentOfAll = 64U << 20U;
  static constexpr std::size_t kFairUnsent = 8U * 1024;
  // SUBSCRIBE, UNSUBSCRIBE and PUBREC that wait for their commit.
  static constexpr std::size_t kMostAsked = 2'000;

  using Asked = SubscriberRequest;

  // Has it committed where the session is to outlive its connection, and does it at once where not.
  void ask_release(Asked asked, SteadyTime now, Actions& actions);
  void ask(Asked asked, std::vector<Fact> facts, SteadyTime now, Actions& actions);
  void grant(const Asked& asked, const Result<void>& outcome, SteadyTime now, Actions& actions);
  void release(const Asked& asked, const Result<void>& outcome, Actions& actions);
  void answer(const Asked& asked, std::vector<ReasonCode> codes, Actions& actions);
  [[nodiscard]] ReasonCode change(const Asked& asked, const Asked::Filter& filter);
  [[nodiscard]] bool add_retained(const Asked::Filter& one, Asked& asked, std::size_t& effort,
                                  SteadyTime now);
  void send_message(const Delivery& delivery, Publish publish, SteadyTime now, Actions& actions);
  // Of what is not sent, and is owed no longer.
  void count_as_sent(const Publish& publish, ReasonCode code, Actions& actions);
  void forget(std::uint64_t number, Actions& actions);
  [[nodiscard]] bool may_send(std::size_t most) const;
  // `code`: what the client said to it, or what we say in its place.
  void answered(const Outbox::Answer& answer, ReasonCode code, Actions& actions);
  [[nodiscard]] const std::string& client_id() const { return around_.agreement.client_id; }

  std::shared_ptr<SessionState> state_;
  Surroundings around_;
  OutboundAliases aliases_;
  bool is_open_ = false;
  std::map<std::uint64_t, Asked> asked_;  // by ticket
  std::size_t asked_retained_ = 0;        // retained messages in them
  std::vector<Asked> again_;              // PUBRECs whose commit failed
  std::uint64_t next_ticket_ = kFirstTicket;
  std::size_t unsent_ = 0;  // bytes of messages handed over since all had left
  std::uint64_t left_out_ = 0;
};

}  // namespace watchpost::protocol
