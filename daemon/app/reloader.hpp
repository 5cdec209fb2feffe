// Reloader: the configuration and its files are read again while the daemon runs (SIGHUP).
// Promise: read and checked on a thread of its own, then used as a whole or not at all; sessions
// and backlog are kept. One reading at a time; a wish that comes meanwhile is fulfilled by one more
// reading after it. What came of the last one is kept for the status.
// I/O thread. Its neighbours outlive it. The destructor waits for the reading.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/new_config.hpp"
#include "base/call_thread.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "ingress/listener.hpp"
#include "model/trouble.hpp"

namespace watchpost::app {

struct ReloadState {
  std::uint64_t times = 0;             // readings that were used
  std::optional<WallTime> at{};        // the last one that was used
  std::vector<std::string> used{};     // what that one changed
  std::vector<std::string> waiting{};  // what needs a restart
  std::optional<Trouble> not_used{};   // why the last one was not used

  [[nodiscard]] std::vector<Trouble> troubles() const;
};

class Reloader {
 public:
  struct Neighbours {
    boost::asio::any_io_executor io;
    const Clock& clock;
    Log& log;
    settings::Config& config;  // what is in use
    ingress::Listener& listener;
    std::function<void(decode::Registry)> use_decoders;
    std::function<void()> begun;  // tells the service manager
    std::function<void()> ended;
    std::shared_ptr<decode::CrashMark> crash_mark;
  };
  Reloader(ConfigSource source, Neighbours around);
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;
  ~Reloader();

  void read_again();
  [[nodiscard]] const ReloadState& state() const { return state_; }

 private:
  void finished(Prepared prepared);
  void use(NewConfig fresh);
  void tell_of_use();

  ConfigSource source_;
  Neighbours around_;
  LinkSecrets secrets_;  // as they are in use
  ReloadState state_;
  bool is_reading_ = false;
  bool is_wanted_again_ = false;
  std::shared_ptr<Reloader*> alive_;  // an outcome that is posted later finds it expired
  std::unique_ptr<CallThread> thread_;
};

}  // namespace watchpost::app
