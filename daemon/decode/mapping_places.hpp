// Reads from a mapping file where in a payload a value stands.
// Promise: a place that the payload's format cannot have is refused with file and line. Throws
// StartupError, as TableReader does. Start-up only.
#pragma once

#include <optional>
#include <string_view>

#include "decode/mapping.hpp"
#include "decode/toml_reading.hpp"

namespace watchpost::decode {

// Nothing where the key is absent; refuses what is larger than a payload.
[[nodiscard]] std::optional<int> small_number(TableReader& reader, std::string_view key);
// The keys pointer, offset, type, length, mask and bit.
[[nodiscard]] PayloadPlace place_in(TableReader& reader, PayloadFormat format);

}  // namespace watchpost::decode
