// Router: after the commit, to the subscribers of the listener.
// Promise: a message reaches subscribers only once it is committed, and what a persistent session
// is to get at QoS 1 or 2 is committed with it: the publisher's PUBACK covers its subscribers
// (promise 1). Messages of one topic reach them in the order in which they were handed over,
// although alarms overtake in the commit: such an alarm waits for the messages of its own topic,
// and for no other. What is committed for a persistent session keeps the order of all that it is to
// get without waiting, because facts do not overtake each other; of a topic it may come before what
// was published at QoS 0. What nobody subscribes to and nobody is to retain passes through
// untouched. I/O thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "model/local_message.hpp"
#include "pipeline/intake.hpp"
#include "protocol/retained_messages.hpp"
#include "protocol/session_registry.hpp"
#include "routing/deadlines.hpp"

namespace watchpost::routing {

// Where subscribers are reached; outlives the Router.
class Subscribers {
 public:
  virtual ~Subscribers() = default;
  // To a connected session at QoS 0.
  virtual void deliver(ConnectionId connection, const Delivery& delivery) = 0;
  // There is something new in the outbox of this connected session.
  virtual void send_outbox(ConnectionId connection) = 0;
  // A retained message is kept, or will not be: see protocol::AwaitRetained.
  virtual void retained_settled() = 0;
  // A message was to be retained, and there is no room for its topic.
  virtual void not_retained(const std::string& topic) = 0;
};

class Router final : public pipeline::Intake, public std::enable_shared_from_this<Router> {
 public:
  struct Surroundings {  // each outlives the Router
    pipeline::Intake& next;
    const Clock& clock;
    protocol::Subscriptions& subscriptions;
    protocol::RetainedMessages& retained;
    Subscribers& subscribers;
  };
  explicit Router(Surroundings around) : around_(around) {}

  void submit(Message&& message, std::vector<Fact> facts, CustodyTicket ticket) override;
  void submit(std::vector<Fact> facts, CustodyTicket ticket) override {
    add_deadlines(facts, read_clock(around_.clock));
    around_.next.submit(std::move(facts), std::move(ticket));
  }
  // To those who subscribe to it and to those who will; it is not stored and goes nowhere else.
  void tell(const SharedLocalMessage& publication);
  [[nodiscard]] bool accepting() const override { return around_.next.accepting(); }
  void when_accepting(std::function<void()> resume) override {
    around_.next.when_accepting(std::move(resume));
  }

 private:
  struct Target {
    std::shared_ptr<protocol::SessionState> session;
    Delivery delivery;
    std::uint64_t number = 0;  // in its outbox; 0: at QoS 0
  };
  struct Routed {
    SharedLocalMessage publication;
    std::vector<Target> targets;
    std::vector<Target> stored;   // those for which it is committed too
    std::uint64_t retained = 0;   // its number while it is on its way; 0: it is not retained
    std::optional<bool> is_kept;  // unknown until it is settled
  };
  class Sink;
  using Line = std::deque<std::shared_ptr<Routed>>;  // the messages of one topic

  [[nodiscard]] SharedLocalMessage publication_of(const Message& message) const;
  void find_targets(Routed& routed, std::vector<protocol::Subscriptions::Match> matches,
                    std::vector<Fact>& facts) const;
  void settled(const std::shared_ptr<Routed>& routed, bool is_kept);
  void hand_out(const Routed& routed);
  void hand_out(const Target& target);

  Surroundings around_;
  std::map<std::string, Line, std::less<>> lines_;
};

}  // namespace watchpost::routing
