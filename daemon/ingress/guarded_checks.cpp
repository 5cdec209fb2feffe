#include "ingress/guarded_checks.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <random>
#include <utility>

#include "ingress/complaints.hpp"

namespace watchpost::ingress {
namespace {

std::uint64_t secret_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

GuardedChecks::GuardedChecks(boost::asio::any_io_executor io, const Clock& clock,
                             PasswordCheckLimits limits)
    : io_(std::move(io)),
      clock_(clock),
      limits_(limits),
      checks_(io_, limits),
      brake_(secret_number()) {}

void GuardedChecks::check(Login login, Answer answer) {
  const auto asked = std::make_shared<Asked>(Asked{std::move(login), std::move(answer), false});
  if (!is_held_back(asked)) begin(asked);
}

bool GuardedChecks::is_held_back(const std::shared_ptr<Asked>& asked) {
  if (asked->has_waited) return false;
  const auto wait = brake_.wait(attempt_of(asked->login), clock_.steady());
  if (wait && wait->count() == 0) return false;
  const ByteCount held(held_.value + asked->login.held.value);
  if (!wait || waiting_ >= kMostWaiting || held > limits_.most_held) {
    asked->answer(Outcome::slowed);
    return true;
  }
  ++waiting_;
  held_ = held;
  asked->has_waited = true;
  const auto timer = std::make_shared<boost::asio::steady_timer>(
      io_, std::chrono::duration_cast<std::chrono::steady_clock::duration>(*wait));
  timer->async_wait([timer, asked, weak = weak_from_this()](const boost::system::error_code&) {
    const auto self = weak.lock();
    if (!self) return;
    --self->waiting_;
    self->held_.value -= asked->login.held.value;
    self->begin(asked);
  });
  return true;
}

void GuardedChecks::begin(const std::shared_ptr<Asked>& asked) {
  PasswordChecks::Request request;
  request.asker = asked->login.asker;
  request.held = asked->login.held;
  request.check = [asked] {
    return asked->login.credentials->verify({asked->login.user, asked->login.password});
  };
  request.answer = [asked, weak = weak_from_this()](bool is_right) {
    if (const auto self = weak.lock()) self->finished(*asked, is_right);
  };
  // While it stood in the queue, others of the same address may have been wrong.
  request.is_held_back = [asked, weak = weak_from_this()] {
    const auto self = weak.lock();
    return !self || self->is_held_back(asked);
  };
  if (!checks_.ask(std::move(request))) asked->answer(Outcome::busy);
}

void GuardedChecks::finished(Asked& asked, bool is_right) {
  const auto attempt = attempt_of(asked.login);
  if (is_right) {
    brake_.was_right(attempt);
  } else {
    brake_.was_wrong(attempt, clock_.steady());
  }
  asked.answer(is_right ? Outcome::right : Outcome::wrong);
}

std::vector<Trouble> GuardedChecks::troubles(SteadyTime now) const {
  std::vector<Trouble> all;
  const auto shown = [](const std::string& text) {
    return text.empty() ? std::string("*") : printable(text);
  };
  for (const auto& one : brake_.guessers(now)) {
    all.push_back(trouble<TroubleCode::passwords_guessed>(arg<"address">(shown(one.address)),
                                                          arg<"user">(shown(one.user)),
                                                          arg<"times">(one.guesses)));
  }
  return all;
}

}  // namespace watchpost::ingress
