// Stage: an Uplink between a spool in memory and a fake broker, with a clock moved by hand.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "unit/upstream/fake_publisher.hpp"
#include "unit/upstream/records.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::upstream_test {

using namespace std::chrono_literals;

struct HandClock final : Clock {
  SteadyTime now{std::chrono::hours{1}};
  [[nodiscard]] WallTime wall() const override { return {}; }
  [[nodiscard]] SteadyTime steady() const override { return now; }
  [[nodiscard]] ClockQuality quality() const override { return ClockQuality::synced; }
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

// What a real spool does for an upstream, in memory.
class FakeSpool final : public spool::Spool, public spool::LogReader {
 public:
  explicit FakeSpool(boost::asio::io_context& io) : io_(io) {}

  void commit(EventClass event_class, std::uint64_t count = 1) {
    for (std::uint64_t i = 0; i < count; ++i) {
      auto& seq = heads_.newest[index_of(event_class)];
      ++seq;
      Record record = a_record(event_class, seq.value);
      record.epoch = epoch_;
      record.device = device;
      log_.push_back(std::move(record));
    }
    for (const auto& observer : observers_) observer(heads_);
  }
  void read(const spool::ReadRequest& request, Answer answer) override {
    std::vector<Record> records;
    for (const auto& record : log_) {
      const bool asked = record.event_class == request.event_class && record.seq > request.after;
      if (asked && records.size() < request.most_records) records.push_back(record);
    }
    Result<std::vector<Record>> result = std::move(records);
    if (fail_reads > 0) {
      --fail_reads;
      result = Failure{Failure::Kind::storage, "the disk hums", "Look at it"};
    }
    boost::asio::post(io_, [result = std::move(result), answer = std::move(answer)]() mutable {
      answer(std::move(result));
    });
  }
  void advance(const std::string& upstream, EventClass event_class, Seq settled) override {
    REQUIRE(upstream == "street");
    cursors_[index_of(event_class)] = settled;
  }
  [[nodiscard]] Seq cursor(const std::string&, EventClass event_class) const override {
    return cursors_[index_of(event_class)];
  }
  [[nodiscard]] const Epoch& epoch() const override { return epoch_; }
  [[nodiscard]] spool::Heads heads() const override { return heads_; }
  void on_committed(std::function<void(const spool::Heads&)> observer) override {
    observers_.push_back(std::move(observer));
  }
  void append(spool::Append) override {}
  [[nodiscard]] bool accepting() const override { return true; }
  void when_accepting(std::function<void()>) override {}
  [[nodiscard]] bool set_aside(const std::string& upstream, const Record& record,
                               std::uint8_t reason_code) override {
    REQUIRE(upstream == "street");
    if (aside.size() >= room_aside) return false;
    ++last_aside_;
    aside[last_aside_] = {last_aside_, reason_code, record};
    return true;
  }
  void take_back(const std::string& upstream, std::uint64_t id) override {
    REQUIRE(upstream == "street");
    REQUIRE(aside.erase(id) == 1);
  }
  void read_set_aside(const std::string&, std::uint64_t after, SetAsideAnswer answer) override {
    std::vector<spool::SetAside> page;
    for (auto it = aside.upper_bound(after); it != aside.end() && page.size() < 2; ++it) {
      page.push_back(it->second);
    }
    boost::asio::post(io_, [page = std::move(page), answer = std::move(answer)]() mutable {
      answer(std::move(page));
    });
  }
  void report_lost(EventClass, Seq, Seq) override {}
  [[nodiscard]] spool::SpoolStatus status() const override {
    spool::SpoolStatus status;
    status.first.fill(Seq{1});
    for (const auto& [id, each] : aside) {
      ++status.set_aside["street"].records[index_of(each.record.event_class)];
    }
    return status;
  }
  // Numbers that do not exist.
  void hole(EventClass event_class, std::uint64_t count) {
    heads_.newest[index_of(event_class)].value += count;
  }
  [[nodiscard]] const std::vector<StoredSession>& stored_sessions() const override {
    return sessions_;
  }

  int fail_reads = 0;
  std::string device = "smoke-3f-07";  // of the next records
  std::map<std::uint64_t, spool::SetAside> aside;
  std::size_t room_aside = 1'000;

 private:
  boost::asio::io_context& io_;
  std::uint64_t last_aside_ = 0;
  Epoch epoch_ = "7f3a0001";
  spool::Heads heads_;
  PerClass<Seq> cursors_{};
  std::vector<Record> log_;
  std::vector<std::function<void(const spool::Heads&)>> observers_;
  std::vector<StoredSession> sessions_;
};

struct Stage {
  boost::asio::io_context io;
  HandClock clock;
  KeptLog log;
  FakeSpool spool{io};
  FakeBroker broker;
  std::mt19937_64 random{7};
  FakePublisher* publisher = nullptr;
  std::unique_ptr<Uplink> uplink;

  void open(UplinkOptions options = {}) {
    options.name = "street";
    // These tests look at windows of their own choice.
    options.first_window = options.forwarding.window;
    EventContext context{Gateway::from("zhaoxiang-03", "310118106203").value(), spool.epoch(),
                         RawPolicy::undecoded};
    auto made = std::make_unique<FakePublisher>(io, broker);
    publisher = made.get();
    Uplink::Surroundings around{io.get_executor(), clock, log, spool, spool, random};
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
    publisher->lose({Failure::Kind::unavailable, "the cable is out", "Plug it in"});
    run();
  }
  // What was published, without the gateway's own state.
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
