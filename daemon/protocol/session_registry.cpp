#include "protocol/session_registry.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/invariant.hpp"

namespace watchpost::protocol {
namespace {

SessionChange change(SessionChange::Kind kind, const SessionState& state) {
  return SessionChange{kind, state.client_id, PacketId{}, state.expiry};
}

SteadyTime after(SteadyTime now, std::chrono::seconds wait) {
  return wait >= kNeverExpires ? SteadyTime::max() : now + wait;
}

}  // namespace

void SessionRegistry::publish_will(SessionState& state, Actions& actions) {
  if (!state.will) return;
  const Topic& topic = state.will->message.topic;
  if (!state.rights || state.rights->cover_will(topic)) {
    actions.push_back(HandOver{std::move(state.will->message), {}, {}});
  } else {
    actions.push_back(DenyWill{state.rights->identity(), topic.text(),
                               state.rights->decided_by(Wish::publish, topic.text())});
  }
  state.will.reset();
  state.will_due = SteadyTime::max();
  wills_.forget(state.client_id, actions);
}

void SessionRegistry::load(std::span<const StoredSession> sessions, SteadyTime now) {
  for (const StoredSession& stored : sessions) {
    auto state = std::make_shared<SessionState>();
    state->room = outboxes_;
    state->client_id = stored.client_id;
    state->expiry = stored.expiry;
    state->stored = true;
    state->ends_on_disk = !state->outlives_connection();
    state->ends_at = after(now, stored.left.value_or(stored.expiry));
    for (const PacketId id : stored.received_packet_ids) {
      state->received.emplace(id, ReceivedStage::stored);
    }
    load_subscriber(stored, state);
    sessions_.insert_or_assign(stored.client_id, std::move(state));
  }
}

void SessionRegistry::load_subscriber(const StoredSession& stored,
                                      const std::shared_ptr<SessionState>& state) {
  for (const SubscriptionChange& one : stored.subscriptions) {
    if (!SubscriptionFilter::parse(one.filter)) continue;  // a damaged store
    auto terms = SubscriptionTerms::from_byte(one.options);
    terms.identifier = one.identifier;
    (void)subscriptions_.add(state, one.filter, terms);
  }
  if (stored.queued_up_to == 0 && stored.sent_up_to.value_or(0) == 0) return;
  state->outbox_now().load(stored.queued_up_to, stored.sent_up_to);
}

void SessionRegistry::read_log(const std::string& client_id) {
  log_readers_.insert(client_id);
  if (SessionState* session = find(client_id)) session->reads_log = true;
}

std::string SessionRegistry::new_client_id() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id = "wp-";
  std::uint64_t bits = random_();
  for (int i = 0; i < 16; ++i, bits >>= 4) id.push_back(kDigits[bits & 0x0F]);
  return id;
}

// A session ends by Clean Start, expiry or Session Expiry 0: its state goes, its will does not wait
// any longer (MQTT 5.0 section 3.1.2.5), and no connection finds the state any more, although an
// old connection may still hold it.
std::vector<SessionChange> SessionRegistry::end(Sessions::iterator at, Actions& actions) {
  const auto held = at->second;  // its subscriptions hold it too, and go
  SessionState& state = *held;
  publish_will(state, actions);
  std::vector<SessionChange> changes;
  if (state.is_persistent()) changes.push_back(change(SessionChange::Kind::end, state));
  state.connection.reset();
  state.is_over = true;
  subscriptions_.remove_all(state);
  sessions_.erase(at);
  return changes;
}

void SessionRegistry::end_unawaited(Sessions::iterator at, Actions& actions) {
  std::string client_id = at->first;
  const bool was_stored = !end(at, actions).empty();
  if (was_stored) actions.push_back(CommitEnd{std::move(client_id)});
}

void SessionRegistry::abandon(SessionState& state, ConnectionId connection) {
  if (state.connection != connection) return;
  state.will.reset();
  wills_.forget_later(state.client_id);
  // A session from before stays with its packet ids, and is committed when it is opened again.
  if (std::exchange(state.stored, false)) return;
  state.expiry = std::chrono::seconds{0};
  unended_.insert(state.client_id);
}

void SessionRegistry::ended(const std::string& client_id, bool committed) {
  if (!committed) unended_.insert(client_id);
}

// Where the client has opened a session meanwhile, the commit of that opening ended the old one.
void SessionRegistry::end_again(Actions& actions) {
  for (const std::string& client_id : std::exchange(unended_, {})) {
    const auto found = sessions_.find(client_id);
    if (found != sessions_.end() && found->second->is_persistent()) continue;
    actions.push_back(CommitEnd{client_id});
  }
}

std::shared_ptr<SessionState> SessionRegistry::insert(const Request& request) {
  auto state = std::make_shared<SessionState>();
  state->room = outboxes_;
  state->client_id = request.client_id;
  state->reads_log = log_readers_.contains(request.client_id);
  sessions_.emplace(request.client_id, state);
  return state;
}

bool SessionRegistry::take_room_for(PendingWill& will) {
  const std::size_t bytes = size_of(will.message);
  if (bytes <= options_.small_will) return true;
  if (*will_bytes_ + bytes > options_.most_will_bytes) return false;
  *will_bytes_ += bytes;
  will.room =
      std::shared_ptr<void>(nullptr, [taken = will_bytes_, bytes](void*) { *taken -= bytes; });
  return true;
}

