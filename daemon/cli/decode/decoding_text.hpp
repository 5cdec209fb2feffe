// One decoding as text for a person.
// Promise: says of each observation what it becomes on its way up, or why there is none. Pure.
#pragma once

#include <string>
#include <vector>

#include "decode/registry.hpp"

namespace watchpost::cli {

[[nodiscard]] std::string decoding_text(const decode::Decoding& decoding,
                                        const std::vector<decode::Attempt>& attempts);

}  // namespace watchpost::cli
