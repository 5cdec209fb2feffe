// likely_rule: which rule of a server most likely forbids the publication over which it ends each
// link, judged by what it has taken so far.
// Why: a server that only closes the connection leaves the operator with a topic and a size.
// Promise: a rule is named only where nothing that was taken speaks against it. Pure. Used by
// Traffic, on the I/O thread.
#pragma once

#include <cstddef>

#include "client/link_diagnosis.hpp"
#include "model/event_class.hpp"

namespace watchpost::upstream {

// What the server has taken since the program began.
struct TakenSoFar {
  std::size_t most_bytes = 0;   // of one publication; 0: it has taken nothing
  PerClass<bool> classes{};     // events of them
  bool state = false;           // the state of the gateway's link
  bool retained_state = false;  // the same, retained

  void take_state(bool retained) {
    state = true;
    retained_state = retained_state || retained;
  }
};

// What the link ended over.
struct EndedOver {
  bool is_state = false;
  bool retained = false;
  EventClass event_class = EventClass::telemetry;  // of an event
  std::size_t bytes = 0;
  std::size_t levels = 0;
  bool is_limit_known = false;  // the server has told its Maximum Packet Size, and this is below it
};

[[nodiscard]] client::LikelyRule likely_rule(const EndedOver& item, const TakenSoFar& taken);

}  // namespace watchpost::upstream
