// NotifySocket: plays systemd: a real datagram socket that NOTIFY_SOCKET names.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "unit/settings/sample.hpp"

namespace watchpost::app::testing {

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

  // A datagram on AF_UNIX can be read as soon as it was sent.
  std::string received() {
    std::array<char, 4096> buffer{};
    const auto size = recv(socket_, buffer.data(), buffer.size(), 0);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }

 private:
  settings::testing::Folder folder_;
  std::string path_;
  int socket_ = -1;
};

}  // namespace watchpost::app::testing
