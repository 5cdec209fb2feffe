// Plugin host: loads a decoder from a shared object.
// Promise: only a regular file that root or the daemon's user owns and nobody else may write is
// loaded; an interface of another version is refused with a sentence. A loaded file is never
// unloaded: its code may be referred to for the life of the process. In-process code is not
// isolated; load what you trust. Start-up only.
#pragma once

#include <string>

#include "abi/watchpost_decoder.h"
#include "base/result.hpp"

namespace watchpost::decode {

[[nodiscard]] Result<const watchpost_decoder*> load_plugin(const std::string& file);
// Checks what the entry of a shared object returned; a function of its own so that a test needs no
// shared object.
[[nodiscard]] Result<const watchpost_decoder*> check_plugin(const watchpost_decoder* decoder,
                                                            const std::string& file);

}  // namespace watchpost::decode
