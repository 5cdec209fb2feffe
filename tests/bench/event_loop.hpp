// EventLoop: one epoll and one thread; sockets report when they are ready. Written without a
// library, so that the cost of the load is not measured.
// Promise: `ready` is called in the loop only. A watched object must outlive the watching.
#pragma once

#include <sys/epoll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace watchpost::bench {

using Steady = std::chrono::steady_clock;

class Watched {
 public:
  Watched() = default;
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
  virtual ~Watched() = default;
  virtual void ready(std::uint32_t events) = 0;
};

class EventLoop {
 public:
  EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  void watch(int descriptor, Watched& watched, std::uint32_t events = EPOLLIN);
  void change(int descriptor, Watched& watched, std::uint32_t events);
  // Runs the loop, and also calls `tick` every `period`, until `tick` returns false.
  void run(Steady::duration period, const std::function<bool()>& tick);

 private:
  int epoll_;
};

// A connected TCP socket with the bytes that were read and the bytes that must still be written.
class Wire {
 public:
  Wire(EventLoop& loop, Watched& owner) : loop_(loop), owner_(owner) {}
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() { close(); }

  // Connects to loopback. False: nobody listens on that port.
  bool connect(std::uint16_t port);
  void adopt(int socket);
  void close();
  [[nodiscard]] bool is_open() const { return socket_ >= 0; }

  // Reads once; false: the other side has closed.
  bool read();
  [[nodiscard]] std::string_view unread() const {
    return std::string_view(in_).substr(begin_, end_ - begin_);
  }
  void consume(std::size_t bytes) { begin_ += bytes; }

  // Bytes that are appended to `out` leave with the next flush.
  std::string out;
  void flush();

 private:
  EventLoop& loop_;
  Watched& owner_;
  int socket_ = -1;
  std::string in_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool waits_to_write_ = false;
};

}  // namespace watchpost::bench
