// CallThread: one thread that runs calls in the order they were posted, for a library whose calls
// may block (Paho holds one lock for all clients while a callback runs). Promise: `post` never
// waits for a running call; the destructor runs what was posted and then joins. `post` from any
// thread; the calls run on the thread of this object. The queue is as long as its owner lets it be:
// each owner states its bound.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace watchpost {

class CallThread {
 public:
  using Call = std::function<void()>;

  CallThread() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

  void post(Call call) {
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(std::move(call));
      if (calls_.size() > 1) return;  // a wake-up is already under way
    }
    posted_.notify_one();
  }

 private:
  void run(const std::stop_token& stop) {
    std::vector<Call> taken;
    while (true) {
      {
        std::unique_lock lock(mutex_);
        posted_.wait(lock, stop, [this] { return !calls_.empty(); });
        if (calls_.empty()) return;
        taken.swap(calls_);
      }
      for (auto& call : taken) call();
      taken.clear();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any posted_;
  std::vector<Call> calls_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace watchpost
