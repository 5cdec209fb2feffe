// InboundFlow: the messages a client sends on one connection, from PUBLISH to the answer.
// Promise: PUBACK and PUBREC leave only after `settled` said that the message is committed, in the
// order in which the messages came; PUBCOMP only after the packet id is durably forgotten. Where
// the protocol has no word for "not stored", the message is kept and handed over again. The flow
// may be called after the connection is closed: tickets still settle then, and nothing is answered.
// Pure; I/O thread; one per connection, from its CONNACK on.
#pragma once

#include <boost/container/deque.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "protocol/action.hpp"
#include "protocol/agreement.hpp"
#include "protocol/authoriser.hpp"
#include "protocol/packet.hpp"
#include "protocol/receive_quota.hpp"
#include "protocol/refusals.hpp"
#include "protocol/session_options.hpp"
#include "protocol/session_registry.hpp"
#include "protocol/topic_aliases.hpp"

namespace watchpost::protocol {

class InboundFlow {
 public:
  struct Surroundings {  // each outlives the flow
    const SessionOptions& options;
    SessionRegistry& registry;
    const Agreement& agreement;
    const ClientRights& rights;
  };
  InboundFlow(ConnectionId connection, std::shared_ptr<SessionState> state, Surroundings around);

  // Each of these gives back why the connection must end, if it must.
  using Ending = std::optional<Close>;
  [[nodiscard]] Ending take(const Publish& publish, Actions& actions);
  [[nodiscard]] Ending take(const Pubrel& pubrel, Actions& actions);
  [[nodiscard]] Ending settled(TicketNumber ticket, const Result<void>& outcome, Actions& actions);
  // Another connection of this session settled something that an answer here depends on.
  [[nodiscard]] Ending wake(Actions& actions) { return release(actions); }

  // Hands over again up to `most` messages that could not be stored.
  void hand_over_again(std::size_t most, Actions& actions);
  // The connection is closed: what was to be handed over again is forgotten without an answer.
  void fall_silent(Actions& actions);

  // False: leave further packets of the client unread.
  [[nodiscard]] bool has_room() const;
  // The bytes of the message that was handed over under this ticket and has no outcome; 0: there is
  // none.
  [[nodiscard]] std::size_t bytes_under(TicketNumber ticket) const {
    const std::uint64_t place = ticket.value - first_ticket_.value;
    return place < owed_.size() ? owed_[place].bytes : 0;
  }
  // The number of hand-overs without an outcome and of answers that wait for an outcome.
  [[nodiscard]] std::size_t unsettled() const { return owed_.size(); }
  // True: a message waits to be handed over again.
  [[nodiscard]] bool is_waiting() const { return waiting_ > 0; }
  [[nodiscard]] std::uint64_t publishes() const { return publishes_; }

 private:
  enum class Answer : std::uint8_t {
    puback,
    pubrec,
    pubcomp,
    pubrec_duplicate,  // waits for the first one's commit, perhaps on an earlier connection
    pubcomp_duplicate,
    puback_duplicate,
  };
  // One answer we owe, in the order in which the client will get them.
  struct Owed {
    std::optional<Answer> answer;  // nothing at QoS 0
    bool settled = false;
    bool waiting = false;  // `again` is to be performed
    PacketId packet_id;
    std::size_t bytes = 0;       // of the message, while it has no outcome; 0: there is none
    UnderWayNumber under_way{};  // at QoS 1: its number in the session
    std::optional<NotTaken> failure;
    std::shared_ptr<const RepeatedMessage> first{};  // the one that it repeats
    std::unique_ptr<const Action> again;  // set where the client cannot be told of a failure
  };

  // Answers a QoS 2 message that must not be handed over: it came before, its packet id is in use,
  // or there is no room to remember it. Nothing: it is a new message.
  [[nodiscard]] std::optional<Ending> only_answer(const Publish& publish, Actions& actions);
  // A QoS 1 message that is still on its way to the commit came again.
  [[nodiscard]] Ending answer_repeat(const Publish& publish,
                                     std::shared_ptr<const RepeatedMessage> first,
                                     Actions& actions);
  // Answers a message on a topic that the client may not publish on.
  [[nodiscard]] Ending deny(const Publish& publish, const Topic& topic, Actions& actions);
  [[nodiscard]] HandOver hand_over_of(const Publish& publish, Topic topic) const;
  TicketNumber owe(Owed owed);
  Ending release(Actions& actions);
  // True when the answer can be given; that to a duplicate waits for the fate of the first message.
  [[nodiscard]] bool resolve(Owed& owed) const;
  [[nodiscard]] Ending answer(const Owed& owed, Actions& actions);
  [[nodiscard]] static PacketType type_of(Answer answer);
  void settle_received_id(const Owed& owed, Actions& actions);
  void set_waiting(Owed& owed, bool waiting);

  ConnectionId connection_;
  std::shared_ptr<SessionState> state_;
  Surroundings around_;
  TopicAliases aliases_;
  ReceiveQuota quota_;
  Refusals refusals_;
  boost::container::deque<Owed> owed_;  // which takes no memory while it was never used
  TicketNumber first_ticket_{1};  // of owed_.front()
  std::size_t waiting_ = 0;       // how many of owed_ are waiting
  std::uint64_t publishes_ = 0;
  bool silent_ = false;
};

}  // namespace watchpost::protocol
