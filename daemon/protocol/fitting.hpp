// fitted and send: packets to a client, fitted to what the client takes.
// Promise: nothing larger than the client's Maximum Packet Size leaves (MQTT 5.0
// section 3.1.2.11.4): first the reason string is left out, then the whole packet.
// Pure; I/O thread.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "protocol/action.hpp"
#include "protocol/agreement.hpp"
#include "protocol/codec.hpp"

namespace watchpost::protocol {

// The bytes of the packet; empty when it cannot be made to fit.
template <class T>
[[nodiscard]] std::string fitted(T packet, const Agreement& agreement) {
  Packet whole(std::move(packet));
  std::string bytes;
  encode(whole, agreement.version, bytes);
  if (bytes.size() <= agreement.client_maximum_packet_size) return bytes;
  std::visit(
      [](auto& one) {
        if constexpr (requires { one.properties; }) {
          one.properties.remove(PropertyId::reason_string);
        }
      },
      whole);
  bytes.clear();
  encode(whole, agreement.version, bytes);
  if (bytes.size() > agreement.client_maximum_packet_size) bytes.clear();
  return bytes;
}

template <class T>
void send(T packet, const Agreement& agreement, Actions& actions) {
  std::string bytes = fitted(std::move(packet), agreement);
  if (!bytes.empty()) actions.push_back(Send{std::move(bytes)});
}

}  // namespace watchpost::protocol
