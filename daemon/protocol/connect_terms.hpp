// connect_terms: what a CONNECT asks for, and what this server grants of it.
// Promise: a function of CONNECT and the listener's limits only.
// Pure; called by Session on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/action.hpp"
#include "protocol/agreement.hpp"
#include "protocol/authenticator.hpp"
#include "protocol/framer.hpp"
#include "protocol/packet.hpp"
#include "protocol/session_options.hpp"
#include "protocol/session_registry.hpp"

namespace watchpost::protocol {

// Why this CONNECT is refused, whoever sent it; nothing: it may go on.
[[nodiscard]] std::optional<ReasonCode> objection_to(const Connect& connect,
                                                     const SessionOptions& options);
// True: `session` (null: none) is that of a client which is connected under another user name, and
// has proven it. That one is thrown out by nobody else; two devices of one account, and clients
// without a proven name, still do that to each other (section 3.1.4).
[[nodiscard]] bool is_of_another_user(const SessionState* session, const Identity& newcomer);
[[nodiscard]] std::chrono::seconds granted_expiry(const Connect& connect,
                                                  const SessionOptions& options);
// `client_id`: the one that the client asks for, or the one that it is assigned.
[[nodiscard]] Agreement agreement_on(const Connect& connect, const SessionOptions& options,
                                     std::string client_id);
[[nodiscard]] std::optional<PendingWill> will_of(const Connect& connect,
                                                 const std::string& client_id);

enum class SessionPresent : bool { no, yes };
// The bytes of the CONNACK that lets the client in; empty when the client takes no packet so large.
[[nodiscard]] std::string greeting(const Connect& connect, const SessionOptions& options,
                                   const Agreement& agreement, SessionPresent present);
// What a refused client is told.
[[nodiscard]] ReasonCode reason_of(Refusal refusal);
[[nodiscard]] std::string_view refusal_text(ReasonCode code);

// What a first packet that is not CONNECT may be; TLS and HTTP often come here by mistake.
[[nodiscard]] Stranger stranger_in(const Frame& frame);

// `held`: see Claim.
[[nodiscard]] Authenticate question_about(const Connect& connect, std::string client_id,
                                          ByteCount held);
[[nodiscard]] Connack refusal_by(ReasonCode code, const std::string& why);
// Without the connection that asks.
[[nodiscard]] SessionRegistry::Request request_of(const Connect& connect,
                                                  const SessionOptions& options,
                                                  const std::string& client_id);

}  // namespace watchpost::protocol
