#include "spool/room/queue_totals.hpp"

namespace watchpost::spool {

void QueueTotals::counted(const std::string& client_id, const Client& client) {
  clients_[client_id] = client;
  bytes_ += client.bytes();
  messages_ += client.messages();
}

QueueTotals::Client& QueueTotals::touch(const std::string& client_id) {
  Client* known = nullptr;
  if (const auto found = clients_.find(client_id); found != clients_.end()) known = &found->second;
  if (before_.find(client_id) == before_.end()) {
    before_.emplace(client_id, known == nullptr ? std::nullopt : std::optional(*known));
  }
  return known == nullptr ? clients_[client_id] : *known;
}

void QueueTotals::added(const Place& place, std::uint64_t bytes) {
  Client& client = touch(place.client_id);
  Share& share = client.shares[index_of(place.queue_class)];
  if (share.messages == 0) share.oldest = place.number;
  ++share.messages;
  share.bytes += bytes;
  client.newest = std::max(client.newest, place.number);
  ++messages_;
  bytes_ += bytes;
}

void QueueTotals::removed(const Place& place, const Share& gone) {
  Client& client = touch(place.client_id);
  Share& share = client.shares[index_of(place.queue_class)];
  // Damaged rows may have been counted as something else.
  const Share there{std::min(share.messages, gone.messages), std::min(share.bytes, gone.bytes), 0};
  share.messages -= there.messages;
  share.bytes -= there.bytes;
  share.oldest = std::max(share.oldest, place.number);
  messages_ -= there.messages;
  bytes_ -= there.bytes;
  if (client.messages() == 0) clients_.erase(place.client_id);
}

void QueueTotals::forget(const std::string& client_id) {
  if (clients_.find(client_id) == clients_.end()) return;
  (void)touch(client_id);
  drop(client_id);
}

void QueueTotals::drop(const std::string& client_id) {
  const auto known = clients_.find(client_id);
  if (known == clients_.end()) return;
  bytes_ -= known->second.bytes();
  messages_ -= known->second.messages();
  clients_.erase(known);
}

void QueueTotals::roll_back() {
  for (const auto& [client_id, client] : before_) {
    drop(client_id);
    if (client) counted(client_id, *client);
  }
  before_.clear();
}

std::vector<std::string> QueueTotals::changed() const {
  std::vector<std::string> clients;
  clients.reserve(before_.size());
  for (const auto& [client_id, client] : before_) clients.push_back(client_id);
  return clients;
}

}  // namespace watchpost::spool
