// The part of Session for CONNECT: who the client is, what is agreed, what is refused.
#include <utility>

#include "base/invariant.hpp"
#include "protocol/connect_terms.hpp"
#include "protocol/fitting.hpp"
#include "protocol/session.hpp"

namespace watchpost::protocol {

void Session::take_connect(const Frame& frame, SteadyTime now, Actions& actions) {
  if (frame.type != PacketType::connect || frame.flags != 0) {
    Close close = breach(ReasonCode::protocol_error, "the first packet is not CONNECT");
    close.stranger = stranger_in(frame);
    end(std::move(close), now, actions);
    return;
  }
  const auto connect = decode_connect(frame);
  if (!connect) {
    const Malformed& wrong = connect.error();
    const bool answerable =
        wrong.version == Version::v5 ||
        (wrong.version && wrong.code == ReasonCode::unsupported_protocol_version);
    // 3.1.1 cannot name what was malformed; a 3.1.1 connection is closed without a word.
    if (!answerable) {
      malformed(wrong, now, actions);
      return;
    }
    agreement_.version = *wrong.version;
    refuse(wrong.code, std::string(wrong.what), actions);
    std::get<Close>(actions.back()).malformed = true;
    return;
  }
  agreement_ = agreement_on(*connect, around_.options, std::string(connect->client_id));
  if (const auto code = objection_to(*connect, around_.options)) {
    refuse(*code, std::string(refusal_text(*code)), actions);
    return;
  }
  phase_ = Phase::authenticating;
  connect_ = frame.body;
  actions.push_back(question_about(*connect, agreement_.client_id, ByteCount(connect_.size())));
}

void Session::authenticated(const Finding& finding, SteadyTime now, Actions& actions) {
  if (phase_ != Phase::authenticating) return;  // the connection was closed meanwhile
  const std::string body = std::exchange(connect_, {});
  if (const auto* refusal = std::get_if<Refusal>(&finding)) {
    const auto code = reason_of(*refusal);
    refuse(code, std::string(refusal_text(code)), actions);
    std::get<Close>(actions.back()).refusal = *refusal;
    return;
  }
  if (agreement_.client_id.empty()) agreement_.client_id = around_.registry.new_client_id();
  Identity identity = std::get<Identity>(finding);
  identity.client_id = agreement_.client_id;
  rights_ = std::make_shared<const ClientRights>(around_.authoriser, std::move(identity));
  const auto connect = decode_connect(Frame{PacketType::connect, 0, body});
  WATCHPOST_INVARIANT(connect.has_value());  // it was decoded before
  admit(*connect, now, actions);
}

void Session::admit(const Connect& connect, SteadyTime now, Actions& actions) {
  if (is_of_another_user(around_.registry.find(agreement_.client_id), rights_->identity())) {
    refuse(ReasonCode::not_authorized, "another user is connected under this client id", actions);
    return;
  }
  const auto will = will_of(connect, agreement_.client_id);
  if (will && !rights_->cover(will->message.topic)) {
    const std::string& topic = will->message.topic.text();
    actions.push_back(Deny{topic, rights_->decided_by(Wish::publish, topic)});
    refuse(ReasonCode::not_authorized, "it may not publish its will on this topic", actions);
    return;
  }
  open(connect, now, actions);
}

void Session::open(const Connect& connect, SteadyTime now, Actions& actions) {
  const SessionOptions& options = around_.options;
  if (greeting(connect, options, agreement_, SessionPresent::no).empty()) {
    phase_ = Phase::closed;
    actions.push_back(breach(ReasonCode::packet_too_large,
                             "the client's Maximum Packet Size leaves no room for CONNACK"));
    return;
  }
  auto request = request_of(connect, options, agreement_.client_id);
  request.connection = connection_;
  auto opened_session = around_.registry.open(std::move(request), now, actions);
  if (!opened_session) {
    refuse(ReasonCode::quota_exceeded, std::string(refusal_text(ReasonCode::quota_exceeded)),
           actions);
    return;
  }
  state_ = std::move(opened_session->state);
  state_->rights = rights_;
  phase_ = Phase::opening;
  greeting_ = greeting(connect, options, agreement_, SessionPresent{opened_session->present});
  inbound_.emplace(connection_, state_,
                   InboundFlow::Surroundings{options, around_.registry, agreement_, *rights_});
  subscriber_.emplace(state_, SubscriberFlow::Surroundings{around_.registry, around_.retained,
                                                           agreement_, *rights_});
  opening_waits_ = !opened_session->changes.empty();
  if (!opening_waits_) {
    opened({}, now, actions);
    return;
  }
  // Were CONNACK sent before the commit, a crash in between would bring back packet ids of the
  // session that Clean Start ended: a new message under one of them would be taken for a repeat,
  // acknowledged and lost.
  actions.push_back(Commit{std::move(opened_session->changes), kOpeningTicket});
}

void Session::opened(const Result<void>& outcome, SteadyTime now, Actions& actions) {
  const bool was_committed = std::exchange(opening_waits_, false);
  if (outcome && was_committed) state_->stored = true;
  if (phase_ == Phase::closed) return;
  if (outcome) {
    phase_ = Phase::connected;
    actions.push_back(Send{std::exchange(greeting_, {})});
    subscriber_->begin(now, actions);
    return;
  }
  around_.registry.abandon(*state_, connection_);
  leave(now, actions);
  refuse(ReasonCode::server_unavailable, outcome.error().what, actions);
}

void Session::refuse(ReasonCode code, std::string why, Actions& actions) {
  phase_ = Phase::closed;
  send(refusal_by(code, why), agreement_, actions);
  actions.push_back(Close{code, std::move(why), false, true});
}

}  // namespace watchpost::protocol
