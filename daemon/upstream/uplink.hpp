// Uplink: keeps one upstream supplied: connects, asks the log, publishes, settles, connects again.
// Promise: what the upstream has not acknowledged is sent again, under the same id, until it has;
// only then the cursor in the spool moves. A refusal (PUBACK with a reason code of 0x80 or more)
// never counts as delivery: the class rests, backing off, and is tried again, while the other
// classes go on. All decisions about order and cursors are Forwarder's. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "spool/log_reader.hpp"
#include "spool/spool.hpp"
#include "upstream/cloud_event.hpp"
#include "upstream/forwarder.hpp"
#include "upstream/publisher.hpp"

namespace watchpost::upstream {

struct UplinkOptions {
  std::string name;      // also the name of its cursors in the spool
  bool required = true;  // records wait for it before they may go
  ForwarderOptions forwarding;
  std::chrono::milliseconds acknowledge_timeout{30'000};
  // More than the publisher's own: Paho's ends by the wall clock, and never when that is set back.
  std::chrono::milliseconds connect_timeout{20'000};
  Backoff::Options reconnect;
};

enum class UplinkState : std::uint8_t { waiting, connecting, connected, stopping, stopped };
[[nodiscard]] std::string_view to_string(UplinkState state);

struct UplinkStatus {
  std::string name;
  bool required = true;
  UplinkState state = UplinkState::waiting;
  SteadyTime since{};                      // of the state
  std::optional<SteadyTime> next_attempt;  // while waiting
  std::string failure;                     // the last one, with its remedy; empty while all is well
  PerClass<std::uint64_t> backlog{};       // head minus cursor
  std::size_t in_flight = 0;
  std::uint64_t published = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t refused = 0;
  std::optional<SteadyDuration> oldest_unacknowledged;
};

class Uplink final : private PublisherEvents {
 public:
  // What it works with; all of it outlives the uplink.
  struct Surroundings {
    boost::asio::any_io_executor io;
    const Clock& clock;
    Log& log;
    spool::Spool& spool;
    spool::LogReader& reader;
    std::mt19937_64& random;
  };

  Uplink(Surroundings surroundings, UplinkOptions options, EventContext context,
         std::unique_ptr<Publisher> publisher);
  ~Uplink() override;
  Uplink(const Uplink&) = delete;
  Uplink& operator=(const Uplink&) = delete;

  void start();
  // Publishes nothing new, waits for acknowledgements under way, says offline and disconnects; at
  // the latest after `within` the link is dropped. `stopped` is called once, by posting.
  void stop(std::chrono::milliseconds within, std::function<void()> stopped);
  [[nodiscard]] UplinkStatus status() const;
  // Does what is due by the clock. The uplink's own timer calls it; tests with their own clock do
  // too.
  void check_deadlines();

 private:
  enum class Farewell : std::uint8_t { none, draining, saying_offline, closing };

  void connected(const LinkTerms& terms) override;
  void link_lost(const Failure& why) override;
  void acknowledged(PublishToken token, ReasonCode code) override;
  void message_arrived(const std::string& topic, const std::string& payload) override;
  void disconnected() override;

  void connect();
  void wait_and_reconnect(const Failure& why);
  void pump();
  void pump_once();
  void ask_log();
  void note_read(const Result<std::vector<Record>>& answer);
  void publish(Forwarder::Next next);
  void publish_state(LinkState state);
  void save_cursors();
  void refuse(PublishToken token, ReasonCode code);
  void note_accepted(EventClass event_class);
  void say_farewell();
  void finish_stop();
  void enter(UplinkState state);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  void arm_timer();

  Surroundings around_;
  UplinkOptions options_;
  EventContext context_;
  std::unique_ptr<Publisher> publisher_;
  Forwarder forwarder_;
  Backoff reconnect_;
  Backoff refusal_;
  UplinkState state_ = UplinkState::waiting;
  SteadyTime since_{};
  LinkTerms terms_;
  std::uint64_t link_id_ = 0;
  std::map<PublishToken, SteadyTime> outstanding_;  // oldest first; bounded by the window
  std::optional<SteadyTime> attempt_at_;
  std::optional<SteadyTime> refused_until_;
  std::optional<SteadyTime> reads_at_;
  std::optional<SteadyTime> stop_at_;
  std::optional<SteadyTime> armed_for_;
  Farewell farewell_ = Farewell::none;
  std::function<void()> stopped_;
  std::string failure_;
  std::string read_failure_;
  PerClass<std::string> refusal_failures_;
  PerClass<Seq> refused_up_to_{};  // 0 where nothing refused is left
  std::uint64_t published_ = 0;
  std::uint64_t acknowledged_ = 0;
  std::uint64_t refusals_ = 0;
  bool pumping_ = false;
  bool pump_again_ = false;
  std::shared_ptr<Uplink*> self_;  // what the spool and the reader hold; gone with us
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::upstream
