// What is to be said about a form of topics (model/topic_template.hpp).
// Promise: pure; used by the configuration only, at start-up.
#pragma once

#include <string_view>
#include <vector>

#include "settings/links.hpp"
#include "settings/words.hpp"

namespace watchpost::settings {

// What to write instead; empty where the text has no mistake.
[[nodiscard]] Words topic_advice(std::string_view text);

// What the form of this upstream costs, one sentence each; nothing for the contract's own form.
[[nodiscard]] std::vector<Words> topic_costs(const UpstreamConfig& upstream);

}  // namespace watchpost::settings
