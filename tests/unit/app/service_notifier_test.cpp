#include "app/service_notifier.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "unit/app/config_sample.hpp"

using namespace watchpost::app;
using namespace watchpost::app::testing;

namespace {

// Stands in for systemd: a real datagram socket named by NOTIFY_SOCKET.
class NotifySocket {
 public:
  NotifySocket() : path_((folder_.path() / "notify").string()) {
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~NotifySocket() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  // A datagram on AF_UNIX is there as soon as it was sent.
  std::string received() {
    std::array<char, 4096> buffer{};
    const auto size = recv(socket_, buffer.data(), buffer.size(), 0);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  Folder folder_;
  std::string path_;
  int socket_ = -1;
};

}  // namespace

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
