#include "ingress/wired_connections.hpp"

#include <utility>

#include "ingress/wired_connection.hpp"

namespace watchpost::ingress {

WiredConnections::WiredConnections(Surroundings around, WiredLimits limits)
    : around_(std::move(around)), gate_(around_.intake), limits_(limits) {}

WiredConnections::~WiredConnections() = default;

void WiredConnections::add(std::shared_ptr<WiredConnection> connection) {
  ++totals_.accepted;
  open_.insert(std::move(connection));
}

void WiredConnections::remove(const std::shared_ptr<WiredConnection>& connection) {
  open_.erase(connection);
}

bool WiredConnections::make_room(const WiredAddress& address) {
  std::shared_ptr<WiredConnection> silent;
  for (const auto& connection : open_) {
    if (!connection->is_at(address)) continue;
    const bool comes_first =
        !silent || std::pair(connection->has_spoken(), connection->spoke_at()) <
                       std::pair(silent->has_spoken(), silent->spoke_at());
    if (comes_first) silent = connection;
  }
  if (!silent) return false;
  const auto enough = silent->has_spoken() ? limits_.silence : limits_.trial;
  if (around_.clock.steady() - silent->spoke_at() < enough) return false;
  silent->cut_off();
  return true;
}

std::vector<std::shared_ptr<WiredConnection>> WiredConnections::everyone() const {
  return {open_.begin(), open_.end()};
}

void WiredConnections::tick() {
  for (const auto& connection : everyone()) connection->tick();
}

void WiredConnections::resume_reading() {
  for (const auto& connection : everyone()) connection->resume_reading();
}

void WiredConnections::finish() {
  for (const auto& connection : everyone()) connection->finish();
}

void WiredConnections::cut_off() {
  for (const auto& connection : everyone()) connection->cut_off();
}

void WiredConnections::detach() {
  detached_ = true;
  cut_off();
  // Why: see Connections::detach.
  open_.clear();
}

}  // namespace watchpost::ingress
