// Channel: a way by which people are told of alarms: a webhook (webhook.hpp) or a command
// (hook.hpp). Promise: each letter gets one outcome, within the time limit of the channel, and
// never from inside the call; after stop() none. One letter at a time. I/O thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/telling.hpp"
#include "model/trouble.hpp"
#include "outputs/letter.hpp"

namespace watchpost::outputs {

class Channel {
 public:
  struct Outcome {
    ToldHow how = ToldHow::accepted;
    std::string detail{};
    std::optional<Trouble> cause{};  // why it cannot be reached
  };
  using Done = std::function<void(const Outcome& outcome)>;

  Channel() = default;
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  virtual void send(const Letter& letter, Done done) = 0;
  virtual void stop() = 0;
};

}  // namespace watchpost::outputs
