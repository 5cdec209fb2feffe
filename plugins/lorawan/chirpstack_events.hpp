// What the events of ChirpStack 3 and 4 have in common: the topic, the link, the events that are no
// uplink.
// Promise: the topic may have any levels before it and any form that the operator has set: the EUI
// is the level behind "device" where the topic ends as ChirpStack's own does, and the event is the
// last level. Pure.
#pragma once

#include <string_view>

#include "lorawan/uplinks.hpp"

namespace watchpost::lorawan::chirpstack {

struct Place {
  std::string_view eui;    // empty: the topic does not say
  std::string_view event;  // "up", "rx", "status", ...
};
[[nodiscard]] Place place_of(std::string_view topic);

// Malformed on ChirpStack's own topic; of another topic nobody knows whose it is.
sdk::Verdict not_json(const Place& place, std::string_view why, sdk::Sink& sink);

// Link, counter, port, data and the server's decoding; `snr`: the name of the version.
void read_uplink(const sdk::json::object& event, std::string_view snr, Envelope& envelope);
// The earliest time that a gateway gave.
[[nodiscard]] std::optional<std::int64_t> gateway_time(const sdk::json::object& event);

// status, join, log and error, ack and txack. not_mine for an event that is none of them.
sdk::Verdict other_event(std::string_view name, const sdk::json::object& event,
                         const Envelope& envelope, sdk::Sink& sink);

}  // namespace watchpost::lorawan::chirpstack
