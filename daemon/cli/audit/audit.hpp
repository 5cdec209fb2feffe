// watchpost audit: proves from the street's side that nothing is missing.
// Promise: only reads, also beside a receiver and a daemon at work. The exit code: 0 = complete, 1
// = something is missing, on its way or cannot be known, or two events have one id, or two boxes
// send as one gateway; 2 = there was nothing to look at.
// Called once, from main, on the main thread.
#pragma once

#include <string>

#include "base/result.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {

struct AuditOptions {
  std::string received;  // RECEIVED.db
  std::string gateway;   // --gateway: only this id; empty: all
  std::string store;     // --store: the gateway's store directory
  std::string manifest;  // --manifest: a file with the output of `watchpost status --json`
  std::string upstream;  // --upstream: which of the gateway's upstreams this is; empty: the first
  std::string language;  // --lang
  std::string ledger;    // --ledger: a file of `watchpost simulate --ledger`
};

[[nodiscard]] int run_audit(const AuditOptions& options);

}  // namespace watchpost::cli
