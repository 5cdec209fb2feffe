// SessionRegistry: client id to session state, across connections and restarts.
// Promise: one connection owns a session at a time; a persistent session outlives its connection by
// its Session Expiry Interval of steady time; every change of a persistent session leaves as a
// SessionChange, and the changes may be committed in the order in which they leave; an end that
// could not be committed is tried again. At most `max_sessions` live; more are refused. Pure; I/O
// thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "protocol/action.hpp"
#include "protocol/session_state.hpp"
#include "protocol/stored_wills.hpp"
#include "protocol/subscriptions.hpp"

namespace watchpost::protocol {

class SessionRegistry {
 public:
  struct Options {
    std::size_t max_sessions = 10'000;
    // A will of up to `small_will` bytes is always kept; larger ones share a room.
    std::size_t small_will = 1'024;
    std::size_t most_will_bytes = 4U << 20U;
  };
  struct Request {
    std::string client_id;
    ConnectionId connection;
    bool clean_start = true;
    std::chrono::seconds expiry{0};
    std::optional<PendingWill> will;
  };
  struct Opened {
    std::shared_ptr<SessionState> state;
    bool present = false;
    // To be committed together: the end of the session before, and the new or changed one.
    std::vector<SessionChange> changes;
  };

  // `seed` makes the client ids this server assigns unlike those of other runs.
  SessionRegistry(Options options, std::uint64_t seed) : options_(options), random_(seed) {}

  [[nodiscard]] Subscriptions& subscriptions() { return subscriptions_; }

  // Called once, before anybody connects. The expiry of each session counts from `now`, where it is
  // not known what was left of it.
  void load(std::span<const StoredSession> sessions, SteadyTime now);
  [[nodiscard]] StoredWills& wills() { return wills_; }
  [[nodiscard]] std::string new_client_id();
  // The session of this client gets events from the log, and not besides as others publish them.
  void read_log(const std::string& client_id);
  // Nothing when there is no room for another session, or for its will. Where all rooms are taken
  // and one address has many of them, its clients that are away longest lose theirs. `actions`
  // receives take-over and wills.
  [[nodiscard]] std::optional<Opened> open(Request request, SteadyTime now, Actions& actions);
  // The opening of this session could not be committed: a new session is not kept, and no will is
  // published.
  void abandon(SessionState& state, ConnectionId connection);
  // The outcome of a CommitEnd. An end that was not committed is asked for again.
  void ended(const std::string& client_id, bool committed);
  // DISCONNECT may change the expiry (MQTT 5.0 section 3.14.2.2.2).
  void set_expiry(SessionState& state, std::chrono::seconds expiry, Actions& actions);
  // The network connection is gone; nothing happens when another one has taken the session over.
  void close(const std::shared_ptr<SessionState>& state, ConnectionId connection, SteadyTime now,
             Actions& actions);
  // Ends sessions and publishes wills whose time has come; tries failed ends again. Called every
  // second or so.
  void expire(SteadyTime now, Actions& actions);
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }
  // How many sessions made room for others since the last call.
  [[nodiscard]] std::uint64_t take_given_up() { return std::exchange(given_up_, 0); }
  // Null where no session has this client id.
  [[nodiscard]] SessionState* find(std::string_view client_id) const {
    const auto found = sessions_.find(client_id);
    return found == sessions_.end() ? nullptr : found->second.get();
  }
  // The bytes of all messages, of any session, that failed to be stored and are kept to be handed
  // over again.
  [[nodiscard]] std::size_t waiting_bytes() const { return waiting_bytes_; }
  // The bytes of messages, of any session, that were handed over to leave and have not left.
  [[nodiscard]] std::size_t leaving_bytes() const { return leaving_bytes_; }
  void begin_leaving(std::size_t bytes) { leaving_bytes_ += bytes; }
  void end_leaving(std::size_t bytes) { leaving_bytes_ -= bytes; }
  void begin_waiting(std::size_t bytes) { waiting_bytes_ += bytes; }
  void end_waiting(std::size_t bytes) { waiting_bytes_ -= bytes; }

 private:
  using Sessions = std::map<std::string, std::shared_ptr<SessionState>, std::less<>>;

  // Ends the session and returns what is to be committed for that.
  std::vector<SessionChange> end(Sessions::iterator at, Actions& actions);
  void publish_will(SessionState& state, Actions& actions);
  void end_unawaited(Sessions::iterator at, Actions& actions);
  void end_again(Actions& actions);
  // False: large wills have taken all room.
  [[nodiscard]] bool take_room_for(PendingWill& will);
  void make_room(Actions& actions);
  std::shared_ptr<SessionState> insert(const Request& request);
  void load_subscriber(const StoredSession& stored, const std::shared_ptr<SessionState>& state);

  Options options_;
  std::mt19937_64 random_;
  Sessions sessions_;
  std::set<std::string> log_readers_;  // client ids
  Subscriptions subscriptions_;
  StoredWills wills_;
  std::shared_ptr<OutboxRoom> outboxes_ = std::make_shared<OutboxRoom>();
  // Client ids whose sessions have ended although the disk still holds them. Each has a row there,
  // so there are about as many as sessions may be.
  std::set<std::string> unended_;
  std::size_t waiting_bytes_ = 0;
  std::size_t leaving_bytes_ = 0;
  std::shared_ptr<std::size_t> will_bytes_ = std::make_shared<std::size_t>(0);  // of large wills
  std::uint64_t given_up_ = 0;
};

}  // namespace watchpost::protocol
