// Receiver: the upstream's broker in as few instructions as possible, so that the broker is not
// measured. It accepts connections, acknowledges all PUBLISHes of one read with one write, and
// looks for the mark of each message, also where several stand in one payload.
// Promise: every marked message is in the ledger with the moment when its bytes were read. The
// receiver listens from `open` on; before that the system refuses connections. The loop's thread.
#pragma once

#include <memory>
#include <vector>

#include "event_loop.hpp"
#include "ledger.hpp"

namespace watchpost::bench {

struct Received {
  std::uint64_t publishes = 0;
  std::uint64_t publish_bytes = 0;  // bytes of whole frames
  std::uint64_t events = 0;         // marks, with repeats
  Steady::time_point opened{};
  Steady::time_point connected{};  // time of the first CONNECT
  Steady::time_point first_event{};
};

class Receiver final : public Watched {
 public:
  Receiver(EventLoop& loop, Ledger& ledger);
  ~Receiver() override;

  bool open(std::uint16_t port);
  [[nodiscard]] const Received& received() const { return received_; }
  void ready(std::uint32_t events) override;

 private:
  class Link;
  EventLoop& loop_;
  Ledger& ledger_;
  int socket_ = -1;
  std::vector<std::unique_ptr<Link>> links_;
  Received received_;
};

}  // namespace watchpost::bench
