#include "ingress/connections.hpp"

#include <algorithm>
#include <utility>

#include "ingress/attached_link.hpp"
#include "ingress/connection.hpp"
#include "ingress/make_way.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
// Tells the registry whether the end of a session is on disk.
class Connections::EndSink final : public CustodySink {
 public:
  EndSink(std::weak_ptr<Connections> all, std::string client_id)
      : all_(std::move(all)), client_id_(std::move(client_id)) {}
  void settled(TicketNumber, const Result<void>& outcome) override {
    const auto all = all_.lock();
    if (all) all->registry_.ended(client_id_, outcome.has_value());
  }

 private:
  std::weak_ptr<Connections> all_;
  std::string client_id_;
};

Connections::Connections(Surroundings around, QueueReader& queues, ListenerLimits limits,
                         std::uint64_t seed)
    : around_(std::move(around)),
      queues_(queues),
      gate_(around_.intake),
      limits_(limits),
      crowd_(std::make_shared<Crowd>(around_.io, around_.clock)),
      registry_({limits.max_sessions}, seed),
      router_(std::make_shared<routing::Router>(routing::Router::Surroundings{
          around_.intake, around_.clock, registry_.subscriptions(), retained_, *this})),
      server_topics_(limits.version, around_.clock.steady()) {}

Connections::~Connections() = default;

void Connections::add(ConnectionId id, std::shared_ptr<Connection> connection) {
  ++totals_.accepted;
  open_.emplace(id, std::move(connection));
}

void Connections::remove(ConnectionId id) {
  open_.erase(id);
  look_at_attached();
}

void Connections::attach(AttachedLink& link) {
  registry_.read_log(link.client_id());
  attached_.emplace(link.client_id(), &link);
}

void Connections::detach(AttachedLink& link) {
  attached_.erase(link.client_id());
}

void Connections::log_answered(const protocol::LogAnswered& answer) {
  const auto found = attached_.find(answer.client_id);
  if (found != attached_.end()) found->second->answered(answer);
}

void Connections::look_at_attached() {
  for (const auto& [client_id, link] : attached_) link->look();
}

void Connections::take_over(ConnectionId id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const auto connection = found->second;
  connection->taken_over();
}

void Connections::wake(ConnectionId id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const auto connection = found->second;
  connection->wake();
}

void Connections::deliver(ConnectionId id, const Delivery& delivery) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const auto connection = found->second;
  connection->deliver(delivery);
}

void Connections::send_outbox(ConnectionId id) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  const auto connection = found->second;
  connection->send_outbox();
}

void Connections::retained_settled() {
  while (!await_retained_.empty() && retained_.is_settled(await_retained_.front().number)) {
    const ConnectionId id = await_retained_.front().connection;
    await_retained_.pop_front();
    const auto found = open_.find(id);
    if (found == open_.end()) continue;
    const auto connection = found->second;
    connection->look_again();
  }
}

void Connections::commit_later(Fact fact) {
  const bool is_hurried = std::holds_alternative<QueuedChange>(fact);
  const SteadyTime now = around_.clock.steady();
  later_due_ = std::min(later_due_, is_hurried ? now : now + kUnhurried);
  later_.push_back(std::move(fact));
  if (later_.size() >= kMostLater) commit_what_waits();
}

void Connections::read_queue(const protocol::ReadQueue& asked) {
  const auto session = asked.session.lock();
  if (!session) return;
  queues_.read(session->client_id, asked.wanted.range,
               [weak = weak_from_this(), asked](Result<QueuePage> page) {
                 const auto all = weak.lock();
                 const auto reader = asked.session.lock();
                 if (!all || all->detached_ || !reader || reader->is_over) return;
                 all->fill(*reader, asked.wanted.question, std::move(page));
               });
}

// What could not be read is asked for again with the next tick.
void Connections::fill(protocol::SessionState& session, std::uint64_t question,
                       Result<QueuePage> page) {
  protocol::Outbox& outbox = session.outbox_now();
  if (!page) {
    const std::string line = "what waits for the client " + printable(session.client_id) +
                             " could not be read: " + page.error().sentence();
    if (complaints_.weigh({.about = "queues", .line = line}, around_.clock.steady())) {
      around_.log.error("{}", line);
    }
    return outbox.not_read(question);
  }
  for (StoredQueued& one : page->messages) {
    if (one.number <= outbox.loaded_up_to()) routing::count_time_off(one, loaded_at_);
  }
  outbox.fill(question, std::move(*page));
  if (session.connection) send_outbox(*session.connection);
}

