// What stands around the decoder of a shared object, so that one that crashes while it works is
// known by name at the next start, and is not opened again for ever (crash_mark.hpp).
// Promise: no message is lost by it: what a resting plugin would have read is left to the decoders
// behind it, and kept undecoded where none takes it.
#pragma once

#include <memory>
#include <string>

#include "decode/crash_mark.hpp"
#include "decode/decoder.hpp"

namespace watchpost::decode {

// `decoder`, with `file` in the mark while it works; `mark` may be null.
[[nodiscard]] std::unique_ptr<Decoder> watched(std::unique_ptr<Decoder> decoder, std::string file,
                                               std::shared_ptr<CrashMark> mark);
// In its place, where it has ended the process too often.
[[nodiscard]] std::unique_ptr<Decoder> resting(std::string file);

}  // namespace watchpost::decode
