// watchpost tail: events, one a line.
// Promise: without options it follows what is committed from now on, and ends with the daemon or by
// Ctrl-C; with --count it shows the newest stored events and ends, also where there are fewer.
// Stored events come in the order of time. On the main thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace watchpost::cli {

struct TailOptions {
  std::string socket;
  std::string event_class;  // empty: all
  std::string device;       // id or name; empty: all
  std::uint64_t count = 0;  // 0: no limit
  std::string language;     // --lang
  bool as_json = false;
  bool from_oldest = false;  // begin with the oldest stored events
  bool follow = false;       // with `count`: wait for more; with `from_oldest` up to the count
};

// The path and query that the daemon is asked for.
[[nodiscard]] std::string tail_target(const TailOptions& options);
// Writes events to the standard output.
[[nodiscard]] Result<void> run_tail(const TailOptions& options);

}  // namespace watchpost::cli