// Nobody waits for the outcome: what stays on disk is sent again after a restart.
void Connections::commit_what_waits() {
  later_due_ = SteadyTime::max();
  if (!later_.empty()) router_->submit(std::exchange(later_, {}), CustodyTicket{});
}

void Connections::not_retained(const std::string& topic) {
  const std::string line =
      "is not kept for those who subscribe later: there is no room for more "
      "retained messages";
  const auto left_out =
      complaints_.weigh({.about = "retained messages", .line = line}, around_.clock.steady());
  if (left_out) around_.log.warning("the message on {} {}", printable(topic), line);
}

void Connections::deny_will(const protocol::DenyWill& will) {
  const SteadyTime now = around_.clock.steady();
  const Trouble denied =
      denials_.may_not_publish({will.identity, will.topic, will.decided_by, 0}, now);
  const std::string line = "(" + will.identity.client_id + ") may not publish its will";
  if (complaints_.weigh({.about = will.identity.address, .line = line}, now)) {
    tell(around_.log, denied);
  }
}

void Connections::load(const StoredFacts& stored) {
  StoredFacts facts = stored;
  const ClockReading clock = read_clock(around_.clock);
  routing::count_time_off(facts, clock);
  loaded_at_ = clock;
  const SteadyTime now = clock.steady;
  registry_.load(facts.sessions, now);
  registry_.wills().load(facts.wills, now);
  for (const RetainedChange& one : facts.retained) {
    auto publication = std::make_shared<LocalMessage>(*one.publication);
    if (one.lifetime.count() != 0) publication->expires_at = now + one.lifetime;
    retained_.keep(std::move(publication));
  }
}

void Connections::commit_end(std::string client_id) {
  commit_what_waits();
  std::vector<Fact> changes;
  SessionChange end;
  end.kind = SessionChange::Kind::end;
  end.client_id = client_id;
  changes.emplace_back(std::move(end));
  auto sink = std::make_shared<EndSink>(weak_from_this(), std::move(client_id));
  around_.intake.submit(std::move(changes), CustodyTicket{std::move(sink), TicketNumber{}});
}

std::vector<std::shared_ptr<Connection>> Connections::everyone() const {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(open_.size());
  for (const auto& [id, connection] : open_) all.push_back(connection);
  return all;
}

void Connections::tick() {
  for (const auto& connection : everyone()) connection->tick();
  look_at_attached();
  if (around_.clock.steady() >= later_due_) commit_what_waits();
  protocol::Actions actions;
  registry_.expire(around_.clock.steady(), actions);
  tell_of_given_up(*this);
  // The actions are wills, whose outcome nobody waits for, what is to be committed later, and ends
  // of sessions.
  perform(actions, *this, nullptr);
  tell_of_ourselves();
}

void Connections::tell_of_ourselves() {
  const SteadyTime now = around_.clock.steady();
  if (!server_topics_.is_due(now)) return;
  ServerTopics::Figures figures;
  figures.totals = totals_;
  figures.sessions = registry_.size();
  for (const auto& [id, connection] : open_) {
    if (connection->session().is_connected()) ++figures.connected;
  }
  figures.subscriptions = registry_.subscriptions().size();
  figures.retained = retained_.size();
  for (const auto& one : server_topics_.look(figures, now)) router_->tell(one);
}

void Connections::resume_reading() {
  for (const auto& connection : everyone()) connection->resume_reading();
}

bool Connections::all_settled() const {
  for (const auto& [id, connection] : open_) {
    if (!connection->is_settled()) return false;
  }
  return true;
}

void Connections::say_goodbye() {
  for (const auto& connection : everyone()) connection->say_goodbye();
}

void Connections::detach() {
  detached_ = true;
  cut_off();
  crowd_->abandon();
  // Each connection holds this table. If the table went on holding the connections, they would keep
  // each other when the context never runs again and no coroutine comes to its end.
  open_.clear();
  look_at_attached();
}

void Connections::cut_off() {
  for (const auto& connection : everyone()) connection->cut_off();
}

}  // namespace watchpost::ingress
