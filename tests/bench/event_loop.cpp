#include "event_loop.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace watchpost::bench {
namespace {

constexpr std::size_t kReadBytes = 256U << 10U;

class Ticks final : public Watched {
 public:
  Ticks(Steady::duration period, const std::function<bool()>& tick)
      : timer_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)), tick_(tick) {
    const auto ns = std::chrono::nanoseconds(period).count();
    const timespec every{ns / 1'000'000'000, ns % 1'000'000'000};
    const itimerspec plan{every, every};
    timerfd_settime(timer_, 0, &plan, nullptr);
  }
  ~Ticks() override { ::close(timer_); }
  void ready(std::uint32_t) override {
    std::uint64_t passed = 0;
    if (::read(timer_, &passed, sizeof passed) > 0) goes_on_ = tick_();
  }
  [[nodiscard]] int descriptor() const { return timer_; }
  [[nodiscard]] bool goes_on() const { return goes_on_; }

 private:
  int timer_;
  const std::function<bool()>& tick_;
  bool goes_on_ = true;
};

}  // namespace

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

EventLoop::~EventLoop() {
  ::close(epoll_);
}

void EventLoop::watch(int descriptor, Watched& watched, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watched;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void EventLoop::change(int descriptor, Watched& watched, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watched;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void EventLoop::run(Steady::duration period, const std::function<bool()>& tick) {
  Ticks ticks(period, tick);
  watch(ticks.descriptor(), ticks);
  std::array<epoll_event, 64> events{};
  while (ticks.goes_on()) {
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      static_cast<Watched*>(event.data.ptr)->ready(event.events);
    }
  }
}

bool Wire::connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket);
    return false;
  }
  adopt(socket);
  return true;
}

void Wire::adopt(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  socket_ = socket;
  loop_.watch(socket_, owner_);
}

void Wire::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool Wire::read() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (begin_ > 0) {
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (in_.size() < end_ + kReadBytes) in_.resize(end_ + kReadBytes);
  const auto count = ::recv(socket_, in_.data() + end_, in_.size() - end_, MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EINTR;
  end_ += static_cast<std::size_t>(count);
  return count > 0;
}

void Wire::flush() {
  if (socket_ < 0 || out.empty()) return;
  const auto count = ::send(socket_, out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count > 0) out.erase(0, static_cast<std::size_t>(count));
  const bool waits = !out.empty();
  if (waits == waits_to_write_) return;
  waits_to_write_ = waits;
  loop_.change(socket_, owner_, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

}  // namespace watchpost::bench
