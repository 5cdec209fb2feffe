// Stage: what a listener under test runs in: an intake that settles on command, a clock and a log.
// One thread: until() runs the daemon's io_context and is the only function that waits; its waits
// have a deadline.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

#include "ingress/surroundings.hpp"
#include "support/fake_intake.hpp"
#include "support/fake_queues.hpp"
#include "support/recording_log.hpp"

namespace watchpost::ingress::testing {

struct Stage {
  [[nodiscard]] Surroundings around() { return {context.get_executor(), intake, clock, log}; }

  // Runs the daemon until `is_so` holds; false when it did not within five seconds.
  bool until(const std::function<bool()>& is_so) {
    const auto over = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > over) return false;
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
      intake.settle_facts();
      look_at_queues();
    }
    return true;
  }
  bool until_messages(std::size_t count) {
    return until([&] { return intake.messages.size() >= count; });
  }
  // Runs everything that is ready, and a few ticks.
  void settle_down() {
    const auto over = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    until([&] { return std::chrono::steady_clock::now() > over; });
  }

  // What was handed over counts as committed, and is read again when somebody asks.
  void look_at_queues() {
    for (; looked_at < intake.submissions.size(); ++looked_at) {
      for (const Fact& fact : intake.submissions[looked_at].facts) {
        if (const auto* queued = std::get_if<QueuedChange>(&fact)) queues.write(*queued);
      }
    }
    while (!queues.questions.empty()) queues.answer_next();
  }

  boost::asio::io_context context;
  support::FakeIntake intake;
  support::FakeQueues queues;
  std::size_t looked_at = 0;  // submissions
  SystemClock clock;
  support::RecordingLog log;
};

}  // namespace watchpost::ingress::testing
