#include "outputs/output_link.hpp"

#include <algorithm>
#include <utility>

#include "model/trouble_catalogue.hpp"

namespace watchpost::outputs {
namespace {

constexpr std::chrono::seconds kLook{1};

client::LinkEnd silent(const client::LinkOptions& link) {
  return {client::LinkEnd::How::silent, 0,
          failure_of(Failure::Kind::unavailable,
                     trouble<TroubleCode::link_no_answer>(arg<"url">(link.url.text()),
                                                          arg<"time">(OutputLink::kAnswerWithin)))};
}

}  // namespace

OutputLink::OutputLink(Surroundings around, Options options, Events events,
                       std::unique_ptr<client::MqttLink> link)
    : around_(std::move(around)),
      options_(std::move(options)),
      events_(std::move(events)),
      reconnect_({kFirst, kCeiling}),
      link_(std::move(link)),
      self_(std::make_shared<OutputLink*>(this)),
      timer_(around_.io) {
  link_->observe(*this);
}

OutputLink::~OutputLink() {
  stop();
}

void OutputLink::start() {
  if (state_ == State::stopped) connect();
}

void OutputLink::stop() {
  timer_.cancel();
  unanswered_.clear();
  link_->leave();
  state_ = State::stopped;
}

void OutputLink::wait_until(SteadyTime at, void (OutputLink::*then)()) {
  timer_.expires_at(at);
  timer_.async_wait([weak = std::weak_ptr(self_), then](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && (*self)->state_ != State::stopped) ((*self)->*then)();
  });
}

void OutputLink::connect() {
  state_ = State::connecting;
  wait_until(around_.clock.steady() + kAnswerWithin, &OutputLink::give_up);
  link_->connect({});
}

void OutputLink::connected(const client::LinkTerms& /*terms*/) {
  diagnosis_.connected(around_.clock.steady());
  if (options_.states.empty()) return stand();
  link_->subscribe(options_.states);
}

// A siren whose state may not be read says that by itself: it does not answer.
void OutputLink::subscribed(std::span<const client::ReasonCode> /*codes*/) {
  if (state_ == State::connecting) stand();
}

void OutputLink::stand() {
  state_ = State::standing;
  if (std::exchange(failure_, std::nullopt))
    around_.log.info("Sirens behind broker {} can be told again", options_.name);
  watch_answers();
  events_.stands(true);
}

void OutputLink::watch_answers() {
  const SteadyTime now = around_.clock.steady();
  if (!unanswered_.empty() && now >= unanswered_.begin()->second.since + kAnswerWithin)
    return give_up();
  (void)diagnosis_.look(now);
  wait_until(now + kLook, &OutputLink::watch_answers);
}

void OutputLink::publish(Words words, Answered answered) {
  const client::PublishToken token{++last_token_};
  unanswered_.emplace(token.value, Waiting{around_.clock.steady(), std::move(answered)});
  link_->publish({token, std::move(words.topic), std::move(words.payload), false});
}

void OutputLink::acknowledged(client::PublishToken token, client::ReasonCode code) {
  auto found = unanswered_.extract(token.value);
  if (!found.empty()) found.mapped().answered(code);
}

void OutputLink::arrived(const client::Arrival& arrival) {
  events_.arrived({arrival.topic, arrival.payload});
}

void OutputLink::link_lost(const client::LinkEnd& end) {
  link_->drop();
  lost(end);
}

// It may have been cut off without a word.
void OutputLink::give_up() {
  link_->drop();
  lost(silent(options_.link));
}

void OutputLink::lost(const client::LinkEnd& end) {
  const bool stood = state_ == State::standing;
  unanswered_.clear();
  const SteadyTime now = around_.clock.steady();
  if (diagnosis_.ended(end, std::nullopt, now)) reconnect_.reset();
  const auto& reason = diagnosis_.reason();
  Trouble why =
      reason ? client::trouble_of(*reason, options_.link.client_id) : cause_of(end.failure);
  if (failure_ != why) {
    failure_ = std::move(why);
    around_.log.warning("Sirens behind broker {} cannot be told: {}", options_.name,
                        sentence_of(*failure_, Language::english));
  }
  state_ = State::waiting;
  wait_until(now + reconnect_.next(around_.random()), &OutputLink::connect);
  if (stood) events_.stands(false);
}

}  // namespace watchpost::outputs
