#include "wired/make_line.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/topic.hpp"
#include "wired/gb26875_line.hpp"
#include "wired/gst9000_line.hpp"
#include "wired/sl651_line.hpp"

namespace watchpost::wired {

std::unique_ptr<Line> make_line(ListenerProtocol protocol, LineOptions options) {
  switch (protocol) {
    case ListenerProtocol::mqtt:
    case ListenerProtocol::websocket:
      return nullptr;
    case ListenerProtocol::gb26875:
      return std::make_unique<Gb26875Line>(std::move(options));
    case ListenerProtocol::sl651:
      return std::make_unique<Sl651Line>(std::move(options));
    case ListenerProtocol::gst9000:
      return std::make_unique<Gst9000Line>(std::move(options));
  }
  return nullptr;
}

std::string station_topic(ListenerProtocol protocol, std::string_view station) {
  return fmt::format("{}/{}", to_string(protocol), to_topic_level(station));
}

}  // namespace watchpost::wired
