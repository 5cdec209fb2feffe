// BrokerReader: reads topics of a broker that the office already has, over our own client or Paho.
// Promise (DESIGN promise 1): the broker's message is acknowledged only after its commit; without
// one (failure, stop, custody_timeout) the connection goes and the broker sends the message again.
// Always QoS 1: QoS 2 messages are taken at 1. What cannot be taken yet stays with the broker
// (own_link.hpp, paho_link.hpp say how). I/O thread only. Where Paho is used, stop every reader
// before the first Paho object is destroyed.
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
#include "model/mqtt_link.hpp"
#include "net/url.hpp"
#include "pipeline/intake.hpp"

namespace watchpost::ingress {

struct BrokerReaderOptions {
  std::string name;  // Message.source, logs
  net::Url url;
  std::vector<std::string> topics;
  MqttVersion protocol = MqttVersion::v5;
  MqttLibrary client = MqttLibrary::own;
  std::string client_id;  // names the session at the broker: keep it
  std::string username;
  std::string password;
  TlsFiles tls;
  std::chrono::seconds keep_alive = kDefaultKeepAlive;
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds session_expiry = kDefaultBrokerSessionExpiry;
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
  bool link_unsteady = false;      // it stands, but the links before it did not
  std::uint64_t received = 0;
  std::uint64_t kept = 0;     // committed, hence acknowledged
  std::uint64_t refused = 0;  // not acknowledged: the broker sends them again
};

class BrokerReader {
 public:
  struct Surroundings {  // all of it outlives the reader
    boost::asio::any_io_executor io;
    pipeline::Intake& intake;
    const Clock& clock;
    Log& log;
    std::mt19937_64& random;
  };

  BrokerReader(Surroundings surroundings, BrokerReaderOptions options);
  ~BrokerReader();
  BrokerReader(const BrokerReader&) = delete;
  BrokerReader& operator=(const BrokerReader&) = delete;

  void start();
  // A message that waits for its commit is given back to the broker. Returns at once.
  void stop();
  [[nodiscard]] BrokerStatus status() const;

 private:
  class Link;
  class OwnLink;
  class PahoLink;
  struct PahoCalls;

  [[nodiscard]] static Failure refused_topic(const std::string& url, const std::string& topic,
                                             int code);
  [[nodiscard]] static Failure not_kept(const std::string& url, const std::string& why);
  void complain_of_topic(std::size_t bytes);
  void connect();
  void connected();
  void subscribed(const std::optional<Failure>& failure);
  void lost(const client::LinkEnd& end);
  void enter(BrokerState state);
  void tell_link();
  void watch_link();

  Surroundings around_;
  BrokerReaderOptions options_;
  Backoff reconnect_;
  client::LinkDiagnosis diagnosis_;
  std::optional<Trouble> refusal_;  // of a topic, on the link that stands
  BrokerStatus status_;
  std::shared_ptr<Link> link_;
  std::shared_ptr<BrokerReader*> self_;  // what the timer holds; gone with us
  boost::asio::steady_timer timer_;
  std::unique_ptr<PahoCalls> paho_;  // none with our own client
};

}  // namespace watchpost::ingress
