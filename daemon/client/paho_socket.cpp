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
// The client that Paho gives up last on this thread, since its server did not answer a ping.
thread_local std::string last_unanswered;

// "<time> PINGRESP not received in keepalive interval for client <client id> on socket ..."
// "<time> PINGREQ still outstanding for client <client id> on socket ..."
void read_ping_trace(std::string_view text) {
  constexpr std::string_view kClient = " for client ";
  constexpr std::size_t kLongestTime = 30;
  // In front of it stands the time alone; further behind it may be the payload of a message.
  if (text.substr(0, kLongestTime).find(" PINGRE") == std::string_view::npos) return;
  const auto begin = text.find(kClient);
  const auto end = text.rfind(" on socket ");
  if (begin == std::string_view::npos || end == std::string_view::npos) return;
  const auto id = begin + kClient.size();
  if (id < end) last_unanswered = text.substr(id, end - id);
}

void read_trace(enum MQTTASYNC_TRACE_LEVELS, char* line) {
  // "<time> <socket> <client id> <- CONNACK rc: <code>"
  const std::string_view text = line == nullptr ? "" : line;
  read_ping_trace(text);
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

bool PahoSocket::had_no_ping_answer(const std::string& client_id) {
  const bool had_none = last_unanswered == client_id;
  if (had_none) last_unanswered.clear();
  return had_none;
}

void PahoSocket::remember(const std::string& client_id) {
  socket_ = last_connack.client_id == client_id ? last_connack.socket : -1;
}

void PahoSocket::shut_down(std::uint16_t port) const {
  if (socket_ < 0) return shut_down_port(port);
  ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace watchpost::client
