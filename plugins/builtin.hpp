// The decoders built into this program.
// Promise: one entry for each watchpost_add_decoder, sorted by name; they live as long as the
// program. Read once, by the decode registry.
#pragma once

#include <span>

#include "abi/watchpost_decoder.h"

namespace watchpost {

[[nodiscard]] std::span<const watchpost_decoder* const> builtin_decoders();

}  // namespace watchpost
