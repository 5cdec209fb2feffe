// Mistakes of [[rule]] that show only when several keys are looked at together, and of the water
// levels of [[device]]. Promise: each says what to write instead. Used by the configuration only.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "settings/check_tls.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

// Where the file gives a key of the section at hand.
using GivenKey = std::function<bool(std::string_view)>;

[[nodiscard]] std::vector<KeyMistake> check_rule(const Config& config, std::size_t index,
                                                 const GivenKey& given);
[[nodiscard]] std::vector<KeyMistake> check_water(const WaterConfig& water);

}  // namespace watchpost::settings
