// Authenticator: who may connect.
// Promise: each claim is answered at most once, on the I/O thread: at once, or later where the
// proof takes time (a password check). The claim of a client that has gone need not be answered.
// I/O thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/strong.hpp"
#include "protocol/identity.hpp"

namespace watchpost::protocol {

// What a client says of itself in CONNECT.
struct Claim {
  std::string client_id;  // empty: the server assigns one
  std::optional<std::string> user_name;
  std::optional<std::string> password;
  std::string address;                // of the client, without its port; set by the shell
  std::string proven_name{};          // by its certificate; empty: none; set by the shell
  std::weak_ptr<const void> asker{};  // expired: nobody waits for the answer; set by the shell
  // Memory, besides this claim, that the session holds until the answer comes.
  ByteCount held;
};

// Why a client is not let in. The client is told less than the operator: nobody learns from us
// which user names exist.
enum class Refusal : std::uint8_t {
  no_user_name,  // none was given, and this listener wants one
  unknown_user,
  wrong_password,
  busy,    // no further password check may wait
  slowed,  // too many wrong passwords came from there just now
};

using Finding = std::variant<Identity, Refusal>;

class Authenticator {
 public:
  using Answer = std::function<void(Finding)>;

  virtual ~Authenticator() = default;
  virtual void authenticate(Claim claim, Answer answer) = 0;
};

}  // namespace watchpost::protocol
