#include "ingress/password_checks.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace watchpost::ingress {

class PasswordChecks::Worker {
 public:
  [[nodiscard]] bool is_idle() const { return answer_ == nullptr; }

  void begin(Request request, const boost::asio::any_io_executor& io,
             const std::weak_ptr<PasswordChecks*>& all) {
    answer_ = std::move(request.answer);
    thread_.post([this, io, all, check = std::move(request.check)] {
      const bool is_right = check();
      boost::asio::post(io, [this, all, is_right] {
        if (const auto owner = all.lock()) (*owner)->finished(*this, is_right);
      });
    });
  }
  [[nodiscard]] std::function<void(bool)> take_answer() { return std::exchange(answer_, nullptr); }

 private:
  std::function<void(bool)> answer_;  // of the check that runs
  CallThread thread_;
};

PasswordChecks::PasswordChecks(boost::asio::any_io_executor io, PasswordCheckLimits limits)
    : io_(std::move(io)), limits_(limits), alive_(std::make_shared<PasswordChecks*>(this)) {}

PasswordChecks::~PasswordChecks() = default;

void PasswordChecks::stop() {
  stopped_ = true;
  waiting_.clear();
  workers_.clear();
  alive_.reset();
}

bool PasswordChecks::ask(Request request) {
  const ByteCount held(held_.value + request.held.value);
  if (stopped_ || waiting_.size() >= limits_.most_waiting || held > limits_.most_held) return false;
  held_ = held;
  waiting_.push_back(std::move(request));
  begin_next();
  return true;
}

void PasswordChecks::begin_next() {
  while (!waiting_.empty()) {
    if (waiting_.front().asker.expired()) {
      held_.value -= waiting_.front().held.value;
      waiting_.pop_front();
      continue;
    }
    Worker* idle = nullptr;
    for (const auto& worker : workers_) {
      if (worker->is_idle()) idle = worker.get();
    }
    if (idle == nullptr && workers_.size() < limits_.at_once) {
      idle = workers_.emplace_back(std::make_unique<Worker>()).get();
    }
    if (idle == nullptr) return;
    Request request = std::move(waiting_.front());
    waiting_.pop_front();
    held_.value -= request.held.value;
    if (request.is_held_back && request.is_held_back()) continue;
    idle->begin(std::move(request), io_, alive_);
  }
}

void PasswordChecks::finished(Worker& worker, bool is_right) {
  const auto answer = worker.take_answer();
  begin_next();
  answer(is_right);
}

}  // namespace watchpost::ingress
