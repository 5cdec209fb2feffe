#include "model/store_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "model/kept_rules.hpp"

namespace watchpost::model {
namespace {

std::string name_of(EventClass event_class, Seq seq) {
  return fmt::format("{} {}", to_string(event_class), seq.value);
}

bool may_be_refused(const spool::Append& append) {
  return !append.records.empty() && spool::class_of(append) > EventClass::patrol;
}

// The records that the commits add to one log, in whole appends.
struct Added {
  std::string content;
  bool is_optional = false;
};
std::vector<Added> added_to(EventClass event_class, const Commits& commits) {
  std::vector<Added> added;
  for (const spool::Append& append : commits.appends) {
    if (commits.knows_refusals && append.refusal) continue;
    for (const Record& record : append.records) {
      if (record.event_class != event_class) continue;
      added.push_back({content_of(record), !commits.knows_refusals && may_be_refused(append)});
    }
  }
  return added;
}

std::string check_added(EventClass event_class, const std::vector<StoredRecord>& rows,
                        const std::vector<Added>& added) {
  auto next = added.begin();
  for (const StoredRecord& row : rows) {
    // A row of the store's own stands between those that were appended; it replaces none.
    auto match = next;
    while (match != added.end() && match->is_optional && match->content != row.content) ++match;
    if (match != added.end() && match->content == row.content) {
      next = match + 1;
    } else if (!row.is_of_store) {
      return fmt::format("{} is not what was appended", name_of(event_class, row.seq));
    }
  }
  if (std::all_of(next, added.end(), [](const Added& left) { return left.is_optional; })) return {};
  return fmt::format("of class {} {} appended records are missing", to_string(event_class),
                     added.end() - next);
}

std::string check_log(EventClass event_class, const StoreState& before, const StoreState& after,
                      const std::vector<Added>& added) {
  const auto& old_rows = before.logs[index_of(event_class)];
  const auto& rows = after.logs[index_of(event_class)];
  const Seq newest = before.newest(event_class);
  std::vector<StoredRecord> fresh;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].seq != rows[i - 1].seq.next()) {
      return fmt::format("{} does not follow the one before", name_of(event_class, rows[i].seq));
    }
    if (rows[i].seq > newest) {
      fresh.push_back(rows[i]);
      continue;
    }
    const Seq begin = old_rows.front().seq;
    if (rows[i].seq < begin || old_rows[rows[i].seq.value - begin.value] != rows[i]) {
      return fmt::format("{} is not the record it was", name_of(event_class, rows[i].seq));
    }
  }
  if (!fresh.empty() && fresh.front().seq != newest.next()) {
    return fmt::format("{} is not the next number", name_of(event_class, fresh.front().seq));
  }
  if (rows.empty() && !old_rows.empty()) {
    return fmt::format("nothing is left of class {}", to_string(event_class));
  }
  return check_added(event_class, fresh, added);
}

bool is_in_ledger(const StoreState& state, EventClass event_class, Seq seq) {
  return std::any_of(state.ledger.begin(), state.ledger.end(), [&](const LedgerRow& row) {
    return row.event_class == event_class && row.first <= seq && seq <= row.last;
  });
}

// A record may be gone only where every required upstream has it, or where the ledger says that it
// was dropped.
std::string check_removed(EventClass event_class, const StoreState& before, const StoreState& after,
                          const Rules& rules) {
  Seq delivered{std::numeric_limits<std::uint64_t>::max()};
  for (const std::string& upstream : rules.required_upstreams) {
    delivered = std::min(delivered, after.cursor(upstream, event_class));
  }
  const auto& rows = after.logs[index_of(event_class)];
  for (const StoredRecord& row : before.logs[index_of(event_class)]) {
    if (!rows.empty() && row.seq >= rows.front().seq) break;
    if (row.seq <= delivered) continue;
    if (event_class > EventClass::patrol && is_in_ledger(after, event_class, row.seq)) continue;
    return fmt::format("{} is gone before every required upstream had it",
                       name_of(event_class, row.seq));
  }
  return {};
}

std::string check_cursors(const StoreState& before, const Commits& commits,
                          const StoreState& after) {
  auto expected = before.cursors;
  for (const spool::CursorMove& move : commits.moves) {
    Seq& delivered = expected[{move.upstream, index_of(move.event_class)}];
    delivered = std::max(delivered, move.cursor);
  }
  if (expected == after.cursors) return {};
  for (const auto& [key, delivered] : after.cursors) {
    const auto was = expected.find(key);
    if (was != expected.end() && was->second == delivered) continue;
    return fmt::format("the cursor of {} for class {} is {}, acknowledged is {}", key.first,
                       key.second, delivered.value, was == expected.end() ? 0 : was->second.value);
  }
  return "a cursor is missing";
}

