// UplinkBasis: what the parts of one Uplink that decide work on together: the settings of the
// upstream, the lane of each class (in the forwarder) and the counts that the status shows. Tick is
// the time and the random number that the Uplink brings to them, since they ask for neither.
// Promise: the Uplink owns it and destroys it after the parts that refer to it. No I/O but for the
// log. I/O thread only.
#pragma once

#include <cstdint>
#include <string>

#include "base/log.hpp"
#include "upstream/cloud_event.hpp"
#include "upstream/forwarder.hpp"
#include "upstream/uplink_options.hpp"

namespace watchpost::upstream {

// What a caller brings to a core that reads no clock and draws no numbers.
struct Tick {
  SteadyTime now;
  std::uint64_t random = 0;
};

struct UplinkBasis {
  UplinkOptions options;
  EventContext context;
  Log& log;
  Forwarder forwarder;
  UplinkCounts counts;

  [[nodiscard]] Lane& lane(EventClass event_class) { return forwarder.lane(event_class); }
  [[nodiscard]] const Lane& lane(EventClass event_class) const {
    return forwarder.lane(event_class);
  }
  [[nodiscard]] bool by_receipt(EventClass event_class) const {
    const std::size_t i = index_of(event_class);
    return options.forwarding.wanted[i] && options.forwarding.custody[i] == Custody::receipt;
  }
  [[nodiscard]] const std::string& topics_of(EventClass event_class) const {
    return context.gateway.topics().all_of(event_class);
  }

  void tell(UplinkStatus& status) const {
    for (const EventClass event_class : kEventClasses) {
      const std::size_t i = index_of(event_class);
      status.cursors[i] = lane(event_class).cursor();
      status.custody[i] = options.forwarding.custody[i];
      status.unconfirmed[i] = lane(event_class).has_unconfirmed();
    }
    status.in_flight = forwarder.in_flight();
    status.counts = counts;
  }
};

}  // namespace watchpost::upstream
