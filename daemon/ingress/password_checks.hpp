// PasswordChecks: checks that take long, such as comparing a password, on threads of their own.
// Promise: the I/O thread never waits for a check. At most `at_once` run and at most `most_waiting`
// checks, holding at most `most_held` bytes, wait; more are refused. Checks begin in the order in
// which they were asked for; one whose asker has gone by then is left out.
// I/O thread, except for the checks themselves. The destructor waits for the checks that run.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/call_thread.hpp"
#include "base/strong.hpp"
#include "ingress/listener_options.hpp"

namespace watchpost::ingress {

class PasswordChecks {
 public:
  struct Request {
    std::function<bool()> check;  // runs on another thread: owns all that it uses
    std::function<void(bool)> answer;
    std::weak_ptr<const void> asker;
    // Asked when its turn has come. True: it is left out. May be empty.
    std::function<bool()> is_held_back{};
    ByteCount held;  // memory that the request holds while it waits
  };

  PasswordChecks(boost::asio::any_io_executor io, PasswordCheckLimits limits);
  PasswordChecks(const PasswordChecks&) = delete;
  PasswordChecks& operator=(const PasswordChecks&) = delete;
  ~PasswordChecks();
  // Waits for the checks that run. Requests that wait are never answered, and no more are taken.
  void stop();

  // False: there is no room, and the request is forgotten.
  [[nodiscard]] bool ask(Request request);
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  class Worker;
  void begin_next();
  void finished(Worker& worker, bool is_right);

  boost::asio::any_io_executor io_;
  PasswordCheckLimits limits_;
  std::deque<Request> waiting_;
  ByteCount held_;
  std::vector<std::unique_ptr<Worker>> workers_;
  bool stopped_ = false;
  // An outcome that is posted after the PasswordChecks are gone finds it expired.
  std::shared_ptr<PasswordChecks*> alive_;
};

}  // namespace watchpost::ingress
