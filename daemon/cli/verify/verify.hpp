// watchpost verify: checks whether the store is whole and its parts agree.
// Promise: only reads. With --store the folder is read, also with SQLite's check of every page, and
// safely while a daemon is at work; otherwise the running daemon is asked, which checks in small
// steps beside its work. The exit code: 0 = nothing was found, 1 = findings, 2 = could not look.
// Called once, from main, on the main thread.
#pragma once

#include <string>

namespace watchpost::cli {

struct VerifyOptions {
  std::string store;     // --store: a store directory; empty: ask the daemon
  std::string socket;    // --socket
  std::string language;  // --lang
};

[[nodiscard]] int run_verify(const VerifyOptions& options);

}  // namespace watchpost::cli
