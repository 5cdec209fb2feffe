// Turns: work that may take milliseconds, one piece at a time, between which all else goes on.
// Why: making the keys of one TLS handshake takes 1 to 30 ms on a small board. If a hundred clients
// come at once, an alarm must not wait for all of them, but for one.
// Promise: each piece runs once, in the order of asking, never from inside `ask`; between two
// pieces everything runs that was ready. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <memory>
#include <utility>

#include "net/once.hpp"

namespace watchpost::net {

class Turns : public std::enable_shared_from_this<Turns> {
 public:
  explicit Turns(boost::asio::any_io_executor io) : io_(std::move(io)) {}

  void ask(Once<> piece) {
    waiting_.push_back(std::move(piece));
    if (waiting_.size() == 1) post_next();
  }

 private:
  void post_next() {
    boost::asio::post(io_, [self = shared_from_this()] {
      self->waiting_.front()();
      self->waiting_.pop_front();
      if (!self->waiting_.empty()) self->post_next();
    });
  }

  boost::asio::any_io_executor io_;
  std::deque<Once<>> waiting_;  // as many as the acceptor's clients at most
};

}  // namespace watchpost::net
