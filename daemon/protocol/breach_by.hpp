// breach_by: the end of a connection whose bytes are not MQTT.
// Promise: the size of a packet is reported of connected clients only: before that the peer is no
// client of ours. Pure; any thread.
#pragma once

#include <string>

#include "protocol/action.hpp"
#include "protocol/wire.hpp"

namespace watchpost::protocol {

[[nodiscard]] inline Close breach_by(const Malformed& malformed, bool is_connected) {
  Close close = breach(malformed.code, malformed.what);
  if (!malformed.oversize || !is_connected) return close;
  const Oversize& oversize = *malformed.oversize;
  close.too_large = TooLarge{oversize.bytes, oversize.most, std::string(oversize.topic)};
  return close;
}

}  // namespace watchpost::protocol
