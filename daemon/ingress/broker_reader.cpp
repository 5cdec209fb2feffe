#include "ingress/broker_reader.hpp"

#include <fmt/format.h>

#include "ingress/broker_arrivals.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
namespace {

// How long we wait past the timeout that Paho was given: Paho's ends by the wall clock, and never
// ends when that clock is set back.
constexpr std::chrono::seconds kPahoGrace{5};

client::LinkEnd silent() {
  return {client::LinkEnd::How::silent, 0,
          failure_of(Failure::Kind::unavailable, trouble<TroubleCode::broker_silent>())};
}

// With these options the broker keeps our session, and each message until its commit.
client::LinkOptions as_reader(client::LinkOptions link) {
  link.clean_start = false;
  link.owner_acknowledges = true;
  link.section = "broker";
  return link;
}

}  // namespace

std::string_view to_string(BrokerState state) {
  switch (state) {
    case BrokerState::stopped:
      return "stopped";
    case BrokerState::connecting:
      return "connecting";
    case BrokerState::reading:
      return "reading";
    case BrokerState::waiting:
      return "waiting";
  }
  return {};
}

BrokerReader::BrokerReader(Surroundings surroundings, BrokerReaderOptions options)
    : around_(std::move(surroundings)),
      options_(std::move(options)),
      reconnect_(options_.reconnect),
      link_(client::make_link(around_.io, options_.client, as_reader(options_.link))),
      self_(std::make_shared<BrokerReader*>(this)),
      timer_(around_.io) {
  status_.name = options_.name;
  link_->observe(*this);
}

BrokerReader::~BrokerReader() {
  stop();
}

Failure BrokerReader::refused_topic(const std::string& topic, int code) const {
  return failure_of(Failure::Kind::refused,
                    trouble<TroubleCode::broker_topic_refused>(
                        arg<"url">(options_.link.url.text()), arg<"topic">(topic),
                        arg<"code">(fmt::format("0x{:02X}", code))));
}

Failure BrokerReader::not_kept(const Failure& why) const {
  return failure_of(Failure::Kind::unavailable,
                    trouble<TroubleCode::broker_not_kept>(arg<"url">(options_.link.url.text()))
                        .because(cause_of(why)));
}

// The broker breaks the standard. The message is acknowledged, because a refused one would come
// again for ever.
void BrokerReader::complain_of_topic(std::size_t bytes) {
  around_.log.error(
      "Broker {} sent a message whose topic is not a valid topic name ({} bytes); the message "
      "cannot be stored. Look at its publisher",
      options_.name, bytes);
}

void BrokerReader::enter(BrokerState state) {
  status_.state = state;
  status_.since = around_.clock.steady();
}

void BrokerReader::start() {
  if (status_.state == BrokerState::stopped) connect();
}

void BrokerReader::stop() {
  timer_.cancel();
  status_.next_attempt.reset();
  forget_arrivals();
  link_->leave();
  enter(BrokerState::stopped);
}

void BrokerReader::connect() {
  enter(BrokerState::connecting);
  status_.next_attempt.reset();
  arrivals_ = std::make_shared<Arrivals>(*this);
  timer_.expires_after(options_.link.connect_timeout + kPahoGrace);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && (*self)->status_.state == BrokerState::connecting)
      (*self)->give_up(silent());
  });
  link_->connect({});
}

void BrokerReader::connected(const client::LinkTerms& terms) {
  diagnosis_.connected(around_.clock.steady());
  if (has_session_ && !terms.session_present) {
    status_.session_lost = true;
    tell(around_.log, trouble<TroubleCode::broker_session_lost>(arg<"broker">(options_.name)));
  }
  has_session_ = options_.link.session_expiry > std::chrono::seconds{0};
  link_->subscribe(options_.topics);
}

void BrokerReader::arrived(const client::Arrival& arrival) {
  const auto arrivals = arrivals_;  // arrivals_ may be reset in the call
  arrivals->take(arrival);
}

void BrokerReader::subscribed(std::span<const client::ReasonCode> codes) {
  std::optional<Failure> failure;
  for (std::size_t i = 0; i < codes.size() && i < options_.topics.size(); ++i) {
    if (!is_failure(codes[i])) continue;
    failure = refused_topic(options_.topics[i], byte_of(codes[i]));
  }
  refusal_ = failure ? std::optional(cause_of(*failure)) : std::nullopt;
  enter(BrokerState::reading);
  if (failure) around_.log.error("Broker {}: {}", options_.name, failure->sentence());
  tell_link();
  watch_link();
}

// Once the link has stood long enough, the trouble of the links before it is told no more.
void BrokerReader::watch_link() {
  const auto due = diagnosis_.due_at();
  if (!due) return;
  timer_.expires_at(*due);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || (*self)->status_.state != BrokerState::reading) return;
    if ((*self)->diagnosis_.look((*self)->around_.clock.steady())) (*self)->tell_link();
    (*self)->watch_link();
  });
}

// Every attempt against a dead broker fails the same way; the log is told once.
void BrokerReader::tell_link() {
  const auto& reason = diagnosis_.reason();
  const bool reads = status_.state == BrokerState::reading;
  auto failure =
      reason ? std::optional(client::trouble_of(*reason, options_.link.client_id)) : refusal_;
  const bool is_news = std::exchange(status_.failure, std::move(failure)) != status_.failure;
  status_.link_unsteady = reason && reads;
  if (reads && !status_.failure) {
    around_.log.info("Broker {} is being read", options_.name);
  } else if (is_news && reason) {
    around_.log.warning("Broker {} is not being read: {}", options_.name,
                        client::sentence_of(*reason, options_.link.client_id));
  }
}

void BrokerReader::forget_arrivals() {
  if (arrivals_) arrivals_->end();
  arrivals_.reset();
}

void BrokerReader::link_lost(const client::LinkEnd& end) {
  link_->drop();
  lost(end);
}

void BrokerReader::give_up(const client::LinkEnd& end) {
  link_->leave();
  lost(end);
}

void BrokerReader::lost(const client::LinkEnd& end) {
  forget_arrivals();
  refusal_.reset();
  if (diagnosis_.ended(end, std::nullopt, around_.clock.steady())) reconnect_.reset();
  enter(BrokerState::waiting);
  tell_link();
  const auto delay = reconnect_.next(around_.random());
  status_.next_attempt = around_.clock.steady() + delay;
  timer_.expires_after(delay);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && (*self)->status_.state == BrokerState::waiting) (*self)->connect();
  });
}

BrokerStatus BrokerReader::status() const {
  BrokerStatus status = status_;
  if (has_session_ && status.state != BrokerState::reading) {
    status.keeps_for = options_.link.session_expiry;
  }
  return status;
}

}  // namespace watchpost::ingress
