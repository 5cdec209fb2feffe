// ServerTopics: what the listeners tell of themselves below $SYS/broker, for programs that watch a
// broker by these topics. Names and forms of the values are Mosquitto's (mosquitto(8), "Broker
// status"). Promise: told again every kInterval where they have changed; never stored, never sent
// upstream, and not matched by filters that begin with a wildcard. Pure; I/O thread.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ingress/listener_options.hpp"
#include "model/local_message.hpp"

namespace watchpost::ingress {

class ServerTopics {
 public:
  static constexpr std::chrono::seconds kInterval{10};

  // What is told of at one moment.
  struct Figures {
    ListenerStatus::Totals totals;
    std::size_t sessions = 0;
    std::size_t connected = 0;
    std::size_t subscriptions = 0;
    std::size_t retained = 0;
  };

  ServerTopics(std::string version, SteadyTime started)
      : version_(std::move(version)), started_(started) {}

  [[nodiscard]] bool is_due(SteadyTime now) const { return now >= next_; }
  // Those that have changed since the last time, all of them at the first time.
  [[nodiscard]] std::vector<SharedLocalMessage> look(const Figures& figures, SteadyTime now);

 private:
  std::string version_;
  SteadyTime started_;
  SteadyTime next_{};
  std::size_t most_connected_ = 0;
  std::map<std::string, std::string, std::less<>> told_;
};

}  // namespace watchpost::ingress
