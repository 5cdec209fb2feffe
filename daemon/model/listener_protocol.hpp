// ListenerProtocol: what is spoken at a [[listener]].
// Promise: plain values, used on any thread; the names are those of the configuration.
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost {

enum class ListenerProtocol : std::uint8_t {
  mqtt,
  gb26875,    // GB/T 26875.3-2011: fire panels by their transmission devices
  sl651,      // SL 651-2014: hydrology stations
  gst9000,    // the printer port of a GST9000 fire panel
  websocket,  // MQTT over WebSocket
};

[[nodiscard]] constexpr std::string_view to_string(ListenerProtocol protocol) {
  switch (protocol) {
    case ListenerProtocol::mqtt:
      return "mqtt";
    case ListenerProtocol::gb26875:
      return "gb26875";
    case ListenerProtocol::sl651:
      return "sl651";
    case ListenerProtocol::gst9000:
      return "gst9000";
    case ListenerProtocol::websocket:
      return "websocket";
  }
  return {};
}

}  // namespace watchpost
