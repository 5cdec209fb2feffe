// Annotation: what decoding adds to the acknowledged bytes, as the JSON of the event's `data`.
// Promise: valid JSON for every observation; readings use SenML's short names (RFC 8428: n, u, v,
// vb, vs); a null stays null. The topic is a column of its own and joins `data` on the way up.
// Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/observation.hpp"
#include "rules/verdict.hpp"

namespace watchpost::pipeline {

// Which part of a message an event is, where one message told of several devices or times.
struct Part {
  std::size_t number = 1;
  std::size_t of = 1;
};

struct Judged {
  const Observation& observation;
  const rules::Verdict& verdict;
};
[[nodiscard]] std::string annotate(const Judged& judged, std::string_view decoder, Part part);
// A message that was kept as received.
struct Kept {
  std::string_view outcome;  // undecoded, malformed or ignored
  std::string_view name;     // of the device, for people; may be empty
  std::string_view decoder;  // may be empty
  std::string_view why;      // may be empty
};
[[nodiscard]] std::string annotate_kept(const Kept& kept);

}  // namespace watchpost::pipeline
