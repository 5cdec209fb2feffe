// rf_codes: codes of radio remote controls, pull-cords and detectors at 433 or 868 MHz.
// Promise: a code means nothing of itself: anybody's doorbell may have it. It becomes an alarm only
// where the site lists it as a device ("rf/7028D2") with a profile of site_word.hpp. Pure.
#pragma once

#include <string>
#include <string_view>

#include "sdk/json.hpp"
#include "sdk/observation.hpp"
#include "sdk/options.hpp"

namespace watchpost::danger {

// "0x7028D2", "7028d2" and 7350482 as "7028D2"; empty for what is no code.
[[nodiscard]] std::string rf_code(const sdk::json::value& value);

// `receiver`: who heard it; the device of a code that the site does not list.
struct HeardCode {
  std::string_view receiver;
  std::string_view code;
};
[[nodiscard]] sdk::Observation heard_code(const sdk::Options& options, const HeardCode& heard);

}  // namespace watchpost::danger
