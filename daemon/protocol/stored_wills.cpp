#include "protocol/stored_wills.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "protocol/passed_on.hpp"
#include "protocol/property.hpp"

namespace watchpost::protocol {
namespace {

// Nothing where it is no topic: a damaged store.
std::optional<PendingWill> will_of(const WillChange& stored) {
  auto topic = Topic::parse(stored.publication->topic);
  if (!topic) return std::nullopt;
  const LocalMessage& kept = *stored.publication;
  PendingWill will{Message{.topic = std::move(*topic)}, stored.delay};
  will.message.payload = kept.payload;
  will.message.qos = kept.qos;
  will.message.retain = kept.retain;
  will.message.source = stored.client_id;
  will.message.lifetime_s = static_cast<std::uint32_t>(stored.lifetime.count());
  if (kept.properties.empty()) return will;
  will.message.properties = std::make_shared<const std::string>(kept.properties);
  Reader reader(kept.properties);
  const Properties properties = read_properties(reader, PacketType::publish);
  will.message.content_type = properties.text(PropertyId::content_type).value_or("");
  return will;
}

WillChange stored_form_of(const std::string& client_id, const PendingWill& will) {
  auto kept = std::make_shared<LocalMessage>();
  kept->topic = will.message.topic.text();
  kept->payload = will.message.payload;
  kept->qos = will.message.qos;
  kept->retain = will.message.retain;
  if (will.message.properties) kept->properties = *will.message.properties;
  return {client_id, std::move(kept), will.delay, std::chrono::seconds{will.message.lifetime_s}};
}

std::size_t weight_of(const WillChange& will) {
  const LocalMessage& kept = *will.publication;
  return kept.topic.size() + kept.payload.size() + kept.properties.size();
}

}  // namespace

void StoredWills::load(std::span<const WillChange> wills, SteadyTime now) {
  for (const WillChange& stored : wills) {
    on_disk_.insert(stored.client_id);
    if (auto will = will_of(stored)) {
      const SteadyTime due = now + std::max(stored.delay, kGrace);
      orphans_.insert_or_assign(stored.client_id, Orphan{std::move(*will), due});
    } else {
      to_forget_.insert(stored.client_id);
    }
  }
}

void StoredWills::connected(const std::string& client_id, const PendingWill* will,
                            Actions& actions) {
  orphans_.erase(client_id);
  to_forget_.erase(client_id);
  if (will == nullptr) return forget(client_id, actions);
  WillChange stored = stored_form_of(client_id, *will);
  if (weight_of(stored) > kLargest) return forget(client_id, actions);
  on_disk_.insert(client_id);
  actions.emplace_back(CommitLater{std::move(stored)});
}

void StoredWills::forget(const std::string& client_id, Actions& actions) {
  if (on_disk_.erase(client_id) == 0) return;
  actions.emplace_back(CommitLater{WillChange{client_id, nullptr, {}, {}}});
}

void StoredWills::on_time(SteadyTime now, Actions& actions) {
  for (const std::string& client_id : std::exchange(to_forget_, {})) forget(client_id, actions);
  for (auto at = orphans_.begin(); at != orphans_.end();) {
    if (at->second.due > now) {
      ++at;
      continue;
    }
    actions.emplace_back(HandOver{std::move(at->second.will.message), {}, {}});
    forget(at->first, actions);
    at = orphans_.erase(at);
  }
}

}  // namespace watchpost::protocol
