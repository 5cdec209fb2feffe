#include "ingress/connections.hpp"

#include <utility>

#include "ingress/connection.hpp"

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

Connections::Connections(Surroundings around, ListenerLimits limits, std::uint64_t seed)
    : around_(std::move(around)),
      gate_(around_.intake),
      limits_(limits),
      registry_({limits.max_sessions}, seed) {}

Connections::~Connections() = default;

void Connections::add(ConnectionId id, std::shared_ptr<Connection> connection) {
  ++totals_.accepted;
  open_.emplace(id, std::move(connection));
}

void Connections::remove(ConnectionId id) {
  open_.erase(id);
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

void Connections::commit_end(std::string client_id) {
  std::vector<SessionChange> changes(1);
  changes.front().kind = SessionChange::Kind::end;
  changes.front().client_id = client_id;
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
  protocol::Actions actions;
  registry_.expire(around_.clock.steady(), actions);
  // The actions are wills, whose outcome nobody waits for, and ends of sessions.
  Connection::perform(actions, *this, nullptr);
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
  // Each connection holds this table. If the table went on holding the connections, they would keep
  // each other when the context never runs again and no coroutine comes to its end.
  open_.clear();
}

void Connections::cut_off() {
  for (const auto& connection : everyone()) connection->cut_off();
}

}  // namespace watchpost::ingress
