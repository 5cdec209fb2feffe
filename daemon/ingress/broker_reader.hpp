// BrokerReader: reads topics of a broker that the office already has, over Paho's C interface.
// Promise (DESIGN promise 1): the broker's message is acknowledged only after its commit. Paho
// sends the PUBACK when the message callback returns, whatever it returns; so the callback waits
// for the commit, and where none comes (failure, stop, custody_timeout) it shuts the socket down
// first, so that no PUBACK can leave and the broker sends the message again. Paho's C++ wrapper
// would do as well here, but hides none of this and adds tokens of its own. Always QoS 1: at QoS 2
// Paho sends PUBREC before the callback (3.1.1), so QoS 2 messages are taken at 1. All Paho clients
// of the process share one receiving thread and one lock, and a waiting callback holds both: a
// reader takes one message per commit, several readers take turns, and a Paho upstream pauses
// meanwhile. No Paho call is ever made on the I/O thread, which would wait for itself.
// I/O thread only. One message is under way at a time; the broker keeps the rest. Stop every reader
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
#include "base/call_thread.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/name_lookup.hpp"
#include "model/mqtt_link.hpp"
#include "pipeline/intake.hpp"

namespace watchpost::ingress {

struct BrokerReaderOptions {
  std::string name;  // Message.source, logs
  std::string url;   // mqtt://host:port or mqtts://host:port
  std::vector<std::string> topics;
  MqttVersion protocol = MqttVersion::v5;
  std::string client_id;  // names the session at the broker: keep it
  std::string username;
  std::string password;
  TlsFiles tls;
  std::chrono::seconds keep_alive{30};
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds session_expiry{7 * 24 * 3600};  // how long the broker keeps messages for us
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
  std::string failure;  // the last one, with its remedy; empty while all is well
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
  friend class Link;

  void connect();
  void connected();
  void subscribed(const std::optional<Failure>& failure);
  void lost(const Failure& why);
  void enter(BrokerState state);

  Surroundings around_;
  BrokerReaderOptions options_;
  Backoff reconnect_;
  BrokerStatus status_;
  std::shared_ptr<Link> link_;
  std::shared_ptr<BrokerReader*> self_;  // what the timer holds; gone with us
  boost::asio::steady_timer timer_;
  NameLookup names_;
  std::shared_ptr<void> keeper_;  // touched by Paho's calling thread only
  CallThread paho_;               // last: joins before the rest goes
};

}  // namespace watchpost::ingress
