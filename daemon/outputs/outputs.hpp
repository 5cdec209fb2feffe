// Outputs: the sirens of the office, told over MQTT: at our own listener or behind a broker.
// Promise: they follow what is on disk (sound()), after the commit and never in its way; none of
// what is wrong with one of them harms another. A siren that cannot be told, is not listened for,
// or does not answer is a trouble. I/O thread only; all surroundings outlive it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "client/mqtt_link.hpp"
#include "model/alarm.hpp"
#include "model/telling.hpp"
#include "model/trouble.hpp"
#include "outputs/calls.hpp"
#include "outputs/output_link.hpp"
#include "outputs/siren.hpp"

namespace watchpost::outputs {

struct OutputOptions {
  std::string name;
  std::string broker;  // of a [[broker]]; empty: clients of our own listener
  std::string topic;
  std::string on;
  std::string off;
  std::string state_topic;  // empty: it does not answer
  std::string state_on;
  std::string state_off;
  std::chrono::milliseconds lasts{30'000};
  std::size_t place = 0;  // among all outputs, those that are no sirens too
};

struct OutputStatus {
  std::string name;
  std::string_view doing;
  std::optional<Trouble> trouble;
};

// Our own listener, by which its clients are told; it outlives Outputs.
class OwnClients {
 public:
  virtual ~OwnClients() = default;
  // True: somebody who is connected has subscribed to the topic.
  virtual bool tell(const Words& words) = 0;
  [[nodiscard]] virtual bool are_listening(const std::string& topic) = 0;
};

class Outputs {
 public:
  // How the broker of this name is reached.
  struct Broker {
    std::string name;
    client::LinkOptions link;
    MqttLibrary client = MqttLibrary::own;
  };
  Outputs(OutputLink::Surroundings around, OwnClients& own, std::vector<OutputOptions> options,
          const std::vector<Broker>& brokers);
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;
  ~Outputs() = default;

  [[nodiscard]] bool any() const { return !all_.empty(); }
  // After this the sirens are told what sound() says.
  void start();
  void stop();
  // Which are to sound, by what is on disk, each at its place. Cheap where nothing has
  // changed; call it after each commit that changed alarms and once a second.
  void sound(const OutputSet& called);
  // Sounds for kTestLasts, or until kTestEnds where it has not said by then that it does. `done`
  // hears once how it went, never from inside the call; not at all after stop(). False: it is no
  // siren.
  using TestDone = std::function<void(ToldHow how)>;
  static constexpr std::chrono::seconds kTestLasts{5};
  static constexpr std::chrono::seconds kTestEnds{12};
  [[nodiscard]] bool test(std::size_t place, TestDone done);
  // An alarm on disk by which the siren sounds. What became of telling it, where that is not kept
  // with the alarm yet, is in take_told(): the newest "on" that arrived, or why none did.
  void want(const Calls::Call& call, const Alarm& alarm);
  // At most kMostToldAtOnce; the others are wanted again.
  static constexpr std::size_t kMostToldAtOnce = 64;
  [[nodiscard]] std::vector<ToldOf> take_told() { return std::exchange(told_, {}); }
  // What a client of our own listener has published.
  void heard(const Said& said);
  [[nodiscard]] std::vector<OutputStatus> status() const;

 private:
  struct Test {
    SteadyTime since;
    TestDone done;
  };
  struct Output {
    OutputOptions options;
    Siren siren;
    OutputLink* link = nullptr;  // null: our own listener
    bool called = false;         // by an alarm
    std::optional<Test> test{};
  };
  void make_link(const Broker& broker, const OutputLink::Surroundings& around);
  void stands(const OutputLink* link, bool is);
  void heard_from(const OutputLink* link, const Said& said);
  void look();
  void look(Output& output, SteadyTime now);
  void look_at_test(Output& output, SteadyTime now);
  void send(Output& output, Order order);
  void look_later();
  void delivered(Output& output, Order order, Siren::Delivery delivery);
  [[nodiscard]] static std::optional<ToldHow> how_told(const Output& output, SteadyTime now);
  [[nodiscard]] std::optional<Trouble> trouble_of(const Output& output, SteadyTime now) const;

  const Clock& clock_;
  Log& log_;
  OwnClients& own_;
  std::vector<Output> all_;  // never changes its length once it is made
  std::vector<std::unique_ptr<OutputLink>> links_;
  std::vector<ToldOf> told_;
  bool runs_ = false;
  std::shared_ptr<Outputs*> self_;
  boost::asio::steady_timer timer_;
};

}  // namespace watchpost::outputs
