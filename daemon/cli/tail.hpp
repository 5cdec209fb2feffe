// watchpost tail: events, one a line.
// Promise: without options it follows what is committed from now on and ends with the daemon or by
// Ctrl-C; with --count it shows the newest ones that are stored and ends, also where there are
// fewer. What is stored comes in the order of time. On the main thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace watchpost::cli {

struct TailOptions {
  std::string socket;
  std::string event_class;  // empty: all
  std::string device;       // id or name; empty: all
  std::uint64_t count = 0;  // 0: without an end
  bool as_json = false;
  bool from_oldest = false;  // the first ones that are stored
  bool follow = false;       // with `count`: wait for more; with `from_oldest` up to the count
};

// What to ask the daemon for.
[[nodiscard]] std::string tail_target(const TailOptions& options);
// Writes to the standard output.
[[nodiscard]] Result<void> run_tail(const TailOptions& options);

}  // namespace watchpost::cli
