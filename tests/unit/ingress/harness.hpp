// A Listener on a loopback port, an intake that settles on command, and peers that speak real
// bytes. One thread: until() runs the daemon's io_context and is the only place that waits, with a
// deadline.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ingress/listener.hpp"
#include "protocol/codec.hpp"
#include "support/catch.hpp"

namespace watchpost::ingress::testing {

using protocol::Packet;
using protocol::Version;

class QuietLog final : public Log {
 public:
  void write(LogLevel, std::string_view line) override { lines.emplace_back(line); }
  [[nodiscard]] bool wants(LogLevel) const override { return true; }
  std::vector<std::string> lines;
};

class FakeIntake final : public pipeline::Intake {
 public:
  struct Submission {
    std::optional<Message> message;
    std::vector<SessionChange> changes;
    CustodyTicket ticket;
  };
  void submit(Message message, std::vector<SessionChange> changes, CustodyTicket ticket) override {
    messages.push_back(submissions.size());
    submissions.push_back({std::move(message), std::move(changes), std::move(ticket)});
  }
  void submit(std::vector<SessionChange> changes, CustodyTicket ticket) override {
    submissions.push_back({std::nullopt, std::move(changes), std::move(ticket)});
  }
  [[nodiscard]] bool accepting() const override { return open; }
  void when_accepting(std::function<void()> resume) override { waiting.push_back(resume); }

  void settle_message(std::size_t index, const Result<void>& outcome = {}) {
    auto ticket = std::exchange(submissions.at(messages.at(index)).ticket, {});
    ticket.settle(outcome);
  }
  // Session facts without a message: committed as soon as there is time, like the spool does.
  void settle_facts() {
    for (Submission& submission : submissions) {
      if (submission.message || !submission.ticket.sink) continue;
      const auto ticket = std::exchange(submission.ticket, {});
      ticket.settle({});
      return;  // settling may submit more
    }
  }
  void accept_again() {
    open = true;
    for (const auto& resume : std::exchange(waiting, {})) resume();
  }
  [[nodiscard]] const Message& message(std::size_t index) const {
    return *submissions.at(messages.at(index)).message;
  }

  bool open = true;
  std::vector<Submission> submissions;
  std::vector<std::size_t> messages;  // which of them have one
  std::vector<std::function<void()>> waiting;
};

struct Harness {
  explicit Harness(ListenerOptions options = {}, ListenerLimits limits = quick()) {
    options.port = 0;
    listener.emplace(Listener::Surroundings{context, intake, clock, log}, limits);
    std::vector<ListenerOptions> addresses{std::move(options)};
    REQUIRE(listener->start(std::move(addresses), {}).has_value());
  }
  static ListenerLimits quick() {
    ListenerLimits limits;
    limits.tick = std::chrono::milliseconds(10);
    limits.linger = std::chrono::milliseconds(200);
    return limits;
  }
  [[nodiscard]] std::uint16_t port() const { return listener->status().addresses.at(0).port; }

  // Runs the daemon until it is so; false after five seconds.
  bool until(const std::function<bool()>& is_so) {
    const auto over = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > over) return false;
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
      intake.settle_facts();
    }
    return true;
  }
  bool until_messages(std::size_t count) {
    return until([&] { return intake.messages.size() >= count; });
  }
  // Everything that is ready has been done, and a few ticks have passed.
  void settle_down() {
    const auto over = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    until([&] { return std::chrono::steady_clock::now() > over; });
  }

  boost::asio::io_context context;
  FakeIntake intake;
  SystemClock clock;
  QuietLog log;
  std::optional<Listener> listener;
};

}  // namespace watchpost::ingress::testing
