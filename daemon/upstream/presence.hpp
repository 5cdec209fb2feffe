// Presence: how a server is told that this gateway is there, by setting.
#pragma once

#include <cstdint>

namespace watchpost::upstream {

enum class Presence : std::uint8_t {
  retained,  // published and kept by the server for whoever subscribes later
  plain,     // published, not kept
  off,       // not published
};

// What a link says of the gateway: what is published, and what the will is.
struct StateOffer {
  Presence presence = Presence::retained;
  bool will = true;  // retained where `presence` is
  friend bool operator==(const StateOffer&, const StateOffer&) = default;
};

}  // namespace watchpost::upstream
