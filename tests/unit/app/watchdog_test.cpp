#include "app/watchdog.hpp"

#include <boost/asio/io_context.hpp>

#include "support/memory_spool.hpp"
#include "support/recording_log.hpp"
#include "unit/app/notify_socket.hpp"

using namespace watchpost;
using namespace watchpost::app;
using namespace watchpost::app::testing;
using namespace watchpost::support;

namespace {

// systemd's period is 400 ms, so one beat leaves every 100 ms.
struct Watched {
  NotifySocket systemd;
  ServiceNotifier notifier;
  boost::asio::io_context io;
  MemorySpool spool;
  RecordingLog log;
  std::optional<Watchdog> watchdog;

  Watched() {
    setenv("WATCHDOG_USEC", "400000", 1);
    setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
    watchdog.emplace(io, spool, notifier, log);
    watchdog->start();
  }
  ~Watched() {
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
  }
  void run_for(std::chrono::milliseconds time) {
    io.restart();
    io.run_for(time);
  }
};

const Failure kFull{Failure::Kind::storage, "the disk is full", "Free space on the disk"};

}  // namespace

TEST_CASE("no beat is fed before the spool has answered it", "[app][unit]") {
  Watched service;
  service.run_for(std::chrono::milliseconds{20});
  REQUIRE(service.spool.waiting.size() == 1);
  CHECK(service.spool.waiting[0].records.empty());
  CHECK(service.systemd.received().empty());

  service.spool.commit();

  CHECK(service.systemd.received() == "WATCHDOG=1");
}

TEST_CASE("while the spool does not answer one beat is out and the operator is told once",
          "[app][unit]") {
  Watched service;
  service.run_for(std::chrono::milliseconds{550});
  CHECK(service.spool.waiting.size() == 1);
  CHECK(service.systemd.received().empty());
  CHECK(service.log.count("The spool has not answered") == 1);

  service.spool.commit();
  CHECK(service.systemd.received() == "WATCHDOG=1");
  CHECK(service.log.says(LogLevel::info, "The spool answers again"));
  service.run_for(std::chrono::milliseconds{150});
  CHECK(service.spool.waiting.size() == 1);
}

TEST_CASE("a commit that fails is an answer: a full disk is no reason to restart", "[app][unit]") {
  Watched service;
  service.spool.fail(kFull);
  CHECK(service.systemd.received() == "WATCHDOG=1");
}

TEST_CASE("a stopped or destroyed watchdog sends no further beat", "[app][unit]") {
  Watched service;
  SECTION("stopped") {
    service.watchdog->stop();
  }
  SECTION("destroyed") {
    service.watchdog.reset();
  }
  service.spool.commit();
  service.systemd.received();
  service.run_for(std::chrono::milliseconds{250});
  CHECK(service.spool.waiting.empty());
}
