// Connections: all open connections, and the sessions they share.
// Promise: an action of one session for another one reaches that one, or nobody when it is gone.
// I/O thread. Shared by the listener, its connections and through them by tickets not yet settled.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "ingress/complaints.hpp"
#include "ingress/crowd.hpp"
#include "ingress/denial_book.hpp"
#include "ingress/intake_gate.hpp"
#include "ingress/listener_options.hpp"
#include "ingress/oversize_book.hpp"
#include "ingress/server_topics.hpp"
#include "ingress/shut_out_book.hpp"
#include "ingress/surroundings.hpp"
#include "model/queue_reader.hpp"
#include "protocol/retained_messages.hpp"
#include "protocol/session_registry.hpp"
#include "routing/router.hpp"

namespace watchpost::ingress {

class AttachedLink;
class Connection;

class Connections final : public routing::Subscribers,
                          public std::enable_shared_from_this<Connections> {
 public:
  Connections(Surroundings around, QueueReader& queues, ListenerLimits limits, std::uint64_t seed);
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;
  ~Connections() override;

  [[nodiscard]] ConnectionId next_id() { return ++last_id_; }
  void add(ConnectionId id, std::shared_ptr<Connection> connection);
  void remove(ConnectionId id);
  void take_over(ConnectionId id);
  void wake(ConnectionId id);
  void commit_end(std::string client_id);
  void deliver(ConnectionId id, const Delivery& delivery) override;
  void send_outbox(ConnectionId id) override;
  void commit_later(Fact fact);
  void read_queue(const protocol::ReadQueue& asked);
  void not_retained(const std::string& topic) override;
  // A link whose other side is a client of ours, and its end. `link` is told of its client.
  void attach(AttachedLink& link);
  void detach(AttachedLink& link);
  void log_answered(const protocol::LogAnswered& answer);
  void retained_settled() override;
  // See protocol::AwaitRetained.
  struct AwaitsRetained {
    std::uint64_t number = 0;
    ConnectionId connection;
  };
  void await_retained(const AwaitsRetained& who) { await_retained_.push_back(who); }
  // Where the messages of clients go: to the store, and then to those who subscribe.
  [[nodiscard]] routing::Router& intake() { return *router_; }
  // Called once, before anybody connects.
  void load(const StoredFacts& stored);
  // Looks at the timeouts of all connections and the expiries of all sessions.
  void tick();
  // False while the intake is full, with a wake-up arranged, or once reading has stopped for good.
  [[nodiscard]] bool may_read() { return gate_.may_read(*this); }
  void stop_reading() { gate_.stop(); }
  void resume_reading();
  // See protocol::CommitLater. Also before a session changes: the messages of one that begins
  // anew are numbered from 1 again, and what waits is about those of the old one.
  void commit_what_waits();
  // Before stopping: is every hand-over settled and every answer written?
  [[nodiscard]] bool all_settled() const;
  void say_goodbye();
  void cut_off();
  [[nodiscard]] const std::shared_ptr<Crowd>& crowd() const { return crowd_; }
  // The listener is gone: cuts off all connections and keeps none alive; a ticket that settles
  // later touches nothing outside.
  void detach();
  [[nodiscard]] bool is_detached() const { return detached_; }

  [[nodiscard]] const std::map<ConnectionId, std::shared_ptr<Connection>>& open() const {
    return open_;
  }
  [[nodiscard]] const Surroundings& around() const { return around_; }
  [[nodiscard]] const ListenerLimits& limits() const { return limits_; }
  [[nodiscard]] protocol::SessionRegistry& registry() { return registry_; }
  [[nodiscard]] const protocol::RetainedMessages& retained() const { return retained_; }
  [[nodiscard]] const protocol::SessionRegistry& registry() const { return registry_; }
  [[nodiscard]] Complaints& complaints() { return complaints_; }
  [[nodiscard]] OversizeBook& oversize() { return oversize_; }
  [[nodiscard]] DenialBook& denials() { return denials_; }
  [[nodiscard]] const DenialBook& denials() const { return denials_; }
  // A will may be judged after the listener has let go of the rights of its client.
  void keep(std::shared_ptr<const protocol::Authoriser> rights) {
    rights_.push_back(std::move(rights));
  }
  void deny_will(const protocol::DenyWill& will);
  [[nodiscard]] ShutOutBook& shut_out() { return shut_out_; }
  [[nodiscard]] ListenerStatus::Totals& totals() { return totals_; }
  [[nodiscard]] const ListenerStatus::Totals& totals() const { return totals_; }

 private:
  void tell_of_ourselves();
  static constexpr std::size_t kMostLater = 1'000;
  // What only a restart asks for may wait so long: sensors that wake once a minute would else cost
  // a commit each time they come and go.
  static constexpr std::chrono::seconds kUnhurried{5};
  class EndSink;
  // A copy of the table, because what is done to a connection may remove it from the table.
  [[nodiscard]] std::vector<std::shared_ptr<Connection>> everyone() const;
  void look_at_attached();
  void fill(protocol::SessionState& session, std::uint64_t question, Result<QueuePage> page);

  Surroundings around_;
  QueueReader& queues_;
  std::vector<std::shared_ptr<const protocol::Authoriser>> rights_;
  IntakeGate gate_;
  ListenerLimits limits_;
  std::shared_ptr<Crowd> crowd_;
  protocol::SessionRegistry registry_;
  protocol::RetainedMessages retained_;
  std::shared_ptr<routing::Router> router_;
  std::map<std::string, AttachedLink*> attached_;  // by client id
  std::deque<AwaitsRetained> await_retained_;      // in the order of their numbers
  std::vector<Fact> later_;                        // to go with the next commit of facts
  SteadyTime later_due_ = SteadyTime::max();
  ClockReading loaded_at_;  // when what is on disk was taken back
  ServerTopics server_topics_;
  ListenerStatus::Totals totals_;
  Complaints complaints_;
  OversizeBook oversize_;
  ShutOutBook shut_out_;
  DenialBook denials_;
  std::map<ConnectionId, std::shared_ptr<Connection>> open_;
  ConnectionId last_id_;
  bool detached_ = false;
};

}  // namespace watchpost::ingress
