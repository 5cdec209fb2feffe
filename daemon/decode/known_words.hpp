// The quantities and units that decoders and documents know, for mappings: a misspelt one would be
// stored under a name that nobody looks for.
// Promise: sorted; the quantities are those of docs/integrators.md and docs/sl651.md. At start-up.
#pragma once

#include <string_view>
#include <vector>

namespace watchpost::decode {

[[nodiscard]] const std::vector<std::string_view>& known_quantities();
[[nodiscard]] const std::vector<std::string_view>& known_units();

}  // namespace watchpost::decode
