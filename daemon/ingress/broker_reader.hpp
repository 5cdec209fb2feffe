// BrokerReader: reads topics of a broker that the office already has, over our own client or Paho.
// Promise 1: the broker's message is acknowledged only after its commit; without a
// commit (failure, stop, custody_timeout) the link ends and the broker sends the message again.
// Always QoS 1: QoS 2 messages are taken at 1. What cannot be taken yet stays with the broker. I/O
// thread only. Where Paho is used, stop every reader before the first Paho link is destroyed.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "client/link_diagnosis.hpp"
#include "client/mqtt_link.hpp"
#include "pipeline/intake.hpp"

namespace watchpost::ingress {

struct BrokerReaderOptions {
  std::string name;          // Message.source, logs
  client::LinkOptions link;  // link.client_id names the session at the broker: do not change it
  MqttLibrary client = MqttLibrary::own;
  std::vector<std::string> topics;
  std::chrono::milliseconds custody_timeout{10'000};
  Backoff::Options reconnect;
};

enum class BrokerState : std::uint8_t { stopped, connecting, reading, waiting };
[[nodiscard]] std::string_view to_string(BrokerState state);

struct BrokerStatus {
  std::string name;
  BrokerState state = BrokerState::stopped;
  SteadyTime since{};
  std::optional<SteadyTime> next_attempt;
  std::optional<Trouble> failure;  // why it is not well; none while all is well
  bool link_unsteady = false;      // the link stands, but those before it did not last
  // While it is not read: so long the broker should keep what arrives; nothing where no session of
  // ours is known to be there.
  std::optional<std::chrono::seconds> keeps_for;
  bool session_lost = false;  // at a reconnect since the start: what was sent meanwhile is lost
  std::uint64_t received = 0;
  std::uint64_t kept = 0;     // committed, hence acknowledged
  std::uint64_t refused = 0;  // not acknowledged: the broker sends them again
};

class BrokerReader final : private client::LinkObserver {
 public:
  struct Surroundings {  // all of it outlives the reader
    boost::asio::any_io_executor io;
    pipeline::Intake& intake;
    const Clock& clock;
    Log& log;
    std::mt19937_64& random;
  };

  BrokerReader(Surroundings surroundings, BrokerReaderOptions options);
  ~BrokerReader() override;
  BrokerReader(const BrokerReader&) = delete;
  BrokerReader& operator=(const BrokerReader&) = delete;

  void start();
  // Leaves messages that wait for their commit to the broker. Returns at once.
  void stop();
  [[nodiscard]] BrokerStatus status() const;

 private:
  class Arrivals;

  [[nodiscard]] Failure refused_topic(const std::string& topic, int code) const;
  [[nodiscard]] Failure not_kept(const Failure& why) const;
  void complain_of_topic(std::size_t bytes);
  void connect();
  void connected(const client::LinkTerms& terms) override;
  void link_lost(const client::LinkEnd& end) override;
  void acknowledged(client::PublishToken, client::ReasonCode) override {}
  void subscribed(std::span<const client::ReasonCode> codes) override;
  void arrived(const client::Arrival& arrival) override;
  void disconnected() override {}
  void give_up(const client::LinkEnd& end);
  void lost(const client::LinkEnd& end);
  void forget_arrivals();
  void enter(BrokerState state);
  void tell_link();
  void watch_link();

  Surroundings around_;
  BrokerReaderOptions options_;
  Backoff reconnect_;
  client::LinkDiagnosis diagnosis_;
  std::optional<Trouble> refusal_;  // of a topic, on the link that stands
  bool has_session_ = false;        // the broker let us in and keeps a session of ours
  BrokerStatus status_;
  std::unique_ptr<client::MqttLink> link_;
  std::shared_ptr<Arrivals> arrivals_;   // of the present link; null without a link
  std::shared_ptr<BrokerReader*> self_;  // the timer holds it weakly, so it sees that we are gone
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::ingress