// A deadline goes with what it is about.
void apply_to_deadlines(const Fact& fact, Subscribers& all) {
  constexpr std::int64_t kSession = 0;
  constexpr std::int64_t kRetained = 2;
  if (const auto* deadline = std::get_if<Deadline>(&fact)) {
    const std::tuple key{static_cast<std::int64_t>(deadline->of), deadline->name,
                         static_cast<std::int64_t>(deadline->number)};
    const auto is_its = [&](const auto& one) {
      return std::get<0>(one.first) == kSession && std::get<1>(one.first) == deadline->name;
    };
    if (deadline->of == Deadline::Of::session) std::erase_if(all.deadlines, is_its);
    if (deadline->lifetime.count() == 0) {
      all.deadlines.erase(key);
    } else {
      all.deadlines[key] = deadline->at_s;
    }
  } else if (const auto* session = std::get_if<SessionChange>(&fact)) {
    if (session->kind == SessionChange::Kind::open) {
      std::erase_if(all.deadlines, [&](const auto& one) {
        return std::get<0>(one.first) == kSession && std::get<1>(one.first) == session->client_id;
      });
    } else if (session->kind == SessionChange::Kind::end) {
      std::erase_if(all.deadlines, [&](const auto& one) {
        return std::get<0>(one.first) == kSession && std::get<1>(one.first) == session->client_id;
      });
    }
  } else if (const auto* retained = std::get_if<RetainedChange>(&fact)) {
    all.deadlines.erase({kRetained, retained->publication->topic, 0});
  }
}

void apply(const Fact& fact, Subscribers& all) {
  apply_to_deadlines(fact, all);
  if (const auto* will = std::get_if<WillChange>(&fact)) {
    if (will->publication) {
      all.wills[will->client_id] = will->publication->payload;
    } else {
      all.wills.erase(will->client_id);
    }
  }
  if (const auto* session = std::get_if<SessionChange>(&fact)) {
    if (session->kind != SessionChange::Kind::end) return;
    const auto is_its = [&](const auto& one) { return one.first.first == session->client_id; };
    std::erase_if(all.subscriptions, is_its);
    std::erase_if(all.queued, is_its);
  } else if (const auto* subscription = std::get_if<SubscriptionChange>(&fact)) {
    const std::pair key{subscription->client_id, subscription->filter};
    if (subscription->removed) {
      all.subscriptions.erase(key);
    } else {
      all.subscriptions[key] = subscription->options;
    }
  } else if (const auto* retained = std::get_if<RetainedChange>(&fact)) {
    if (retained->publication->payload.empty()) {
      all.retained.erase(retained->publication->topic);
    } else {
      all.retained[retained->publication->topic] = retained->publication->payload;
    }
  } else if (const auto* queued = std::get_if<QueuedChange>(&fact)) {
    const std::pair key{queued->client_id, static_cast<std::int64_t>(queued->number)};
    if (queued->kind == QueuedChange::Kind::gone) {
      all.queued.erase(key);
    } else {
      const bool is_released = queued->kind == QueuedChange::Kind::released;
      all.queued[key] = {static_cast<std::int64_t>(queued->queue_class), is_released,
                         is_released ? std::string() : queued->delivery.publication->payload};
    }
  }
}

// What waits for subscribers gives way to records where room is lacking, but for alarms, patrols,
// and what is released.
void let_yield(Subscribers& all, const Subscribers& after) {
  std::erase_if(all.queued, [&after](const auto& one) {
    const bool may_yield = one.second.queue_class >= static_cast<std::int64_t>(QueueClass::local) &&
                           !one.second.is_released;
    return may_yield && after.queued.find(one.first) == after.queued.end();
  });
}

