// Sirens: the outputs at work in the daemon: what judgement has on disk makes them sound.
// Promise: they are looked at after each commit that changed an alarm, once its senders have their
// answers, and once a second. I/O thread only.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ingress/listener.hpp"
#include "outputs/messengers.hpp"
#include "outputs/outputs.hpp"
#include "pipeline/pipeline.hpp"
#include "settings/config.hpp"

namespace watchpost::app {

class Sirens {
 public:
  struct Surroundings {  // all of it outlives the sirens
    boost::asio::io_context& io;
    const Clock& clock;
    Log& log;
    std::mt19937_64& random;
    ingress::Listener& listener;
    pipeline::Pipeline& pipeline;
  };
  Sirens(Surroundings around, const settings::Config& config);
  Sirens(const Sirens&) = delete;
  Sirens& operator=(const Sirens&) = delete;
  ~Sirens();

  // After judgement knows its alarms and the listener listens.
  void start();
  void stop();
  void look();
  // Who is told when, read again; judgement goes by it too.
  void use(const settings::Config& config);
  // A message, before its commit.
  void heard(const Message& message);
  [[nodiscard]] std::vector<outputs::OutputStatus> status() const;

 private:
  class Clients final : public outputs::OwnClients {
   public:
    explicit Clients(ingress::Listener& listener) : listener_(listener) {}
    bool tell(const outputs::Words& words) override {
      LocalMessage message;
      message.topic = words.topic;
      message.payload = words.payload;
      return listener_.tell_clients(std::make_shared<const LocalMessage>(std::move(message)));
    }
    bool are_listening(const std::string& topic) override { return listener_.are_listening(topic); }

   private:
    ingress::Listener& listener_;
  };
  void look_soon();
  void look_at_test();
  [[nodiscard]] bool any() const { return outputs_.any() || messengers_.any(); }
  [[nodiscard]] outputs::Messengers::Events events_of_messengers();

  Surroundings around_;
  Clients clients_;
  outputs::Calls calls_;
  outputs::Outputs outputs_;
  outputs::Messengers messengers_;
  std::vector<std::string> names_;  // of all outputs, each at its place
  // The test under way that this run has begun, and how it ended where it has.
  std::optional<ServiceTime> test_{};
  std::optional<rules::OutputTestEnd> test_end_{};
  bool runs_ = false;
  bool looks_soon_ = false;
  std::shared_ptr<Sirens*> self_;
};

}  // namespace watchpost::app
