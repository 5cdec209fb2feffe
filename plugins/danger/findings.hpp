// findings: the dangers that a message declares: its members read by their names, their values and
// what a catalogue says of the device.
// Promise: of several members about one subject the worst counts, so that a calm value beside an
// alarming one never hides it; a danger whose value is in no form we know is `unread` and named in
// a sentence; settings, mutes, tests, tampers and empty batteries are no danger. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "danger/facts.hpp"
#include "danger/values.hpp"
#include "danger/words.hpp"
#include "sdk/json.hpp"

namespace watchpost::danger {

// A member that speaks of a danger.
struct Member {
  std::string_view name;
  const sdk::json::value* value = nullptr;
  Saying saying = Saying::nothing;
};

struct Finding {
  Danger danger = Danger::none;
  Saying saying = Saying::nothing;  // the worst of its members
  std::vector<Member> members;
};

// A number of a detector, as a reading.
struct Measure {
  std::string_view name;
  std::string_view unit;
  double number = 0;
};

struct Findings {
  std::vector<Finding> dangers;  // in the order of Danger
  std::vector<Measure> measures;
  std::string unread;  // a sentence for people about what was not understood; empty: nothing
};

// `facts`: of the device; null where no catalogue names it.
[[nodiscard]] Findings findings_in(const sdk::json::object& state, const DeviceFacts* facts);

}  // namespace watchpost::danger
