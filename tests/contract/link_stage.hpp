// The listener of a link in the tests of its contract, and functions that run the I/O thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/mqtt_link.hpp"
#include "support/catch.hpp"

namespace watchpost::client {

using namespace std::chrono_literals;

inline constexpr auto kPatience = 20s;

// Keeps everything that a link reports.
struct Heard final : LinkObserver {
  struct Message {
    ArrivalId id;
    std::string topic, payload, content_type, content_encoding;
    Qos qos;
    bool retain;
  };
  std::vector<LinkTerms> accepted;
  std::vector<LinkEnd> lost;
  std::vector<std::pair<PublishToken, ReasonCode>> answers;
  std::vector<ReasonCode> grants;
  std::vector<Message> arrivals;
  std::size_t goodbyes = 0;
  std::function<void()> on_answer = [] {};
  std::function<void()> on_arrival = [] {};

  void connected(const LinkTerms& terms) override { accepted.push_back(terms); }
  void link_lost(const LinkEnd& end) override { lost.push_back(end); }
  void acknowledged(PublishToken token, ReasonCode code) override {
    answers.emplace_back(token, code);
    on_answer();
  }
  void subscribed(std::span<const ReasonCode> codes) override {
    grants.insert(grants.end(), codes.begin(), codes.end());
  }
  void arrived(const Arrival& arrival) override {
    arrivals.push_back({arrival.id, std::string(arrival.topic), std::string(arrival.payload),
                        std::string(arrival.content_type), std::string(arrival.content_encoding),
                        arrival.qos, arrival.retain});
    on_arrival();
  }
  void disconnected() override { ++goodbyes; }

  [[nodiscard]] std::vector<std::string> payloads() const {
    std::vector<std::string> payloads;
    for (const Message& message : arrivals) payloads.push_back(message.payload);
    return payloads;
  }
};

// A link and the listener that hears of it.
struct Linked {
  std::unique_ptr<MqttLink> link;
  std::unique_ptr<Heard> heard = std::make_unique<Heard>();

  explicit Linked(std::unique_ptr<MqttLink> made) : link(std::move(made)) { link->observe(*heard); }
  MqttLink* operator->() const { return link.get(); }
};

// Runs the I/O thread until `condition` holds; false when patience ends first.
template <class Condition>
bool run_until(boost::asio::io_context& io, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.restart();
    io.run_one_for(50ms);
  }
  return true;
}

inline void run_for(boost::asio::io_context& io, std::chrono::milliseconds time) {
  io.restart();
  io.run_for(time);
}

}  // namespace watchpost::client
