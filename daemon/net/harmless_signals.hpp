// HarmlessSignals: signals that end a process by default, but must not end a program that has
// custody: watchpostd and `watchpost receive`.
// Promise: from hold_back_signals on, none of these signals ends the process, also while a store is
// opened or salvaged; each one is named in the log with what to do instead, at most once a minute.
// SIGTERM, SIGINT and SIGQUIT are not among them: those stop the program.
// hold_back_signals is called by main, before any thread. The class is made and run on the I/O
// thread.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace watchpost::net {

// SIGHUP comes from `kill -HUP` of people who want a reload, and from a terminal that is closed.
inline constexpr std::array kHarmlessSignals{SIGHUP,  SIGUSR1, SIGUSR2, SIGALRM,   SIGVTALRM,
                                             SIGPROF, SIGIO,   SIGPWR,  SIGSTKFLT, SIGXCPU};

// Blocks the signals. Threads inherit the block, so it holds for the whole process. SIGPIPE,
// SIGXFSZ, SIGTTIN and SIGTTOU are ignored without a log line: the write that raised the signal
// fails, and its caller reports the failure.
void hold_back_signals();

// What the log says that a person should do instead.
struct SignalAdvice {
  std::string_view program;
  std::string_view hangup;  // about SIGHUP: what is read when, and how a change is used
  std::string_view stop;    // how the program is stopped
};
// The sentence that the log has for a signal.
[[nodiscard]] std::string sentence_about(int signal, const SignalAdvice& advice);

class HarmlessSignals {
 public:
  HarmlessSignals(boost::asio::io_context& io, const Clock& clock, Log& log);
  // `advice` outlives this. With `on_hangup`, SIGHUP calls it each time and is not told of.
  void start(const SignalAdvice& advice, std::function<void()> on_hangup = {});
  void stop() { arrivals_.cancel(); }

 private:
  void wait();
  void tell_all();

  SignalAdvice advice_;
  std::function<void()> on_hangup_;
  const Clock& clock_;
  Log& log_;
  boost::asio::posix::stream_descriptor arrivals_;
  std::map<int, SteadyTime> told_;
};

}  // namespace watchpost::net
