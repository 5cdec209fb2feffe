#include "support/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <random>
#include <stdexcept>
#include <string>

namespace watchpost::test {
namespace {

constexpr std::uint16_t kFirstPort = 15'000;
constexpr std::uint16_t kLastPort = 31'999;

bool is_unused(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return bound;
}

// The socket stays open on purpose: the kernel frees the name when this process ends.
bool claim(std::uint16_t port) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = "watchpost-test-port-" + std::to_string(port);
  name.copy(address.sun_path + 1, sizeof(address.sun_path) - 1);  // a leading NUL: abstract
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0) return true;
  ::close(fd);
  return false;
}

}  // namespace

std::uint16_t free_port() {
  static std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<std::uint16_t> any(kFirstPort, kLastPort);
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const std::uint16_t port = any(random);
    if (is_unused(port) && claim(port)) return port;
  }
  throw std::runtime_error("no free port on the loopback");
}

}  // namespace watchpost::test
