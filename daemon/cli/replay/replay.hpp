// watchpost replay: what the rules of a file would have raised by the records of a time range, and
// beside it what was raised.
// Promise: reads only, beside the running daemon, with memory for some pages; the engine is the
// daemon's. The exit code: 0 = it was tried, 1 = cut off, 2 = could not begin. Called once, from
// main, on the main thread.
#pragma once

#include <string>

namespace watchpost::cli {

struct ReplayOptions {
  std::string rules;  // --rules: a configuration
  std::string from;   // --from, --to: RFC 3339; without a zone: UTC
  std::string to;
  std::string socket;    // --socket: its daemon says where the store is
  std::string store;     // --store
  std::string language;  // --lang
};

[[nodiscard]] int run_replay(const ReplayOptions& options);

}  // namespace watchpost::cli
