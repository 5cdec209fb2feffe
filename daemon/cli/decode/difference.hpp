// What differs between what a sample of vectors.json says and what it became.
// Promise: members that the sample does not name may have any value; numbers are equal within
// 0.1 %; the sentences name the member, what was expected and what was found. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "decode/decoder.hpp"

namespace watchpost::cli {

// `expected`: an entry of "observations".
[[nodiscard]] std::string difference(const boost::json::object& expected,
                                     const Observation& observation);
// `expected`: [value, unit].
[[nodiscard]] std::string difference(const boost::json::value& expected, const Reading* reading);
// `expected`: the member "relayed" of a sample, every member of which counts.
[[nodiscard]] std::string relayed_difference(const boost::json::object& expected,
                                             const decode::Decoding& decoding);
// A value as vectors.json writes it.
[[nodiscard]] std::string text_of(const Reading::Value& value);

}  // namespace watchpost::cli
