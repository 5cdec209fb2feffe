// words_for: what the log says about a connection that is closed.
// Promise: what happened, in words that need no knowledge of MQTT, and what to do next. Names that
// come from the client are made printable, and no command to be copied contains them. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.hpp"
#include "model/trouble.hpp"
#include "protocol/action.hpp"

namespace watchpost::ingress {

// What an operator knows the open address by that the client came to.
struct AddressNames {
  std::uint16_t port = 0;
  std::string password_file;  // empty: none
};

struct ClosingWords {
  LogLevel level = LogLevel::debug;
  std::string text;  // follows the name of the client
};
[[nodiscard]] ClosingWords words_for(const protocol::Close& close, const AddressNames& address);
// About a client that does not get to speak MQTT at its port.
[[nodiscard]] ClosingWords words_for(const Trouble& why);
// Why a client was not let in, for the status; `see_log` where only the log has the words.
[[nodiscard]] Trouble cause_of(const protocol::Close& close, const AddressNames& address);

}  // namespace watchpost::ingress
