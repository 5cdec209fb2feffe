// meaning: a value of a Z-Wave node as an observation.
// Promise: nothing for a value that says nothing of a danger, of the device or of its surroundings.
// Pure.
#pragma once

#include <string>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"
#include "zwave_js/places.hpp"

namespace watchpost::zwave_js {

struct Meant {
  bool known = false;
  sdk::Observation observation{WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO};
  std::string unread{};  // a sentence about what was not understood
};

// `unit`: as the payload tells it, or empty. `listed`: the node in the site's table, or null.
[[nodiscard]] Meant meaning_of(const Value& place, const sdk::json::value& value,
                               std::string_view unit, const sdk::Device* listed);

}  // namespace watchpost::zwave_js
