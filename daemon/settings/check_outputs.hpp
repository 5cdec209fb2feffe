// check_output, check_escalation: mistakes in an [[output]] or [[escalation]] that its keys show
// together, or with other sections. Promise: an output that passes can be told. Pure; at start-up.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "settings/check_tls.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

// `given`: whether the file names a key of this [[output]].
[[nodiscard]] std::vector<KeyMistake> check_output(
    const Config& config, std::size_t index, const std::function<bool(std::string_view)>& given);
[[nodiscard]] std::vector<KeyMistake> check_escalation(const Config& config, std::size_t index);

}  // namespace watchpost::settings
