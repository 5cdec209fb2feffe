// watchpost support: one text file for somebody who is to help: versions, configuration, status,
// troubles and the journal.
// Promise: no password (print_config leaves them out), and no name of a device, place, client or
// topic of this village: Redaction. It is a text, so that the person who sends it can read it
// before. The exit code: 0 = written, 1 = written, and a part of it could not be had, 2 = not
// written. Called once, from main, on the main thread.
#pragma once

#include <string>

namespace watchpost::cli {

struct SupportOptions {
  std::string file;  // --to; empty: watchpost-support-TIME.txt here
  std::string socket;
  std::string config = "/etc/watchpost/watchpost.toml";
  std::string language;
};

[[nodiscard]] int run_support(const SupportOptions& options);

}  // namespace watchpost::cli
