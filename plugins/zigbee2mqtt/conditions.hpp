// The conditions a Zigbee2MQTT state declares: smoke, gas, leak, fall, SOS.
// Promise: true is an alarm, false is normal, null or an unknown word is `unknown`; a mute, an
// empty action or a missing key never clears anything. Pure.
#pragma once

#include <optional>
#include <vector>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::zigbee2mqtt {

struct Condition {
  watchpost_kind kind = WATCHPOST_DEVICE_STATUS;
  watchpost_state state = WATCHPOST_INFO;
  std::string_view quantity;
  std::optional<bool> value;    // for quantities that are true or false; nothing is null
  std::string_view word = {};   // for those that are words
  bool ambiguous_test = false;  // alarm and test bit together: the alarm counts
};

// Every condition named in `state`, in a fixed order.
[[nodiscard]] std::vector<Condition> conditions_in(const sdk::json::object& state);

// The word of a press that is a call for help ("emergency", "sos", "panic").
[[nodiscard]] bool calls_for_help(std::string_view action);

}  // namespace watchpost::zigbee2mqtt
