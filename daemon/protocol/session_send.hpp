// Session::send, shared by the source files of Session.
// Promise: nothing larger than the client's Maximum Packet Size leaves (MQTT 5.0
// section 3.1.2.11.4): first the reason string goes, then the packet.
#pragma once

#include <utility>

#include "protocol/session.hpp"

namespace watchpost::protocol {

template <class T>
std::string Session::fitted(T packet) const {
  Packet whole(std::move(packet));
  std::string bytes;
  encode(whole, version_, bytes);
  if (bytes.size() <= client_maximum_packet_size_) return bytes;
  std::visit(
      [](auto& one) {
        if constexpr (requires { one.properties; }) {
          one.properties.remove(PropertyId::reason_string);
        }
      },
      whole);
  bytes.clear();
  encode(whole, version_, bytes);
  if (bytes.size() > client_maximum_packet_size_) bytes.clear();
  return bytes;
}

template <class T>
void Session::send(T packet, Actions& actions) const {
  std::string bytes = fitted(std::move(packet));
  if (!bytes.empty()) actions.push_back(Send{std::move(bytes)});
}

}  // namespace watchpost::protocol
