// LiveCheck: a StoreVerifier beside a daemon at work.
// Promise: on a thread and a connection of its own, and pausing twice as long as it reads, so that
// commits and forwarding keep the disk; tells how far it is about once a second, then ends with the
// report or the failure. The destructor waits for one step at most. Made on the I/O thread, where
// it also answers.
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
    spool::CheckReport report;  // without findings until it is complete
    bool complete = false;
  };
  using Told = std::function<void(const Result<Progress>&)>;

  // `post` brings a call to the I/O thread; what it brought may run after this is gone.
  LiveCheck(std::filesystem::path database_file, Post post, Told told);

 private:
  std::jthread thread_;
};

}  // namespace watchpost::console
