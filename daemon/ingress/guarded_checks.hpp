// GuardedChecks: password checks behind the brake for those who guess.
// Promise: each login is answered at most once. One that has to wait takes no place in the queue of
// checks meanwhile; at most kMostWaiting wait, holding at most the bytes that password checks may
// hold, and more are turned away at once. Never longer than accounts::GuessBrake::kLongestWait.
// I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "accounts/credentials.hpp"
#include "accounts/guess_brake.hpp"
#include "base/clock.hpp"
#include "ingress/listener_options.hpp"
#include "ingress/password_checks.hpp"
#include "model/trouble.hpp"

namespace watchpost::ingress {

class GuardedChecks : public std::enable_shared_from_this<GuardedChecks> {
 public:
  static constexpr std::size_t kMostWaiting = 1'000;

  struct Login {
    std::string address;
    std::string user;
    std::string password;
    std::shared_ptr<const accounts::Credentials> credentials;
    std::weak_ptr<const void> asker;
    ByteCount held;
  };
  enum class Outcome : std::uint8_t {
    right,
    wrong,
    busy,    // no further check may wait
    slowed,  // too many wrong passwords came from there just now
  };
  using Answer = std::function<void(Outcome)>;

  GuardedChecks(boost::asio::any_io_executor io, const Clock& clock, PasswordCheckLimits limits);

  void check(Login login, Answer answer);
  void stop() { checks_.stop(); }
  [[nodiscard]] std::vector<Trouble> troubles(SteadyTime now) const;

 private:
  struct Asked {
    Login login;
    Answer answer;
    bool has_waited = false;
  };
  // True: it is not to be checked now; it was answered, or comes back.
  [[nodiscard]] bool is_held_back(const std::shared_ptr<Asked>& asked);
  void begin(const std::shared_ptr<Asked>& asked);
  void finished(Asked& asked, bool is_right);
  [[nodiscard]] static accounts::LoginAttempt attempt_of(const Login& login) {
    return {login.address, login.user, login.password};
  }

  boost::asio::any_io_executor io_;
  const Clock& clock_;
  PasswordCheckLimits limits_;
  PasswordChecks checks_;
  accounts::GuessBrake brake_;
  std::size_t waiting_ = 0;
  ByteCount held_;
};

}  // namespace watchpost::ingress
