#include "routing/deadlines.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "protocol/session_registry.hpp"

namespace watchpost::routing {
namespace {

using protocol::kNeverExpires;
using std::chrono::seconds;

std::int64_t seconds_of(WallTime time) {
  return std::chrono::floor<seconds>(time.time_since_epoch()).count();
}

std::optional<Deadline> deadline_of(const Fact& fact) {
  if (const auto* retained = std::get_if<RetainedChange>(&fact)) {
    if (retained->lifetime.count() == 0) return std::nullopt;
    return Deadline{Deadline::Of::retained, retained->publication->topic, 0, retained->lifetime, 0};
  }
  return std::nullopt;
}

// What is left, of at most `granted`; 0: it is over.
seconds left_of(std::int64_t at_s, seconds granted, WallTime now) {
  return std::clamp(seconds{at_s} - seconds{seconds_of(now)}, seconds{0}, granted);
}

// Shortened to what is left; true: nothing is.
bool is_over(seconds& lifetime, const Deadline& deadline, WallTime now) {
  if (lifetime.count() == 0) return false;
  lifetime = left_of(deadline.at_s, lifetime, now);
  return lifetime.count() == 0;
}

}  // namespace

void add_deadlines(std::vector<Fact>& facts, const ClockReading& now) {
  const bool is_sure = now.quality == ClockQuality::synced;
  const std::size_t count = facts.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (auto* given = std::get_if<Deadline>(&facts[i])) {
      const bool ends = given->lifetime.count() != 0 && given->lifetime < kNeverExpires;
      given->at_s = is_sure && ends ? seconds_of(now.wall) + given->lifetime.count() : 0;
      continue;
    }
    if (auto* queued = std::get_if<QueuedChange>(&facts[i])) {
      const bool ends = queued->lifetime.count() != 0;
      if (is_sure && ends) queued->ends_at_s = seconds_of(now.wall) + queued->lifetime.count();
      continue;
    }
    auto deadline = is_sure ? deadline_of(facts[i]) : std::nullopt;
    if (!deadline) continue;
    deadline->at_s = seconds_of(now.wall) + deadline->lifetime.count();
    facts.emplace_back(std::move(*deadline));
  }
}

void count_time_off(StoredFacts& facts, const ClockReading& now) {
  const bool is_sure = now.quality == ClockQuality::synced;
  std::map<std::pair<Deadline::Of, std::string>, const Deadline*> single;
  for (const Deadline& one : facts.deadlines) single.emplace(std::pair(one.of, one.name), &one);
  for (StoredSession& session : facts.sessions) {
    const auto away = single.find({Deadline::Of::session, session.client_id});
    if (away != single.end()) {
      session.sent_up_to = away->second->number;
      if (is_sure && away->second->at_s != 0) {
        session.left = left_of(away->second->at_s, session.expiry, now.wall);
      }
    }
  }
  if (!is_sure) return;
  std::erase_if(facts.retained, [&](RetainedChange& one) {
    const auto found = single.find({Deadline::Of::retained, one.publication->topic});
    return found != single.end() && is_over(one.lifetime, *found->second, now.wall);
  });
}

void count_time_off(StoredQueued& queued, const ClockReading& start) {
  if (queued.is_released || queued.lifetime.count() == 0) return;
  const bool is_sure = start.quality == ClockQuality::synced && queued.ends_at_s != 0;
  const seconds left =
      is_sure ? left_of(queued.ends_at_s, queued.lifetime, start.wall) : queued.lifetime;
  auto publication = std::make_shared<LocalMessage>(*queued.delivery.publication);
  publication->expires_at = start.steady + left;
  queued.delivery.publication = std::move(publication);
}

}  // namespace watchpost::routing
