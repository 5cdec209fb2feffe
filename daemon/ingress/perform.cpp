#include <iterator>
#include <utility>
#include <variant>
#include <vector>

#include "base/invariant.hpp"
#include "ingress/connection.hpp"

namespace watchpost::ingress {

// The one place that knows every kind of action; an action that is missing here does not compile.
class ActionPerformer {
 public:
  ActionPerformer(Connections& all, Connection* by) : all_(all), by_(by) {}

  void operator()(const protocol::Send& send) {
    ++all_.totals().packets_sent;
    asker().send(send.bytes);
  }
  void operator()(protocol::Authenticate& question) {
    asker().authenticate(std::move(question.claim));
  }
  void operator()(protocol::HandOver& hand_over) {
    if (hand_over.ticket != TicketNumber{}) {
      ++all_.totals().messages;
      asker().guest_.handed_over(size_of(hand_over.message));
    }
    all_.intake().submit(std::move(hand_over.message), facts_of(hand_over.changes),
                         ticket(hand_over.ticket));
  }
  void operator()(protocol::Commit& commit) {
    if (!commit.changes.empty()) all_.commit_what_waits();
    std::vector<Fact> facts = facts_of(commit.changes);
    facts.insert(facts.end(), std::make_move_iterator(commit.facts.begin()),
                 std::make_move_iterator(commit.facts.end()));
    all_.intake().submit(std::move(facts), ticket(commit.ticket));
  }
  void operator()(protocol::CommitLater& later) { all_.commit_later(std::move(later.fact)); }
  void operator()(const protocol::ReadQueue& asked) { all_.read_queue(asked); }
  void operator()(const protocol::LogAnswered& answer) { all_.log_answered(answer); }
  void operator()(const protocol::AwaitRetained& until) {
    all_.await_retained({until.number, asker().id_});
  }
  void operator()(const protocol::Deliver& message) {
    ++all_.totals().packets_sent;
    ++all_.totals().messages_sent;
    asker().send_message(message.bytes);
  }
  void operator()(protocol::CommitEnd& end) { all_.commit_end(std::move(end.client_id)); }
  void operator()(const protocol::TakeOver& other) { all_.take_over(other.connection); }
  void operator()(const protocol::Wake& other) { all_.wake(other.connection); }
  void operator()(const protocol::Deny& deny) { asker().report().denied(deny); }
  void operator()(const protocol::DenyFilter& deny) { asker().report().denied(deny); }
  void operator()(const protocol::DenyWill& deny) { all_.deny_will(deny); }
  void operator()(const protocol::Close& close) { asker().close(close); }

 private:
  [[nodiscard]] static std::vector<Fact> facts_of(std::vector<SessionChange>& changes) {
    return {std::make_move_iterator(changes.begin()), std::make_move_iterator(changes.end())};
  }
  [[nodiscard]] Connection& asker() const {
    WATCHPOST_INVARIANT(by_ != nullptr);
    return *by_;
  }
  [[nodiscard]] CustodyTicket ticket(TicketNumber number) const {
    if (number == TicketNumber{}) return {};
    return {asker().shared_from_this(), number};
  }

  Connections& all_;
  Connection* by_;
};

void perform(protocol::Actions& actions, Connections& all, Connection* by) {
  ActionPerformer performer(all, by);
  for (protocol::Action& action : actions) std::visit(performer, action);
}

}  // namespace watchpost::ingress