// The sessions of one address that has more than a tenth of all, and of it those that would end
// next, a hundredth of all at once, so that a flood of new clients looks through all but rarely.
void SessionRegistry::make_room(Actions& actions) {
  std::map<std::string, std::vector<Sessions::iterator>> away;
  for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
    const SessionState& state = *at->second;
    if (state.connection || state.reads_log || !state.rights) continue;
    away[state.rights->identity().address].push_back(at);
  }
  const auto most = std::max_element(away.begin(), away.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  // A single one is no flood, however few may be.
  const std::size_t usual = std::max<std::size_t>(options_.max_sessions / 10, 1);
  if (most == away.end() || most->second.size() <= usual) return;
  auto& those = most->second;
  std::stable_sort(those.begin(), those.end(), [](const auto& a, const auto& b) {
    return a->second->ends_at < b->second->ends_at;
  });
  those.resize(std::min(those.size(), options_.max_sessions / 100 + 1));
  for (const auto& at : those) end_unawaited(at, actions);
  given_up_ += those.size();
}

std::optional<SessionRegistry::Opened> SessionRegistry::open(Request request, SteadyTime now,
                                                             Actions& actions) {
  if (request.will && !take_room_for(*request.will)) return std::nullopt;
  auto found = sessions_.find(request.client_id);
  if (found == sessions_.end() && sessions_.size() >= options_.max_sessions) {
    expire(now, actions);
    if (sessions_.size() >= options_.max_sessions) make_room(actions);
    if (sessions_.size() >= options_.max_sessions) return std::nullopt;
  }
  Opened opened;
  if (found != sessions_.end()) {
    SessionState& old = *found->second;
    const bool connected = old.connection.has_value();
    if (connected) actions.push_back(TakeOver{*old.connection});
    // A session that ends with its connection ends with this take-over (section 3.1.4).
    const bool over = old.ends_at <= now || (connected && !old.outlives_connection());
    if (request.clean_start || over) {
      opened.changes = end(found, actions);
    } else {
      // A delayed will is dropped because the client is back in time; one without delay was due
      // the moment the old connection was closed (section 3.1.3.2.2).
      if (connected && old.will && old.will->delay.count() == 0) publish_will(old, actions);
      opened.state = found->second;
      opened.present = true;
      // Its client is back. A crash before this is committed ends the session too early only where
      // it was about to end.
      actions.push_back(CommitLater{
          Deadline{Deadline::Of::session, old.client_id, 0, std::chrono::seconds{0}, 0}});
    }
  }
  if (!opened.state) opened.state = insert(request);
  SessionState& state = *opened.state;
  const bool was_persistent = state.is_persistent();
  const bool changed = state.expiry != request.expiry || !state.stored;
  state.expiry = request.expiry;
  state.ends_on_disk = was_persistent && !state.outlives_connection();
  state.connection = request.connection;
  state.will = std::move(request.will);
  wills_.connected(state.client_id, state.will ? &*state.will : nullptr, actions);
  state.will_due = state.ends_at = SteadyTime::max();
  if (state.is_persistent() && changed) {
    // What a failed end left on disk is removed too.
    const bool leftovers = !opened.present && opened.changes.empty();
    if (leftovers) opened.changes.push_back(change(SessionChange::Kind::end, state));
    opened.changes.push_back(change(SessionChange::Kind::open, state));
  }
  return opened;
}

void SessionRegistry::set_expiry(SessionState& state, std::chrono::seconds expiry,
                                 Actions& actions) {
  if (state.expiry == expiry) return;
  const bool was_persistent = state.is_persistent();
  state.expiry = expiry;
  state.ends_on_disk = was_persistent && !state.outlives_connection();
  if (!state.outlives_connection()) return;  // it ends with close(), which follows
  actions.push_back(Commit{{change(SessionChange::Kind::open, state)}, {}});
}

void SessionRegistry::close(const std::shared_ptr<SessionState>& state, ConnectionId connection,
                            SteadyTime now, Actions& actions) {
  if (state->connection != connection) return;
  state->connection.reset();
  const auto found = sessions_.find(state->client_id);
  WATCHPOST_INVARIANT(found != sessions_.end() && found->second == state);
  if (!state->outlives_connection()) {
    end_unawaited(found, actions);
    return;
  }
  state->ends_at = after(now, state->expiry);
  const std::uint64_t sent = state->outbox ? state->outbox->sent_up_to() : 0;
  actions.push_back(
      CommitLater{Deadline{Deadline::Of::session, state->client_id, sent, state->expiry, 0}});
  if (!state->will) return;
  if (state->will->delay.count() == 0) {
    publish_will(*state, actions);
  } else {
    state->will_due = after(now, state->will->delay);
  }
}

void SessionRegistry::expire(SteadyTime now, Actions& actions) {
  end_again(actions);
  wills_.on_time(now, actions);
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto current = at++;
    SessionState& state = *current->second;
    if (state.ends_at <= now) {
      end_unawaited(current, actions);
    } else if (state.will_due <= now) {
      publish_will(state, actions);
    }
  }
}

}  // namespace watchpost::protocol
