#include "ingress/broker_reader.hpp"

#include "base/place.hpp"
#include "ingress/broker_link.hpp"

namespace watchpost::ingress {
namespace {

// A client that is never connected: with the last client gone Paho tears its threads down, and a
// client made by another thread at that moment would be lost with them.
std::shared_ptr<void> make_keeper() {
  MQTTAsync keeper = nullptr;
  MQTTAsync_create(&keeper, "tcp://127.0.0.1:1", "watchpost-keeper", MQTTCLIENT_PERSISTENCE_NONE,
                   nullptr);
  return {keeper, [](void* client) {
            MQTTAsync handle = client;
            MQTTAsync_destroy(&handle);
          }};
}

// Past the timeout given to Paho, which ends by the wall clock: never, when that is set back.
constexpr std::chrono::seconds kPahoGrace{5};

Failure silent() {
  return {Failure::Kind::unavailable, "it does not answer a connect",
          "Check that it is a broker and not overloaded; it is tried again by itself"};
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
  paho_.post([this] { keeper_ = make_keeper(); });
}

BrokerReader::~BrokerReader() {
  stop();
  paho_.post([this] { keeper_.reset(); });
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
  names_.forget();
  if (link_) {
    link_->end();
    paho_.post([link = std::move(link_)] { link->release(); });
    link_.reset();
  }
  enter(BrokerState::stopped);
}

void BrokerReader::connect() {
  enter(BrokerState::connecting);
  status_.next_attempt.reset();
  link_ = std::make_shared<Link>(*this);
  timer_.expires_after(options_.connect_timeout + kPahoGrace);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && (*self)->status_.state == BrokerState::connecting)
      (*self)->lost(silent());
  });
  const std::string host = place_of(options_.url).host;
  if (is_address(host)) return paho_.post([link = link_] { link->open({}); });
  names_.ask(host, [link = link_](const auto& found) { link->named(found); });
}

void BrokerReader::connected() {
  paho_.post([link = link_] { link->subscribe(); });
}

void BrokerReader::subscribed(const std::optional<Failure>& failure) {
  enter(BrokerState::reading);
  if (failure) {
    status_.failure = failure->sentence();
    around_.log.error("Broker {}: {}", options_.name, status_.failure);
    return;
  }
  status_.failure.clear();
  around_.log.info("Broker {} is being read", options_.name);
}

void BrokerReader::lost(const Failure& why) {
  link_->end();
  paho_.post([link = std::move(link_)] { link->release(); });
  link_.reset();
  // Every attempt against a dead broker fails the same way; it is said once.
  if (std::exchange(status_.failure, why.sentence()) != status_.failure) {
    around_.log.warning("Broker {} is not being read: {}", options_.name, status_.failure);
  }
  enter(BrokerState::waiting);
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
