// watchpost export: the events of a time range as CloudEvents, one JSON text a line, on stdout.
// Promise: streams, with memory for one page; order is by class and sequence, never by time. Times
// of records whose clock was unset mean nothing: such records are left out and counted on stderr,
// or all of them are given. The exit code: 0 = all is there, 1 = cut off, 2 = could not begin.
// Called once, from main, on the main thread.
#pragma once

#include <string>

namespace watchpost::cli {

struct ExportOptions {
  std::string from;  // --from, --to: RFC 3339; without a zone: UTC
  std::string to;
  std::string event_class;   // --class; empty: all
  bool observed = false;     // --observed: by observed instead of received time
  bool unset_clock = false;  // --include-unset-clock
  std::string socket;        // --socket: ask the daemon
  // --store with --gateway and --area: reads a folder; a store does not know its gateway.
  std::string store;
  std::string gateway;
  std::string area;
  std::string language;  // --lang
};

[[nodiscard]] int run_export(const ExportOptions& options);

}  // namespace watchpost::cli
