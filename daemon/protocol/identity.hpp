// Identity: who a client is, as far as this server knows.
// Promise: a plain value, made once, when CONNECT is answered.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::protocol {

// By what the user name was proven.
enum class Proof : std::uint8_t {
  nothing,  // no user name was given, or none is asked for
  password,
  certificate,  // the name of a certificate that an authority of the listener has signed, or of a
                // key that the client shares with it
};

struct Identity {
  std::string client_id;
  std::string user;     // empty: anonymous
  std::string address;  // of the client, without its port
  Proof proof = Proof::nothing;
  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace watchpost::protocol
