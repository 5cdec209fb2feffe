// Script: a conversation with a Session without sockets. Packets of the client are encoded and
// decoded as on the wire; answers of the session are decoded in the client's role.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "builders.hpp"
#include "bytes.hpp"
#include "protocol/session.hpp"
#include "server.hpp"

namespace watchpost::protocol::testing {

class Client {
 public:
  Client(Server& server, std::uint64_t connection)
      : server_(server),
        session_(ConnectionId(connection),
                 {server.options, server.registry, server.rights, server.retained}, server.now) {}

  Client& sends(const Packet& packet, Version version) {
    return sends_bytes(encoded(packet, version));
  }
  Client& sends(const Packet& packet) { return sends(packet, version_); }
  Client& sends_bytes(const std::string& whole) {
    Actions actions;
    session_.received(frame_of(whole), server_.now, actions);
    take(actions);
    return *this;
  }
  Client& asks_to_connect(Connect connect) {
    version_ = connect.version;
    return sends(connect);
  }
  // Connects as above, and settles the commit that must come before CONNACK.
  Client& connects(Connect connect) {
    const auto before = commits.size();
    asks_to_connect(std::move(connect));
    if (commits.size() > before && !closed) settles(commits.back().ticket);
    return *this;
  }
  Client& settles(std::uint64_t number, const Result<void>& outcome = {}) {
    return settles(TicketNumber{number}, outcome);
  }
  Client& settles(TicketNumber ticket, const Result<void>& outcome = {}) {
    Actions actions;
    session_.settled(ticket, outcome, server_.now, actions);
    take(actions);
    return *this;
  }
  template <class Event>
  Client& when(Event event) {
    Actions actions;
    event(session_, server_.now, actions);
    take(actions);
    return *this;
  }

  // The bytes of the next answer; empty when there is no answer.
  std::string next_bytes() {
    if (sent_.empty()) return {};
    const std::string first = sent_.front();
    sent_.erase(sent_.begin());
    return first;
  }
  template <class T>
  void gets(const T& expected) {
    last_ = next_bytes();
    INFO("answer " << to_hex(last_));
    REQUIRE_FALSE(last_.empty());
    const auto decoded = decode(frame_of(last_), version_);
    REQUIRE(decoded.has_value());
    REQUIRE(std::holds_alternative<T>(*decoded));
    CHECK(std::get<T>(*decoded) == expected);
  }
  // The next answer, which must be this packet. Its views live until the next answer is taken.
  template <class T>
  T got() {
    last_ = next_bytes();
    INFO("answer " << to_hex(last_));
    REQUIRE_FALSE(last_.empty());
    const auto decoded = decode(frame_of(last_), version_);
    REQUIRE(decoded.has_value());
    REQUIRE(std::holds_alternative<T>(*decoded));
    return std::get<T>(*decoded);
  }
  [[nodiscard]] bool got_nothing() const { return sent_.empty(); }

  Session& session() { return session_; }
  // Where another connection would find it.
  [[nodiscard]] SessionState& state() {
    return *server_.registry.find(session_.agreement().client_id);
  }
  Client& is_found(const Finding& finding) {
    return when([&](Session& session, SteadyTime now, Actions& actions) {
      session.authenticated(finding, now, actions);
    });
  }

  std::vector<Claim> claims;
  std::vector<std::string> denied;  // topics that the client may not use
  std::vector<HandOver> handed_over;
  std::vector<Commit> commits;
  std::vector<Fact> later;
  std::vector<LogAnswered> log_answers;
  std::vector<Outbox::Wanted> reads;
  std::vector<std::string> ended;
  std::vector<ConnectionId> taken_over;
  std::vector<ConnectionId> woken;
  std::optional<Close> closed;
  std::uint64_t awaits = 0;  // the number of a retained message

 private:
  void take(Actions& actions) {
    for (Action& action : actions) std::visit([this](auto& one) { on(one); }, action);
  }
  void on(const Send& send) { sent_.push_back(send.bytes); }
  void on(const Authenticate& question) {
    claims.push_back(question.claim);
    if (!server_.door.is_slow) is_found(server_.door.find(question.claim));
  }
  void on(HandOver& hand_over) { handed_over.push_back(std::move(hand_over)); }
  void on(Commit& commit) { commits.push_back(std::move(commit)); }
  void on(const CommitEnd& end) { ended.push_back(end.client_id); }
  void on(const TakeOver& other) { taken_over.push_back(other.connection); }
  void on(const Wake& other) { woken.push_back(other.connection); }
  void on(const Deny& deny) { denied.push_back(deny.topic); }
  void on(const DenyFilter& deny) { denied.push_back(deny.filter); }
  void on(const DenyWill& deny) { denied.push_back(deny.topic); }
  void on(const Deliver& message) { sent_.push_back(message.bytes); }
  void on(const LogAnswered& one) { log_answers.push_back(one); }
  void on(const ReadQueue& asked) { reads.push_back(asked.wanted); }
  void on(CommitLater& one) { later.push_back(std::move(one.fact)); }
  void on(const AwaitRetained& until) { awaits = until.number; }
  void on(const Close& close) {
    CHECK_FALSE(closed.has_value());
    closed = close;
  }

  Server& server_;
  Session session_;
  Version version_ = Version::v5;
  std::vector<std::string> sent_;
  std::string last_;
};

}  // namespace watchpost::protocol::testing
