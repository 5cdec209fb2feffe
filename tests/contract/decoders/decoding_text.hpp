// Decodings as text, in the words of the tests' messages.
#pragma once

#include <string>

#include "decode/decoder.hpp"

namespace watchpost::test {

// Reads a file below the source tree; fails the test where it is not there.
[[nodiscard]] std::string read_source_file(const std::string& path);

// Everything in a decoding, one line for each reading: equal texts mean equal decodings.
[[nodiscard]] std::string describe(const decode::Decoding& decoding);

}  // namespace watchpost::test
