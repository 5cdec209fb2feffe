// OutputLink: the link over which the sirens behind one broker are told.
// Promise: it is no other link's: what happens to a reader of the same broker does not touch it. A
// broker that does not answer for kAnswerWithin is left and tried again; each attempt comes soon
// (at most kCeiling after the last), because an alarm may wait for it. What was sent and not
// answered when the link ended is told of by nobody: `stands(false)` says that. I/O thread only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
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

namespace watchpost::outputs {

// What a siren is told.
struct Words {
  std::string topic;
  std::string payload;
};
// What one says; the views live for the call.
struct Said {
  std::string_view topic;
  std::string_view payload;
};

class OutputLink final : private client::LinkObserver {
 public:
  static constexpr std::chrono::seconds kAnswerWithin{10};
  static constexpr std::chrono::milliseconds kFirst{500};
  static constexpr std::chrono::milliseconds kCeiling{5'000};

  struct Surroundings {  // all of it outlives the link
    boost::asio::any_io_executor io;
    const Clock& clock;
    Log& log;
    std::mt19937_64& random;
  };
  struct Options {
    std::string name;  // of the [[broker]]
    client::LinkOptions link;
    std::vector<std::string> states;  // topics on which sirens tell their state
  };
  struct Events {
    std::function<void(bool stands)> stands;
    std::function<void(const Said& said)> arrived;
  };
  using Answered = std::function<void(client::ReasonCode code)>;

  OutputLink(Surroundings around, Options options, Events events,
             std::unique_ptr<client::MqttLink> link);
  ~OutputLink() override;
  OutputLink(const OutputLink&) = delete;
  OutputLink& operator=(const OutputLink&) = delete;

  void start();
  // Lets go at once.
  void stop();
  // Only while it stands. `answered`: once, unless the link ends before.
  void publish(Words words, Answered answered);
  [[nodiscard]] const std::string& name() const { return options_.name; }
  // Why it does not stand; nothing where it does, or was not tried yet.
  [[nodiscard]] const std::optional<Trouble>& failure() const { return failure_; }

 private:
  struct Waiting {
    SteadyTime since;
    Answered answered;
  };
  enum class State : std::uint8_t { stopped, connecting, standing, waiting };
  void connect();
  void connected(const client::LinkTerms& terms) override;
  void link_lost(const client::LinkEnd& end) override;
  void acknowledged(client::PublishToken token, client::ReasonCode code) override;
  void subscribed(std::span<const client::ReasonCode> codes) override;
  void arrived(const client::Arrival& arrival) override;
  void disconnected() override {}
  void stand();
  void lost(const client::LinkEnd& end);
  void give_up();
  void watch_answers();
  void wait_until(SteadyTime at, void (OutputLink::*then)());

  Surroundings around_;
  Options options_;
  Events events_;
  Backoff reconnect_;
  client::LinkDiagnosis diagnosis_;
  State state_ = State::stopped;
  std::optional<Trouble> failure_;
  std::map<std::uint64_t, Waiting> unanswered_;  // by token, hence by age
  std::uint64_t last_token_ = 0;
  std::unique_ptr<client::MqttLink> link_;
  std::shared_ptr<OutputLink*> self_;  // the timer holds it weakly, so it sees that we are gone
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::outputs
