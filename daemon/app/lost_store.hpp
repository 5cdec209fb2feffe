// LostStore: what waited to be sent when the store was removed or replaced under a running daemon.
// Promise: as much as was not delivered to every upstream then; some of it may be in the store that
// is there now. A plain value, handed from one Daemon to the next in the same process.
#pragma once

#include <cstdint>

namespace watchpost::app {

struct LostStore {
  std::uint64_t events = 0;
  std::uint64_t alarms = 0;  // of the events
};

}  // namespace watchpost::app
