// PahoSocket: the socket under a Paho client, which Paho names to nobody, to shut it down; and what
// else Paho tells in its trace only.
// Promise: what `remember` noted is the socket of the CONNACK that this thread has read last;
// without one, every connection of ours to that port goes, the right one among them. Used on Paho's
// receiving thread only.
#pragma once

#include <cstdint>
#include <string>

namespace watchpost::client {

class PahoSocket {
 public:
  // Called at least once in the process, before the first connect: Paho prints the number of a
  // socket in its protocol trace only (docs/decisions/0003-paho-facts.md).
  static void listen_to_trace();
  // Called in the callback that tells of a lost connection. True once: the link of this client
  // ended because the server did not answer a ping.
  static bool had_no_ping_answer(const std::string& client_id);

  // Called in the callback that tells the end of a connect.
  void remember(const std::string& client_id);
  // Shuts the socket down: nothing is sent or received on it any more.
  void shut_down(std::uint16_t port) const;

 private:
  int socket_ = -1;
};

}  // namespace watchpost::client
