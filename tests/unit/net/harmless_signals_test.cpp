// Signals that end other programs leave this program running, and are named in the log.
#include "net/harmless_signals.hpp"

#include <unistd.h>

#include "support/catch.hpp"
#include "support/manual_clock.hpp"
#include "support/recording_log.hpp"

using namespace watchpost;
using namespace watchpost::net;
using namespace watchpost::support;

namespace {

struct Receiver {
  boost::asio::io_context io;
  ManualClock clock;
  RecordingLog log;
  std::optional<HarmlessSignals> signals;

  Receiver() {
    hold_back_signals();
    signals.emplace(io, clock, log);
    signals->start({"watchpostd", "sudo systemctl restart watchpostd", "systemctl stop"});
  }
  // A signal to the own process is pending when kill() returns.
  void get(int signal) {
    REQUIRE(kill(getpid(), signal) == 0);
    io.restart();
    io.poll();
  }
};

}  // namespace

TEST_CASE("SIGHUP does not end the process; the log says how a change is used", "[net][unit]") {
  Receiver receiver;
  receiver.get(SIGHUP);
  CHECK(receiver.log.says(LogLevel::warning, "sudo systemctl restart watchpostd"));
}

TEST_CASE("no signal that a program may be sent by mistake ends the process", "[net][unit]") {
  Receiver receiver;
  for (const int signal : kHarmlessSignals) receiver.get(signal);
  receiver.get(SIGRTMIN);
  receiver.get(SIGRTMAX);
  CHECK(receiver.log.count("received and ignored") == kHarmlessSignals.size() + 2);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU}) receiver.get(signal);
  CHECK(receiver.log.count("received and ignored") == kHarmlessSignals.size() + 2);
}

TEST_CASE("a signal that comes again and again is named once a minute", "[net][unit]") {
  Receiver receiver;
  for (int i = 0; i < 5; ++i) receiver.get(SIGHUP);
  CHECK(receiver.log.count("SIGHUP") == 1);
  receiver.clock.advance(std::chrono::seconds{61});
  receiver.get(SIGHUP);
  CHECK(receiver.log.count("SIGHUP") == 2);
}
