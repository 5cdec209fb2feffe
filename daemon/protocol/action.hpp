// Action: what a Session or the SessionRegistry asks its shell to do.
// Promise: performing a list of actions in order is the whole job of the shell; it decides nothing.
// Values; I/O thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/strong.hpp"
#include "model/fact.hpp"
#include "model/message.hpp"
#include "model/session_change.hpp"
#include "protocol/authenticator.hpp"
#include "protocol/outbox.hpp"
#include "protocol/reason_code.hpp"

namespace watchpost::protocol {

struct SessionState;

// Write these bytes to the client.
struct Send {
  std::string bytes;
};

// Find out whether the client is who it says; then call Session::authenticated, once. The shell
// sets the address and the asker of the claim.
struct Authenticate {
  Claim claim;
};

// Give a message, with the session facts that must be committed with it, to whoever stores it; then
// call Session::settled with the ticket, once. Ticket 0: nobody waits for the outcome.
struct HandOver {
  Message message;
  std::vector<SessionChange> changes;
  TicketNumber ticket;
};

// Commit session facts that come without a message; the ticket means what it means in HandOver.
struct Commit {
  std::vector<SessionChange> changes;
  TicketNumber ticket;
  std::vector<Fact> facts{};  // of what the client subscribes to
};

// Write a message to the client. Its owner has seen to it that not too much is waiting to leave.
struct Deliver {
  std::string bytes;
};

// Read this of what the session has on disk, and give it to its outbox; then have what is in the
// outbox sent.
struct ReadQueue {
  std::weak_ptr<SessionState> session;
  Outbox::Wanted wanted;
};

// Commit this with what of its kind is committed next, or in a second, or in five where only a
// restart asks for it: a crash before that makes the client get a message again.
struct CommitLater {
  Fact fact;
};

// Tell whoever keeps the session's cursor over the log: the client has answered this message.
struct LogAnswered {
  std::string client_id;
  std::uint64_t number = 0;  // in the outbox of the session
  ReasonCode code = ReasonCode::success;
};

// Call Session::look_again once no retained message up to this number is on its way to the commit.
struct AwaitRetained {
  std::uint64_t number = 0;
};

// Tell the operator: the client may not subscribe to this.
struct DenyFilter {
  std::string filter;
  std::string decided_by{};  // see Authoriser::decided_by
};

// Commit the end of this client's stored session, then call SessionRegistry::ended.
struct CommitEnd {
  std::string client_id;
};

// Tell the session of this other connection that it was taken over.
struct TakeOver {
  ConnectionId connection;
};

// Call Session::wake of this other connection: something that it waits for was settled.
struct Wake {
  ConnectionId connection;
};

// A packet that was larger than the client had been told it may be.
struct TooLarge {
  std::uint64_t bytes = 0;
  std::uint64_t most = 0;
  std::string topic;  // empty where it could not be read
};

// Tell the operator: the client may not publish on this topic, and its message was not taken.
struct Deny {
  std::string topic;
  std::string decided_by{};  // see Authoriser::decided_by
};

// Tell the operator: the will of this client, which is away, was not published: it may not be.
struct DenyWill {
  Identity identity;
  std::string topic;
  std::string decided_by{};
};

// What speaks at this port instead of MQTT, as far as its first packet tells.
enum class Stranger : std::uint8_t { unknown, tls, http };

// Close the connection once everything to be sent has left.
struct Close {
  ReasonCode code = ReasonCode::success;
  std::string why;
  bool malformed = false;            // the client broke the protocol
  bool refused = false;              // the client was not let in
  std::optional<Refusal> refusal{};  // why, where its claim was refused
  std::optional<TooLarge> too_large{};
  std::optional<Stranger> stranger{};  // set where the first packet is not CONNECT
};

// The client broke the protocol.
[[nodiscard]] inline Close breach(ReasonCode code, std::string_view what) {
  return Close{code, std::string(what), true};
}

using Action =
    std::variant<Send, Authenticate, HandOver, Commit, CommitEnd, TakeOver, Wake, Deny, DenyFilter,
                 DenyWill, Deliver, CommitLater, ReadQueue, LogAnswered, AwaitRetained, Close>;
using Actions = std::vector<Action>;

}  // namespace watchpost::protocol
