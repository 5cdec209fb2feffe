// What an observation tells a rule: its value in the rule's unit, or nothing.
// Promise: null (what decoders make of the error value of a probe), unknown, doubtful, and a unit
// that does not fit are no value. Pure; any thread.
#pragma once

#include "model/site_rule.hpp"

namespace watchpost::rules {

// Nothing: it tells the rule nothing.
[[nodiscard]] std::optional<Reading::Value> value_for(const SiteRule& rule,
                                                      const Observation& observation);
// What it measures cannot be believed.
[[nodiscard]] bool is_doubtful(const Observation& observation);
// The detector says alarm itself, for certain.
[[nodiscard]] bool is_raised(const Observation& observation);

}  // namespace watchpost::rules
