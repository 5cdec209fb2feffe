// The quantities that decoders name, and their units.
// Promise: a value is converted only where both units are known to measure the same; else nothing
// is known of it. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/observation.hpp"

namespace watchpost {

// In use by the decoders that come with us; a mapping of the site may name others.
[[nodiscard]] std::span<const std::string_view> known_quantities();
// Devices tell it in several units, so that a number alone says nothing.
[[nodiscard]] bool needs_unit(std::string_view quantity);
// Units that a rule may name for it; empty: any.
[[nodiscard]] std::span<const std::string_view> units_of(std::string_view quantity);
// What an alarm about it is of, where nothing else says so.
[[nodiscard]] Kind kind_of_quantity(std::string_view quantity);

struct UnitPair {
  std::string_view from;  // empty: the device does not say, and is taken at its word
  std::string_view to;    // empty: as it is
};
[[nodiscard]] std::optional<double> converted(double value, UnitPair units);

}  // namespace watchpost
