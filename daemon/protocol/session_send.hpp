// Session::send, shared by the source files of Session.
// Promise: nothing larger than the client's Maximum Packet Size leaves (MQTT 5.0
// section 3.1.2.11.4): first the reason string goes, then the packet.
#pragma once

#include <utility>

#include "protocol/session.hpp"

namespace watchpost::protocol {

template <class T>
void Session::send(T packet, Actions& actions) const {
  Packet whole(std::move(packet));
  Send action;
  encode(whole, version_, action.bytes);
  if (action.bytes.size() > client_maximum_packet_size_) {
    action.bytes.clear();
    std::visit(
        [](auto& one) {
          if constexpr (requires { one.properties; }) {
            one.properties.remove(PropertyId::reason_string);
          }
        },
        whole);
    encode(whole, version_, action.bytes);
    if (action.bytes.size() > client_maximum_packet_size_) return;
  }
  actions.push_back(std::move(action));
}

}  // namespace watchpost::protocol
