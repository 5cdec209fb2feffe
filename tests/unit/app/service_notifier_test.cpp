#include "app/service_notifier.hpp"

#include "unit/app/notify_socket.hpp"

using namespace watchpost::app;
using namespace watchpost::app::testing;

TEST_CASE("the service manager hears of readiness, status, life and stopping", "[app][unit]") {
  NotifySocket systemd;
  ServiceNotifier notifier;

  notifier.ready("listening on 127.0.0.1:1883");
  CHECK(systemd.received() == "READY=1\nSTATUS=listening on 127.0.0.1:1883");
  notifier.status("street: connected");
  CHECK(systemd.received() == "STATUS=street: connected");
  notifier.watchdog();
  CHECK(systemd.received() == "WATCHDOG=1");
  notifier.stopping("finishing 3 commits");
  CHECK(systemd.received() == "STOPPING=1\nSTATUS=finishing 3 commits");
  CHECK(systemd.received().empty());
}

TEST_CASE("a start that takes long asks for more time and shows that it lives", "[app][unit]") {
  NotifySocket systemd;
  ServiceNotifier::still_starting(std::chrono::seconds{60}, "saving");
  CHECK(systemd.received() == "EXTEND_TIMEOUT_USEC=60000000\nWATCHDOG=1\nSTATUS=saving");
}

TEST_CASE("a status with line ends cannot smuggle in another assignment", "[app][unit]") {
  NotifySocket systemd;
  ServiceNotifier{}.status("a\nREADY=1");
  CHECK(systemd.received() == "STATUS=a READY=1");
}

TEST_CASE("without a service manager every notice is harmless", "[app][unit]") {
  unsetenv("NOTIFY_SOCKET");
  ServiceNotifier notifier;
  notifier.ready("x");
  notifier.watchdog();
  setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  notifier.status("x");
  notifier.stopping("x");
  unsetenv("NOTIFY_SOCKET");
  SUCCEED("nothing blocked, threw or ended the process");
}

TEST_CASE("the watchdog is to be fed twice in its period, and only by the process it watches",
          "[app][unit]") {
  unsetenv("WATCHDOG_USEC");
  CHECK_FALSE(ServiceNotifier::watchdog_interval());

  setenv("WATCHDOG_USEC", "30000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  CHECK(ServiceNotifier::watchdog_interval() == std::chrono::seconds{15});

  setenv("WATCHDOG_PID", "1", 1);
  CHECK_FALSE(ServiceNotifier::watchdog_interval());
  unsetenv("WATCHDOG_USEC");
  unsetenv("WATCHDOG_PID");
}
