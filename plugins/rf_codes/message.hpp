// message: what an rtl_433 heard of one device (triq.org/rtl_433, docs/DATA_FORMAT.md), as an
// observation.
// Promise: names of models are not to be trusted (a motion detector is published as
// "Smoke-GS558"), and most codes have no check sum: without the site's word nothing here is an
// alarm. With it, what the message says of the danger counts; where it says nothing of it, that it
// was sent at all does, but for reports of the battery and the like. Pure.
#pragma once

#include <optional>
#include <string>

#include "danger/site_word.hpp"
#include "sdk/json.hpp"
#include "sdk/observation.hpp"

namespace watchpost::rf_codes {

// "Smoke-GS558/12718", the name of a device; empty where there is no model.
[[nodiscard]] std::string device_in(const sdk::json::object& message);

struct Heard {
  sdk::Observation observation;
  std::string unread{};  // a sentence about what was not understood of a listed device
};
// `state`: takes what may speak of the danger; outlives what is returned.
[[nodiscard]] Heard heard_in(const sdk::json::object& message,
                             const std::optional<danger::SiteWord>& word, sdk::json::object& state);

}  // namespace watchpost::rf_codes
