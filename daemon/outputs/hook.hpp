// Hook: a channel that runs a command for each letter: facts as environment, the whole as JSON on
// its standard input, its output thrown away.
// Promise: no shell is between; nothing of the daemon but that is open to it; with its whole group
// of processes it is gone when it ends, or after the time limit. An exit with 0 is acceptance.
// I/O thread only, which waits for nothing.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "outputs/channel.hpp"

namespace watchpost::outputs {

struct HookOptions {
  std::vector<std::string> command;  // an absolute path and its arguments
  std::chrono::milliseconds timeout{10'000};
};

class Hook final : public Channel {
 public:
  Hook(const boost::asio::any_io_executor& io, HookOptions options);
  ~Hook() override;
  void send(const Letter& letter, Done done) override;
  void stop() override;

 private:
  [[nodiscard]] int start(const Letter& letter);  // 0, or what errno says
  [[nodiscard]] bool is_stuck();
  void look_later(std::chrono::milliseconds when, Outcome not_started);
  void look();
  void end(const Outcome& outcome);

  HookOptions options_;
  pid_t child_ = 0;  // and its group; 0: none
  pid_t stuck_ = 0;  // was ended and is still there: the kernel waits for something in its name
  bool is_overdue_ = false;
  SteadyTime deadline_{};
  Done done_;
  std::shared_ptr<Hook*> self_;
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::outputs
