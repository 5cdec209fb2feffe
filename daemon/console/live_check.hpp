// LiveCheck: runs a StoreVerifier beside a daemon at work.
// Promise: runs on a thread and a connection of its own, and pauses twice as long as it reads, so
// that commits and forwarding keep the disk; reports its progress about once a second, and at the
// end the report or the failure. The destructor waits for one step at most. Made on the I/O thread;
// `told` is called there too.
#pragma once

#include <filesystem>
#include <functional>
#include <thread>

#include "base/result.hpp"
#include "spool/verify/store_verifier.hpp"

namespace watchpost::console {

class LiveCheck {
 public:
  using Post = std::function<void(std::function<void()>)>;
  struct Progress {
    spool::CheckReport report;  // without findings until `complete`
    bool complete = false;
  };
  using Told = std::function<void(const Result<Progress>&)>;

  // `post` runs a call on the I/O thread; such a call may still run after the LiveCheck is
  // destroyed.
  LiveCheck(std::filesystem::path database_file, Post post, Told told);

 private:
  std::jthread thread_;
};

}  // namespace watchpost::console
