#include "simulator/street.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "base/backoff.hpp"
#include "client/mqtt_client.hpp"
#include "simulator/random.hpp"

namespace watchpost::simulator {
namespace {

constexpr Backoff::Options kStreetReconnect{std::chrono::milliseconds(200),
                                            std::chrono::milliseconds(5'000)};

client::MqttClientOptions client_of_street(const StreetOptions& street) {
  client::MqttClientOptions options;
  options.url = street.url;
  options.client_id = street.client_id;
  return options;
}

}  // namespace

Result<StreetOptions> street_from(std::string_view url) {
  auto address = net::Url::parse(url);
  if (!address) return address.error();
  if (address->tls) {
    return Failure{Failure::Kind::invalid_input, "the simulation does not speak TLS",
                   "Name a broker as mqtt://host:port"};
  }
  StreetOptions options;
  options.url = std::move(*address);
  return options;
}

class Street::Subscriber final : public client::MqttClient::Observer {
 public:
  Subscriber(boost::asio::io_context& io, const StreetOptions& options, Arrival arrival)
      : filter_(options.filter),
        arrival_(std::move(arrival)),
        client_(io.get_executor(), client_of_street(options), *this),
        pause_(io) {}

  void start() { client_.connect(client::MqttClient::Start::clean); }
  void leave() {
    leaving_ = true;
    pause_.cancel();
    client_.disconnect();
  }
  [[nodiscard]] bool is_subscribed() const { return subscribed_; }
  [[nodiscard]] const std::string& last_trouble() const { return last_trouble_; }

  void connected(bool session_present) override {
    static_cast<void>(session_present);
    is_clean_ = true;
    backoff_.reset();
    client_.subscribe(filter_, Qos::at_least_once);
  }
  void subscribed(std::span<const protocol::ReasonCode> codes) override {
    subscribed_ = !protocol::is_failure(codes.front());
    if (!subscribed_) {
      last_trouble_ = fmt::format("the broker refused the subscription: {}",
                                  protocol::to_string(codes.front()));
    }
  }
  void acknowledged(const client::Acknowledged&) override {}
  void arrived(const protocol::Publish& publish) override { arrival_(publish.payload); }
  void closed(const client::LinkEnd& end) override {
    if (leaving_) return;
    last_trouble_ = end.failure.what;
    pause_.expires_after(backoff_.next(random_.next()));
    pause_.async_wait([this](const boost::system::error_code& error) {
      if (error || leaving_) return;
      client_.connect(is_clean_ ? client::MqttClient::Start::resume
                                : client::MqttClient::Start::clean);
    });
  }

 private:
  std::string filter_;
  Arrival arrival_;
  client::MqttClient client_;
  boost::asio::steady_timer pause_;
  Backoff backoff_{kStreetReconnect};
  Random random_{7};
  std::string last_trouble_;
  bool is_clean_ = false;
  bool subscribed_ = false;
  bool leaving_ = false;
};

Street::Street(boost::asio::io_context& io, const StreetOptions& options, Arrival arrival)
    : subscriber_(std::make_unique<Subscriber>(io, options, std::move(arrival))) {}
Street::~Street() = default;
void Street::start() {
  subscriber_->start();
}
void Street::leave() {
  subscriber_->leave();
}
bool Street::subscribed() const {
  return subscriber_->is_subscribed();
}
const std::string& Street::last_trouble() const {
  return subscriber_->last_trouble();
}

}  // namespace watchpost::simulator
