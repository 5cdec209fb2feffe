// replay_page: what rules would have raised, and what was raised, side by side for people.
// Promise: in the order of time, in one language, the same in both. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/language.hpp"
#include "rules/rehearsal.hpp"

namespace watchpost::cli {

// What the daemon raised then, of the records of its transitions.
struct RaisedThen {
  std::uint64_t number = 0;
  std::string device;
  std::string what;  // its rule, or its kind
  bool by_rule = false;
  WallTime at{};
};
[[nodiscard]] std::optional<RaisedThen> raised_in(const Record& record);

struct Replayed {
  std::vector<rules::Rehearsed> would_be;
  std::vector<RaisedThen> was;
  std::size_t rules = 0;
  std::uint64_t observations = 0;
  std::uint64_t without_time = 0;  // records of a time without a clock
};
[[nodiscard]] std::string replay_page(const Replayed& replayed, Language language);

}  // namespace watchpost::cli
