// site_rules: what the [[rule]] sections, and the water levels of [[device]] sections, mean.
// Promise: of a configuration that was checked; nothing is left out. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "model/site_rule.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

[[nodiscard]] std::vector<SiteRule> site_rules(const Config& config);
// The number of above, below, rise or jump.
[[nodiscard]] double limit_of(const RuleConfig& rule);
// "warning-level", "guarantee-level".
[[nodiscard]] bool is_name_of_level(std::string_view name);

}  // namespace watchpost::settings