std::string check_sessions(const StoreState& before, const Commits& commits,
                           const StoreState& after) {
  auto sessions = before.sessions;
  auto packet_ids = before.packet_ids;
  auto subscribers = before.subscribers;
  for (const spool::Append& append : commits.appends) {
    if (commits.knows_refusals && append.refusal) continue;
    for (const Fact& fact : append.facts) {
      apply(fact, subscribers);
      const auto* const session = std::get_if<SessionChange>(&fact);
      if (session == nullptr) continue;
      const SessionChange& change = *session;
      const std::pair key{change.client_id, std::int64_t{change.packet_id.value}};
      switch (change.kind) {
        case SessionChange::Kind::open:
          sessions[change.client_id] = change.expiry.count();
          break;
        case SessionChange::Kind::remember_packet_id:
          packet_ids.insert(key);
          break;
        case SessionChange::Kind::forget_packet_id:
          packet_ids.erase(key);
          break;
        case SessionChange::Kind::end:
          sessions.erase(change.client_id);
          std::erase_if(packet_ids, [&](const auto& id) { return id.first == change.client_id; });
          break;
      }
    }
  }
  if (sessions != after.sessions) return "the sessions are not those that were opened";
  if (packet_ids != after.packet_ids) return "the packet ids are not those received";
  let_yield(subscribers, after.subscribers);
  if (!(subscribers == after.subscribers)) return "what subscribers are to get is not what was";
  return {};
}

std::string check_set_aside(const StoreState& before, const Commits& commits,
                            const StoreState& after) {
  std::set<SetAsideKey> expected;
  for (const auto& known : before.set_aside) {
    const SetAsideKey& key = known.first;
    const auto id = known.second;
    const bool is_taken = std::any_of(
        commits.taken_back.begin(), commits.taken_back.end(), [&](const spool::TakeBack& taken) {
          return taken.upstream == std::get<0>(key) && taken.id == static_cast<std::uint64_t>(id);
        });
    if (!is_taken) expected.insert(key);
  }
  for (const spool::SetAsideCopy& copy : commits.set_aside) {
    expected.emplace(copy.upstream, index_of(copy.record.event_class), copy.record.seq.value);
  }
  std::set<SetAsideKey> found;
  for (const auto& [key, id] : after.set_aside) found.insert(key);
  if (expected != found) return "what is set aside is not what was";
  return {};
}

// Each new row of the ledger is a range of a class that may be dropped, and has its gap event.
std::string check_ledger(const StoreState& before, const StoreState& after) {
  if (after.ledger.size() < before.ledger.size() ||
      !std::equal(before.ledger.begin(), before.ledger.end(), after.ledger.begin())) {
    return "a row of the drop ledger is gone";
  }
  for (std::size_t i = before.ledger.size(); i < after.ledger.size(); ++i) {
    if (after.ledger[i].reason == "damage") return "damage is reported where there was none";
    if (after.ledger[i].event_class <= EventClass::patrol) return "an alarm or a patrol yielded";
  }
  const auto is_new_event = [&](const StoredRecord& row) {
    return row.is_of_store && !row.is_beginning && row.seq > before.newest(EventClass::status);
  };
  const auto& status = after.logs[index_of(EventClass::status)];
  const auto events = std::count_if(status.begin(), status.end(), is_new_event);
  if (static_cast<std::size_t>(events) != after.ledger.size() - before.ledger.size()) {
    return "rows of the drop ledger and their events differ in number";
  }
  return {};
}

}  // namespace

void Commits::add(const spool::CommitGroup& group, const Epoch& epoch) {
  const auto append_all = [](auto& into, const auto& from) {
    into.insert(into.end(), from.begin(), from.end());
  };
  append_all(appends, group.appends);
  for (auto append = appends.end() - static_cast<std::ptrdiff_t>(group.appends.size());
       append != appends.end(); ++append) {
    for (Record& record : append->records) record.epoch = epoch;
  }
  append_all(moves, group.notes.cursors);
  append_all(set_aside, group.notes.set_aside);
  append_all(taken_back, group.notes.taken_back);
}

std::string why_not(const StoreState& before, const Commits& commits, const StoreState& after,
                    const Rules& rules) {
  for (const auto event_class : kEventClasses) {
    const auto added = added_to(event_class, commits);
    if (auto broken = check_log(event_class, before, after, added); !broken.empty()) return broken;
    auto broken = check_removed(event_class, before, after, rules);
    if (!broken.empty()) return broken;
  }
  if (auto broken = check_cursors(before, commits, after); !broken.empty()) return broken;
  if (auto broken = check_sessions(before, commits, after); !broken.empty()) return broken;
  if (auto broken = why_not_kept(before, commits, after); !broken.empty()) return broken;
  if (auto broken = check_set_aside(before, commits, after); !broken.empty()) return broken;
  return check_ledger(before, after);
}

}  // namespace watchpost::model
