// StreetTrial: asks the street's server whether this gateway could send its events to it.
// Promise: one connection with the gateway's own names and password, and on each class of events an
// empty message to the device `setup-check`, which is no event and which nobody keeps. Every wait
// has a deadline. Blocks; called by `watchpost setup`, on the main thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "client/mqtt_link.hpp"
#include "model/event_class.hpp"
#include "model/gateway.hpp"

namespace watchpost::cli {

struct StreetAnswer {
  bool let_us_in = false;
  // The server speaks MQTT 3.1.1 only: it does not say whether a topic may be used.
  bool is_old_protocol = false;
  std::vector<std::string> refused;  // topics that our user may not publish on
  Failure failure;                   // where it did not let us in, or went away
};

struct TrialOptions {
  client::LinkOptions link;
  std::chrono::milliseconds most{20'000};
};
[[nodiscard]] StreetAnswer try_street(const TrialOptions& options, const Gateway& gateway);

}  // namespace watchpost::cli
