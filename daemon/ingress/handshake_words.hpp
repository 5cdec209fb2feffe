// handshake_words: why a client did not get to speak MQTT at its port, as a cause in the catalogue.
// Promise: names the port and what to do, for the log and for the trouble of a client that is
// turned away. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "model/trouble.hpp"
#include "net/handshake_fault.hpp"
#include "protocol/action.hpp"

namespace watchpost::ingress {

// Nothing for HandshakeFault::none.
[[nodiscard]] std::optional<Trouble> cause_of(net::HandshakeFault fault, std::uint16_t port);
// What came to a port of plain MQTT; nothing where it is not known.
[[nodiscard]] std::optional<Trouble> cause_of(protocol::Stranger stranger, std::uint16_t port);

}  // namespace watchpost::ingress
