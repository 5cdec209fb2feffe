// check_output, check_escalation: mistakes in an [[output]] or [[escalation]] that its keys show
// together, or with other sections. Promise: an output that passes can be told. Pure; at start-up.
#pragma once

#include <cstddef>
#include <vector>

#include "settings/check_tls.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

[[nodiscard]] std::vector<KeyMistake> check_output(const Config& config, std::size_t index);
[[nodiscard]] std::vector<KeyMistake> check_escalation(const Config& config, std::size_t index);

}  // namespace watchpost::settings
