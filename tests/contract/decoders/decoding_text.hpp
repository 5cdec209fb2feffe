// Decodings as text, in the words of vectors.json and of the tests' messages.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "decode/decoder.hpp"

namespace watchpost::test {

// Reads a file below the source tree; fails the test where it is not there.
[[nodiscard]] std::string read_source_file(const std::string& path);

// Everything in a decoding, one line for each reading: equal texts mean equal decodings.
[[nodiscard]] std::string describe(const decode::Decoding& decoding);

// What differs between `expected` (an entry of "observations" in vectors.json) and `observation`;
// empty where nothing differs. Members that `expected` does not name may have any value.
[[nodiscard]] std::string difference(const boost::json::object& expected,
                                     const Observation& observation);
[[nodiscard]] std::string difference(const boost::json::value& expected, const Reading* reading);

}  // namespace watchpost::test
