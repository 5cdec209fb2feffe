// Messengers: the channels by which people are told of alarms, each with its courier.
// Promise: they follow what is on disk, after the commit and never in its way; what became of each
// attempt is told, bounded: successes, and failures at the first, second, fourth, ... attempt. A
// channel that takes nothing is a trouble until it takes something again. At most kMostCommands
// commands run at once. I/O thread only; all surroundings outlive it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "model/trouble.hpp"
#include "outputs/channel.hpp"
#include "outputs/courier.hpp"
#include "outputs/outputs.hpp"

namespace watchpost::outputs {

class Messengers {
 public:
  static constexpr std::size_t kMostCommands = 4;

  struct Surroundings {
    boost::asio::any_io_executor io;
    const Clock& clock;
    Log& log;
    std::mt19937_64& random;
  };
  struct Options {
    std::string name;
    std::size_t place = 0;  // among all outputs
    bool is_command = false;
    CourierTerms terms;
    LetterTerms letter;
    std::unique_ptr<Channel> channel;
  };
  struct Events {
    // Of an alarm on disk; nothing where it is none any more.
    std::function<std::optional<Mentioned>(AlarmSerial number)> find;
    // To be kept with the alarm.
    std::function<void(const std::vector<ToldOf>& all)> told;
  };
  Messengers(Surroundings around, std::vector<Options> options, Events events);
  Messengers(const Messengers&) = delete;
  Messengers& operator=(const Messengers&) = delete;
  ~Messengers() = default;

  [[nodiscard]] bool any() const { return !all_.empty(); }
  void start() { runs_ = true; }
  void stop();
  // One look at all alarms that wait: each that an output is to be told of, then end.
  void want(const Calls::Call& call, const Alarm& alarm);
  void end();
  // Sends a letter that says to be a test, after what is under way. `done` hears once how it went,
  // never from inside the call; not at all after stop(). False: that output is no channel.
  using TestDone = std::function<void(ToldHow how, std::string detail)>;
  [[nodiscard]] bool test(std::size_t place, std::string by, TestDone done);
  [[nodiscard]] std::vector<OutputStatus> status() const;

 private:
  struct Test {
    std::string by;
    TestDone done;
  };
  struct Messenger {
    Options options;
    Courier courier;
    bool is_busy = false;
    std::optional<Test> test{};                 // to be sent
    std::optional<Channel::Outcome> failure{};  // of the newest attempt
  };
  void look();
  void look_later(SteadyTime now);
  void send(Messenger& messenger, Courier::Message message);
  void send_test(Messenger& messenger);
  void sent(Messenger& messenger, const Courier::Message& message, const Channel::Outcome& outcome);
  void note(Messenger& messenger, const Channel::Outcome& outcome);
  [[nodiscard]] bool may_run(const Messenger& messenger) const;
  [[nodiscard]] static std::optional<Trouble> trouble_of(const Messenger& messenger);

  Surroundings around_;
  Events events_;
  std::vector<Messenger> all_;  // never changes its length once it is made
  bool runs_ = false;
  std::shared_ptr<Messengers*> self_;
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::outputs
