#include "simulator/fleet.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "base/backoff.hpp"

namespace watchpost::simulator {
namespace {

constexpr std::uint16_t kWindow = 50;
constexpr Backoff::Options kFleetReconnect{std::chrono::milliseconds(200),
                                           std::chrono::milliseconds(5'000)};

client::MqttClientOptions client_of_fleet(const FleetOptions& fleet, const Client& client) {
  client::MqttClientOptions options;
  options.url = {fleet.host, fleet.port, false};
  options.client_id = client.id;
  options.version = client.version;
  options.user_name = fleet.user_name;
  options.password = fleet.password;
  options.window = kWindow;
  return options;
}

}  // namespace

// A session that an earlier run left may hold packet ids that this run would use again, so each
// member begins with a clean session. In 3.1.1 a clean session ends with its connection, so there a
// member needs two connections.
class Fleet::Member final : public client::MqttClient::Observer {
 public:
  Member(Fleet& fleet, const Client& client, std::uint64_t seed)
      : fleet_(fleet),
        needs_second_(client.version == protocol::Version::v3_1_1),
        random_(seed),
        client_(fleet.io_.get_executor(), client_of_fleet(fleet.options_, client), *this),
        pause_(fleet.io_) {}

  void start() { client_.connect(client::MqttClient::Start::clean); }
  void publish(Sending sending) {
    queue_.push_back(std::move(sending));
    ++fleet_.queued_;
    pump();
  }
  void leave() {
    pause_.cancel();
    client_.disconnect();
  }

  void connected(bool session_present) override {
    static_cast<void>(session_present);
    backoff_.reset();
    if (std::exchange(needs_second_, false)) {
      cleaned_ = is_clean_ = true;
      return client_.disconnect();
    }
    if (was_connected_) ++fleet_.reconnects_;
    is_connected_ = was_connected_ = is_clean_ = true;
    ++fleet_.connected_;
    pump();
  }
  void acknowledged(const client::Acknowledged& acknowledged) override {
    if (acknowledged.by != protocol::PacketType::pubcomp) {
      fleet_.listener_.acknowledged(acknowledged.tag, acknowledged.code);
    }
    pump();
  }
  void closed(const client::LinkEnd& end) override {
    if (std::exchange(is_connected_, false)) --fleet_.connected_;
    if (fleet_.leaving_) return;
    if (std::exchange(cleaned_, false)) return client_.connect(client::MqttClient::Start::resume);
    fleet_.last_trouble_ = end.failure.what;
    pause_.expires_after(backoff_.next(random_.next()));
    pause_.async_wait([this](const boost::system::error_code& error) {
      if (error || fleet_.leaving_) return;
      client_.connect(is_clean_ ? client::MqttClient::Start::resume
                                : client::MqttClient::Start::clean);
    });
  }

 private:
  void pump() {
    while (is_connected_ && !queue_.empty()) {
      const Sending& sending = queue_.front();
      const Planned& planned = sending.planned;
      const client::Outgoing outgoing{planned.topic, planned.payload, planned.qos, sending.tag};
      if (client_.publish(outgoing) != protocol::ClientSession::Taking::taken) return;
      fleet_.listener_.sent(sending);
      queue_.pop_front();
      --fleet_.queued_;
    }
  }

  Fleet& fleet_;
  bool needs_second_;
  bool cleaned_ = false;   // the first of two connections (3.1.1) has cleaned the session
  bool is_clean_ = false;  // the session holds nothing of an earlier run
  bool is_connected_ = false;
  bool was_connected_ = false;
  Random random_;
  Backoff backoff_{kFleetReconnect};
  client::MqttClient client_;
  boost::asio::steady_timer pause_;
  std::deque<Sending> queue_;  // bounded by the owner, who reads queued()
};

Fleet::Fleet(boost::asio::io_context& io, const FleetOptions& options, FleetObserver& listener)
    : io_(io), options_(options), listener_(listener) {}

Fleet::~Fleet() = default;

void Fleet::start(std::span<const Client> clients) {
  for (const Client& client : clients) {
    members_.push_back(std::make_unique<Member>(*this, client, members_.size()));
    members_.back()->start();
  }
}

void Fleet::publish(Sending sending) {
  Member& member = *members_[sending.planned.client];
  member.publish(std::move(sending));
}

void Fleet::leave() {
  leaving_ = true;
  for (const auto& member : members_) member->leave();
}

}  // namespace watchpost::simulator
