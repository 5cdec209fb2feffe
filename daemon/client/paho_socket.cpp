#include "client/paho_socket.hpp"

#include <MQTTAsync.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <string_view>

namespace watchpost::client {
namespace {

// The socket of the last CONNACK that this thread, Paho's receiving one, has read. Paho names it in
// its protocol trace only, which goes through one callback for the process, on the thread that
// reads.
struct Connack {
  std::string client_id;
  int socket = -1;
};
thread_local Connack last_connack;

void read_trace(enum MQTTASYNC_TRACE_LEVELS, char* line) {
  // "<time> <socket> <client id> <- CONNACK rc: <code>"
  const std::string_view text = line == nullptr ? "" : line;
  const auto arrow = text.find(" <- CONNACK rc: ");
  if (arrow == std::string_view::npos) return;
  const auto before_id = text.rfind(' ', arrow - 1);
  const auto before_socket =
      before_id == std::string_view::npos ? before_id : text.rfind(' ', before_id - 1);
  if (before_socket == std::string_view::npos) return;
  last_connack.client_id = text.substr(before_id + 1, arrow - before_id - 1);
  last_connack.socket = -1;
  std::from_chars(text.data() + before_socket + 1, text.data() + before_id, last_connack.socket);
}

// Used where Paho's trace is not as we know it: shuts down every connection of ours to that port,
// the right one among them. The other links only connect again.
void shut_down_port(std::uint16_t port) {
  const long limit = ::sysconf(_SC_OPEN_MAX);
  for (int fd = 0; fd < limit; ++fd) {
    sockaddr_storage peer{};
    socklen_t length = sizeof(peer);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) != 0) continue;
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&peer);
    const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&peer);
    const bool same = (peer.ss_family == AF_INET && ntohs(v4->sin_port) == port) ||
                      (peer.ss_family == AF_INET6 && ntohs(v6->sin6_port) == port);
    if (same) ::shutdown(fd, SHUT_RDWR);
  }
}

}  // namespace

void PahoSocket::listen_to_trace() {
  MQTTAsync_setTraceCallback(&read_trace);
  MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_PROTOCOL);
}

void PahoSocket::remember(const std::string& client_id) {
  socket_ = last_connack.client_id == client_id ? last_connack.socket : -1;
}

void PahoSocket::shut_down(std::uint16_t port) const {
  if (socket_ < 0) return shut_down_port(port);
  ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace watchpost::client
