// make_line and station_topic: what the protocols of wired stations have in common for the layers
// above. Pure.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/listener_protocol.hpp"
#include "wired/line.hpp"

namespace watchpost::wired {

// Null for mqtt and websocket, which have sessions in place of lines.
[[nodiscard]] std::unique_ptr<Line> make_line(ListenerProtocol protocol, LineOptions options);

// `<protocol>/<station>`, for example "gb26875/060504030201": the topic of every message of a
// station, to which decoders are bound. A station that gives no address of its own is named by its
// IP address.
[[nodiscard]] std::string station_topic(ListenerProtocol protocol, std::string_view station);

}  // namespace watchpost::wired
