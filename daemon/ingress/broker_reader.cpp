#include "ingress/broker_reader.hpp"

#include <fmt/format.h>

#include "ingress/own_link.hpp"
#include "ingress/paho_link.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::ingress {
namespace {

// Past the timeout given to Paho, which ends by the wall clock: never, when that is set back.
constexpr std::chrono::seconds kPahoGrace{5};

client::LinkEnd silent() {
  return {client::LinkEnd::How::silent, 0,
          failure_of(Failure::Kind::unavailable, trouble<TroubleCode::broker_silent>())};
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
      self_(std::make_shared<BrokerReader*>(this)),
      timer_(around_.io) {
  status_.name = options_.name;
  if (options_.client == MqttLibrary::paho) paho_ = std::make_unique<PahoCalls>();
}

BrokerReader::~BrokerReader() {
  stop();
}

Failure BrokerReader::refused_topic(const std::string& url, const std::string& topic, int code) {
  return failure_of(Failure::Kind::refused, trouble<TroubleCode::broker_topic_refused>(
                                                arg<"url">(url), arg<"topic">(topic),
                                                arg<"code">(fmt::format("0x{:02X}", code))));
}

Failure BrokerReader::not_kept(const std::string& url, const std::string& why) {
  Failure failure = failure_of(Failure::Kind::unavailable,
                               trouble<TroubleCode::broker_not_kept>(arg<"url">(url)));
  failure.what += ": " + why;  // for the log
  return failure;
}

// The broker breaks the standard. Refused, the message would come again for ever.
void BrokerReader::complain_of_topic(std::size_t bytes) {
  around_.log.error(
      "Broker {} sent a message on a topic that is none ({} bytes); it cannot be stored. Look at "
      "its "
      "publisher",
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
  if (link_) link_->end();
  link_.reset();
  enter(BrokerState::stopped);
}

void BrokerReader::connect() {
  enter(BrokerState::connecting);
  status_.next_attempt.reset();
  if (paho_) {
    link_ = std::make_shared<PahoLink>(*this);
  } else {
    link_ = std::make_shared<OwnLink>(*this);
  }
  timer_.expires_after(options_.connect_timeout + kPahoGrace);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && (*self)->status_.state == BrokerState::connecting)
      (*self)->lost(silent());
  });
  link_->open();
}

void BrokerReader::connected() {
  diagnosis_.connected(around_.clock.steady());
  link_->subscribe();
}

void BrokerReader::subscribed(const std::optional<Failure>& failure) {
  refusal_ = failure ? std::optional(cause_of(*failure)) : std::nullopt;
  enter(BrokerState::reading);
  if (failure) around_.log.error("Broker {}: {}", options_.name, failure->sentence());
  tell_link();
  watch_link();
}

// A link that has stood long enough ends what was said of those before it.
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

// Every attempt against a dead broker fails the same way; it is said once.
void BrokerReader::tell_link() {
  const auto& reason = diagnosis_.reason();
  const bool reads = status_.state == BrokerState::reading;
  auto failure = reason ? std::optional(client::trouble_of(*reason, options_.client_id)) : refusal_;
  const bool is_news = std::exchange(status_.failure, std::move(failure)) != status_.failure;
  status_.link_unsteady = reason && reads;
  if (reads && !status_.failure) {
    around_.log.info("Broker {} is being read", options_.name);
  } else if (is_news && reason) {
    around_.log.warning("Broker {} is not being read: {}", options_.name,
                        client::sentence_of(*reason, options_.client_id));
  }
}

void BrokerReader::lost(const client::LinkEnd& end) {
  link_->end();
  link_.reset();
  refusal_.reset();
  diagnosis_.ended(end, std::nullopt, around_.clock.steady());
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
  return status_;
}

}  // namespace watchpost::ingress
