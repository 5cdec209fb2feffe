// Stage: an Uplink between a spool in memory and a fake broker, with a clock that the test moves.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"
#include "support/fake_link.hpp"
#include "support/fake_spool.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::upstream_test {

using namespace std::chrono_literals;

struct HandClock final : Clock {
  SteadyTime now{std::chrono::hours{1}};
  [[nodiscard]] WallTime wall() const override { return {}; }
  [[nodiscard]] SteadyTime steady() const override { return now; }
  [[nodiscard]] ClockQuality quality(WallTime, SteadyTime) const override {
    return ClockQuality::synced;
  }
};

struct KeptLog final : Log {
  std::vector<std::pair<LogLevel, std::string>> lines;
  void write(LogLevel level, std::string_view line) override { lines.emplace_back(level, line); }
  [[nodiscard]] bool wants(LogLevel) const override { return true; }
  [[nodiscard]] std::size_t count(std::string_view part) const {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(),
        [&](const auto& line) { return line.second.find(part) != std::string::npos; }));
  }
};

struct Stage {
  boost::asio::io_context io;
  HandClock clock;
  KeptLog log;
  FakeSpool spool{io};
  FakeBroker broker;
  std::mt19937_64 random{7};
  FakeLink* publisher = nullptr;
  std::unique_ptr<Uplink> uplink;
  // What is done with a command.
  std::function<void(const Command&, UplinkSurroundings::Told)> obey;
  bool spreads = false;  // spread reconnects, as boxes do; without it a test knows when they come

  // Most tests choose the window themselves; for those the pace begins at 0.
  void open(UplinkOptions options = {}, std::size_t first_window = 0) {
    options.name = "street";
    if (!spreads) options.reconnect_spread = 0ms;
    options.first_window = first_window > 0 ? first_window : options.forwarding.window;
    EventContext context{Gateway::from({"zhaoxiang-03", "310118106203"}).value(), spool.epoch(),
                         RawPolicy::undecoded};
    auto made = std::make_unique<FakeLink>(io, broker);
    publisher = made.get();
    Uplink::Surroundings around{io.get_executor(), clock, log, spool, spool, random, obey};
    uplink = std::make_unique<Uplink>(around, options, context, std::move(made));
    uplink->start();
    run();
  }
  void run() {
    io.restart();
    io.poll();
  }
  void pass(std::chrono::milliseconds time) {
    clock.now += time;
    uplink->check_deadlines();
    run();
  }
  void lose_link() {
    publisher->lose(failure_of(Failure::Kind::unavailable,
                               trouble<TroubleCode::link_broken>(arg<"url">("mqtt://street"),
                                                                 arg<"why">("the cable is out"))));
    run();
  }
  // The trouble of the upstream as an English sentence; empty while there is none.
  [[nodiscard]] std::string failure() const {
    const auto& failure = uplink->status().failure;
    return failure ? sentence_of(*failure, Language::english) : std::string();
  }
  // Everything that was published, except the gateway's own state.
  [[nodiscard]] std::vector<Publication> events() const {
    std::vector<Publication> events;
    for (const auto& publication : broker.received) {
      if (!publication.retain) events.push_back(publication);
    }
    return events;
  }
  [[nodiscard]] std::vector<Publication> states() const {
    std::vector<Publication> states;
    for (const auto& publication : broker.received) {
      if (publication.retain) states.push_back(publication);
    }
    return states;
  }
  [[nodiscard]] Seq cursor(EventClass event_class) const {
    return spool.cursor("street", event_class);
  }
};

}  // namespace watchpost::upstream_test
