// FakeIntake: an Intake without a pipeline behind it. A submission is kept until the test settles
// it, or goes to `when_submitted` where the test sets that.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/intake.hpp"

namespace watchpost::support {

class FakeIntake final : public pipeline::Intake {
 public:
  struct Submission {
    std::optional<Message> message;
    std::vector<SessionChange> changes;  // those of sessions among `facts`
    std::vector<Fact> facts;
    CustodyTicket ticket;
  };
  void submit(Message&& message, std::vector<Fact> facts, CustodyTicket ticket) override {
    if (when_submitted) return when_submitted(std::move(message), std::move(ticket));
    messages.push_back(submissions.size());
    submissions.push_back({std::move(message), changes_in(facts), facts, std::move(ticket)});
  }
  void submit(std::vector<Fact> facts, CustodyTicket ticket) override {
    if (when_submitted) return;
    submissions.push_back({std::nullopt, changes_in(facts), facts, std::move(ticket)});
  }
  [[nodiscard]] bool accepting() const override { return open; }
  void when_accepting(std::function<void()> resume) override { waiting.push_back(resume); }

  void settle_message(std::size_t index, const Result<void>& outcome = {}) {
    auto ticket = std::exchange(submissions.at(messages.at(index)).ticket, {});
    ticket.settle(outcome);
  }
  // Settles session facts that came without a message. A real spool commits them as soon as it has
  // time.
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

  [[nodiscard]] static std::vector<SessionChange> changes_in(const std::vector<Fact>& facts) {
    std::vector<SessionChange> changes;
    for (const Fact& fact : facts) {
      if (const auto* change = std::get_if<SessionChange>(&fact)) changes.push_back(*change);
    }
    return changes;
  }

  bool open = true;  // what accepting() answers
  std::function<void(Message, CustodyTicket)> when_submitted;
  std::vector<Submission> submissions;
  std::vector<std::size_t> messages;  // places in `submissions` that have a message
  std::vector<std::function<void()>> waiting;
};

}  // namespace watchpost::support
