#include "ingress/attached_link.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "ingress/connection.hpp"
#include "model/trouble_catalogue.hpp"
#include "protocol/property.hpp"

namespace watchpost::ingress {
namespace {

using client::LinkEnd;
using client::LinkTerms;
using protocol::ReasonCode;

// What of the session's subscriptions takes a topic, at the highest QoS; shared ones take turns and
// have no cursor.
struct Taking {
  Qos qos = Qos::at_most_once;
  std::vector<std::uint32_t> identifiers{};
};
Taking taking(const protocol::SessionState& session, std::string_view topic) {
  Taking all;
  for (const auto& [text, terms] : session.subscriptions) {
    const auto filter = protocol::SubscriptionFilter::parse(text);
    if (!filter || !filter->group.empty() || !filter->filter.matches(topic)) continue;
    all.qos = std::max(all.qos, terms.maximum_qos);
    if (terms.identifier != 0) all.identifiers.push_back(terms.identifier);
  }
  return all;
}

bool subscribes_with_answers(const protocol::SessionState& session) {
  return std::any_of(session.subscriptions.begin(), session.subscriptions.end(),
                     [](const auto& one) { return one.second.maximum_qos != Qos::at_most_once; });
}

SharedLocalMessage local_message_of(client::Publication&& publication) {
  auto message = std::make_shared<LocalMessage>();
  message->topic = std::move(publication.topic);
  message->payload = std::move(publication.payload);
  message->qos = Qos::at_least_once;
  protocol::Properties properties;
  if (!publication.content_type.empty()) {
    properties.add(protocol::PropertyId::content_type, publication.content_type);
  }
  if (!publication.content_encoding.empty()) {
    properties.add_user({"content-encoding", publication.content_encoding});
  }
  if (!properties.empty()) protocol::write_properties(message->properties, properties);
  return message;
}

}  // namespace

AttachedLink::AttachedLink(const std::shared_ptr<Connections>& all, AttachedClient client)
    : all_(all),
      io_(all->around().io),
      client_(std::move(client)),
      self_(std::make_shared<AttachedLink*>(this)) {
  all->attach(*this);
}

AttachedLink::~AttachedLink() {
  if (const auto all = all_.lock()) all->detach(*this);
}

protocol::SessionState* AttachedLink::session() const {
  const auto all = all_.lock();
  return all && !all->is_detached() ? all->registry().find(client_.client_id) : nullptr;
}

std::optional<Trouble> AttachedLink::missing() const {
  using Code = TroubleCode;
  const auto all = all_.lock();
  const protocol::SessionState* state = session();
  if (state == nullptr || !state->connection || !all->open().contains(*state->connection)) {
    return trouble<Code::attached_away>(arg<"client">(client_.client_id));
  }
  const protocol::Identity* identity = all->open().at(*state->connection)->session().identity();
  if (!client_.user.empty() && (identity == nullptr || identity->user != client_.user)) {
    return trouble<Code::attached_as_other>(arg<"client">(client_.client_id),
                                            arg<"user">(client_.user));
  }
  if (!subscribes_with_answers(*state)) {
    return trouble<Code::attached_deaf>(arg<"client">(client_.client_id));
  }
  return std::nullopt;
}

void AttachedLink::tell_soon(std::function<void(client::LinkObserver&)> tell) {
  boost::asio::post(io_, [weak = std::weak_ptr<AttachedLink*>(self_), tell = std::move(tell)] {
    const auto self = weak.lock();
    if (self && (*self)->observer_ != nullptr) tell(*(*self)->observer_);
  });
}

void AttachedLink::connect(const client::Will& /*will*/) {
  if (auto trouble = missing()) {
    LinkEnd end{LinkEnd::How::unreached, 0,
                failure_of(Failure::Kind::unavailable, std::move(*trouble))};
    tell_soon([end](client::LinkObserver& observer) { observer.link_lost(end); });
    return;
  }
  connection_ = session()->connection;
  LinkTerms terms;
  terms.session_present = true;
  terms.receive_maximum = session()->receive_maximum;
  tell_soon([terms](client::LinkObserver& observer) { observer.connected(terms); });
}

void AttachedLink::look() {
  if (!connection_) return;
  auto trouble = missing();
  // On another connection the session may be a new one, in which nothing waits for an answer.
  if (!trouble && session()->connection == connection_) return;
  if (!trouble)
    trouble = watchpost::trouble<TroubleCode::attached_away>(arg<"client">(client_.client_id));
  end();
  LinkEnd ended{LinkEnd::How::ended, 0,
                failure_of(Failure::Kind::unavailable, std::move(*trouble))};
  tell_soon([ended](client::LinkObserver& observer) { observer.link_lost(ended); });
}

void AttachedLink::publish(client::Publication publication) {
  protocol::SessionState* state = session();
  const auto token = publication.token;
  const Taking wanted = state != nullptr ? taking(*state, publication.topic) : Taking{};
  if (wanted.qos == Qos::at_most_once) {
    answer_soon({token, ReasonCode::no_matching_subscribers});
    return;
  }
  Delivery delivery{local_message_of(std::move(publication)), Qos::at_least_once, false,
                    wanted.identifiers, true};
  hand_over(*state, std::move(delivery), token);
}

void AttachedLink::hand_over(protocol::SessionState& session, Delivery delivery,
                             client::PublishToken token) {
  protocol::Outbox& outbox = session.outbox_now();
  const std::uint64_t number = outbox.next_number();
  outbox.add(number, std::move(delivery));
  unanswered_.emplace(number, token);
  // Soon, because the client's acknowledgement may be what brought this about; once for all that
  // are handed over until then.
  if (std::exchange(sends_soon_, true)) return;
  tell_soon([this](client::LinkObserver&) {
    sends_soon_ = false;
    const auto connections = all_.lock();
    const protocol::SessionState* state = this->session();
    if (state != nullptr && state->connection) connections->send_outbox(*state->connection);
  });
}

void AttachedLink::answered(const protocol::LogAnswered& answer) {
  const auto found = unanswered_.find(answer.number);
  if (found == unanswered_.end()) return;
  const auto token = found->second;
  unanswered_.erase(found);
  answer_soon({token, answer.code});
}

void AttachedLink::answer_soon(Answer answer) {
  answers_.push_back(answer);
  if (answers_.size() > 1) return;
  tell_soon([this, weak = std::weak_ptr<AttachedLink*>(self_)](client::LinkObserver& observer) {
    for (const Answer& each : std::exchange(answers_, {})) {
      // The link may end by what an answer brings about.
      if (!weak.expired()) observer.acknowledged(each.token, each.code);
    }
  });
}

void AttachedLink::subscribe(const std::vector<std::string>& topics) {
  tell_soon([codes = std::vector(topics.size(), ReasonCode::not_authorized)](
                client::LinkObserver& observer) { observer.subscribed(codes); });
}

void AttachedLink::disconnect(std::chrono::milliseconds /*wait*/) {
  end();
  tell_soon([](client::LinkObserver& observer) { observer.disconnected(); });
}

void AttachedLink::drop() {
  end();
}

// Nothing that is on its way to the observer is about the next link.
void AttachedLink::end() {
  connection_.reset();
  unanswered_.clear();
  answers_.clear();
  sends_soon_ = false;
  self_ = std::make_shared<AttachedLink*>(this);
  protocol::SessionState* state = session();
  if (state != nullptr && state->outbox) state->outbox->withdraw_from_log();
}

}  // namespace watchpost::ingress
