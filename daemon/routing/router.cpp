#include "routing/router.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/invariant.hpp"
#include "model/event_topic.hpp"

namespace watchpost::routing {

using protocol::RetainedMessages;
using protocol::SessionState;
using protocol::Subscriptions;

// Tells the Router what became of a message, and passes the word on to its sender, who comes first.
class Router::Sink final : public CustodySink {
 public:
  Sink(std::weak_ptr<Router> router, std::shared_ptr<Routed> routed, CustodyTicket sender)
      : router_(std::move(router)), routed_(std::move(routed)), sender_(std::move(sender)) {}
  void settled(TicketNumber, const Result<void>& outcome) override {
    sender_.settle(outcome);
    if (const auto router = router_.lock()) router->settled(routed_, outcome.has_value());
  }

 private:
  std::weak_ptr<Router> router_;
  std::shared_ptr<Routed> routed_;
  CustodyTicket sender_;
};

void Router::submit(Message&& message, std::vector<Fact> facts, CustodyTicket ticket) {
  auto matches = around_.subscriptions.match(message.topic, message.source);
  if (matches.empty() && !message.retain) {
    around_.next.submit(std::move(message), std::move(facts), std::move(ticket));
    return;
  }
  auto routed = std::make_shared<Routed>();
  routed->publication = publication_of(message);
  bool is_retained = false;
  if (message.retain) {
    const auto verdict = around_.retained.weigh(*routed->publication);
    is_retained = verdict == RetainedMessages::Verdict::changes;
    if (verdict == RetainedMessages::Verdict::no_room) {
      around_.subscribers.not_retained(routed->publication->topic);
    }
  }
  if (matches.empty() && !is_retained) {
    around_.next.submit(std::move(message), std::move(facts), std::move(ticket));
    return;
  }
  if (is_retained) {
    routed->retained = around_.retained.begin(routed->publication->topic);
    facts.emplace_back(
        RetainedChange{routed->publication, std::chrono::seconds{message.lifetime_s}});
  }
  find_targets(*routed, std::move(matches), facts);
  if (message.lifetime_s != 0) add_deadlines(facts, read_clock(around_.clock));
  lines_[routed->publication->topic].push_back(routed);
  auto sink = std::make_shared<Sink>(weak_from_this(), std::move(routed), std::move(ticket));
  around_.next.submit(std::move(message), std::move(facts), {std::move(sink), TicketNumber{}});
}

SharedLocalMessage Router::publication_of(const Message& message) const {
  auto publication = std::make_shared<LocalMessage>();
  publication->topic = message.topic.text();
  publication->payload = message.payload;
  publication->qos = message.qos;
  publication->retain = message.retain;
  if (message.properties) publication->properties = *message.properties;
  if (message.lifetime_s != 0) {
    publication->expires_at = around_.clock.steady() + std::chrono::seconds{message.lifetime_s};
  }
  publication->publisher = message.source;
  return publication;
}

void Router::find_targets(Routed& routed, std::vector<Subscriptions::Match> matches,
                          std::vector<Fact>& facts) const {
  const SharedLocalMessage& publication = routed.publication;
  const bool is_event = read_event_topic(publication->topic).has_value();
  for (Subscriptions::Match& match : matches) {
    if (is_event && match.session->reads_log) continue;  // it comes from the log
    Target target{match.session, {publication, {}, false, std::move(match.identifiers)}, 0};
    target.delivery.qos = std::min(publication->qos, match.maximum_qos);
    target.delivery.retain = publication->retain && match.retain_as_published;
    if (target.delivery.qos != Qos::at_most_once) {
      target.number = match.session->outbox_now().next_number();
    }
    if (target.number == 0 || !match.session->is_persistent()) {
      routed.targets.push_back(std::move(target));
      continue;
    }
    facts.emplace_back(QueuedChange{QueuedChange::Kind::added, match.session->client_id,
                                    target.number, target.delivery,
                                    lifetime_of(*publication, around_.clock.steady())});
    routed.stored.push_back(std::move(target));
  }
}

void Router::settled(const std::shared_ptr<Routed>& routed, bool is_kept) {
  routed->is_kept = is_kept;
  const auto stored = std::exchange(routed->stored, {});
  for (const Target& target : stored) {
    if (is_kept) hand_out(target);
  }
  const auto line = lines_.find(routed->publication->topic);
  WATCHPOST_INVARIANT(line != lines_.end());
  // What is handed out may hand over further messages, on any topic: nothing is kept over it.
  while (true) {
    const auto at = lines_.find(routed->publication->topic);
    if (at == lines_.end() || !at->second.front()->is_kept) return;
    const auto first = at->second.front();
    at->second.pop_front();
    if (at->second.empty()) lines_.erase(at);
    if (*first->is_kept) hand_out(*first);
    if (first->retained == 0) continue;
    around_.retained.end(first->retained);
    around_.subscribers.retained_settled();
  }
}

void Router::tell(const SharedLocalMessage& publication) {
  const auto topic = Topic::parse(publication->topic);
  WATCHPOST_INVARIANT(topic.has_value());
  around_.retained.tell(publication);
  for (Subscriptions::Match& match : around_.subscriptions.match(*topic, {})) {
    if (!match.session->connection) continue;
    around_.subscribers.deliver(
        *match.session->connection,
        {publication, Qos::at_most_once, match.retain_as_published, std::move(match.identifiers)});
  }
}

void Router::hand_out(const Routed& routed) {
  if (routed.retained != 0) around_.retained.keep(routed.publication);
  for (const Target& target : routed.targets) hand_out(target);
}

void Router::hand_out(const Target& target) {
  SessionState& session = *target.session;
  if (session.is_over) return;
  if (target.number == 0) {
    if (session.connection) around_.subscribers.deliver(*session.connection, target.delivery);
    return;
  }
  session.outbox_now().add(target.number, target.delivery);
  if (session.connection) around_.subscribers.send_outbox(*session.connection);
}

}  // namespace watchpost::routing
