#include <algorithm>
#include <random>
#include <vector>

#include "support/catch.hpp"
#include "support/indifferent_spool.hpp"
#include "unit/upstream/fake_publisher.hpp"
#include "unit/upstream/records.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_record;
using upstream_test::FakeBroker;
using upstream_test::FakePublisher;

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
class FakeSpool final : public support::IndifferentSpool, public spool::LogReader {
 public:
  explicit FakeSpool(boost::asio::io_context& io) : io_(io) {}

  void commit(EventClass event_class, std::uint64_t count = 1) {
    for (std::uint64_t i = 0; i < count; ++i) {
      auto& seq = heads_.newest[index_of(event_class)];
      ++seq;
      log_.push_back(a_record(event_class, seq.value));
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
  void read_set_aside(const std::string&, std::uint64_t, SetAsideAnswer) override {}
  [[nodiscard]] const std::vector<StoredSession>& stored_sessions() const override {
    return sessions_;
  }

  int fail_reads = 0;

 private:
  boost::asio::io_context& io_;
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
  [[nodiscard]] std::vector<Publication> events() const {
    std::vector<Publication> events;
    for (const auto& publication : broker.received) {
      if (!publication.retain) events.push_back(publication);
    }
    return events;
  }
};

}  // namespace

TEST_CASE("uplink says online with a will that says offline", "[upstream][unit]") {
  Stage stage;
  stage.open();

  REQUIRE(stage.broker.received.size() == 1);
  const auto& online = stage.broker.received[0];
  CHECK(online.topic == "wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online");
  CHECK(online.retain);
  CHECK(online.payload.find(R"("state":"online")") != std::string::npos);
  CHECK(stage.broker.wills[0].topic == online.topic);
  CHECK(stage.broker.wills[0].payload.find(R"("state":"offline")") != std::string::npos);
  CHECK(stage.uplink->status().state == UplinkState::connected);
}

TEST_CASE("uplink forwards what is committed and saves the cursor", "[upstream][unit]") {
  Stage stage;
  stage.spool.commit(EventClass::telemetry, 500);
  stage.open();
  stage.spool.commit(EventClass::alarm, 3);
  stage.run();

  CHECK(stage.events().size() == 503);
  CHECK(stage.spool.cursor("street", EventClass::telemetry) == Seq{500});
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{3});
  CHECK(stage.uplink->status().acknowledged == 503);
  CHECK(stage.uplink->status().in_flight == 0);
}

TEST_CASE("uplink moves no cursor before the acknowledgement", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();

  REQUIRE(stage.events().size() == 2);
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{0});
  CHECK(stage.uplink->status().backlog[index_of(EventClass::alarm)] == 2);

  stage.publisher->acknowledge(stage.events()[0].token);
  stage.run();
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{1});
}

TEST_CASE("uplink sends again after a lost link, with jittered waits and one log line",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::patrol, 3);
  stage.run();
  stage.broker.up = false;
  stage.publisher->lose({Failure::Kind::unavailable, "the cable is out", "Plug it in"});
  stage.run();

  CHECK(stage.uplink->status().state == UplinkState::waiting);
  CHECK(stage.uplink->status().failure == "the cable is out. Plug it in");
  REQUIRE(stage.uplink->status().next_attempt);
  for (int i = 0; i < 20; ++i) stage.pass(61s);
  CHECK(stage.broker.connects == 21);
  CHECK(stage.log.count("the fake broker is down") == 1);

  stage.broker.up = true;
  stage.broker.answers = true;
  stage.pass(61s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.uplink->status().failure.empty());
  CHECK(stage.events().size() == 6);
  // The same record gives the same event, so that the receiver can tell the repeat.
  CHECK(stage.events()[0].payload == stage.events()[3].payload);
  CHECK(stage.spool.cursor("street", EventClass::patrol) == Seq{3});
}

TEST_CASE("uplink drops a link that leaves a publish unacknowledged too long", "[upstream][unit]") {
  Stage stage;
  UplinkOptions options;
  options.acknowledge_timeout = 30s;
  stage.open(options);
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm);
  stage.run();

  stage.pass(29s);
  CHECK(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.uplink->status().oldest_unacknowledged == SteadyDuration{29s});
  stage.pass(1s);
  CHECK(stage.uplink->status().state == UplinkState::waiting);
  CHECK(stage.uplink->status().failure.find("not acknowledged") != std::string::npos);

  stage.broker.answers = true;
  stage.pass(61s);
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{1});
}

TEST_CASE("uplink keeps a refused event and lets the other classes go on", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry);
  stage.run();
  stage.publisher->acknowledge(stage.events()[0].token, ReasonCode{0x87});
  stage.run();

  stage.broker.answers = true;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{2});
  CHECK(stage.spool.cursor("street", EventClass::telemetry) == Seq{0});
  CHECK(stage.uplink->status().failure.find("not authorized") != std::string::npos);
  CHECK(stage.log.count("refuses telemetry") == 1);

  stage.pass(6s);
  CHECK(stage.spool.cursor("street", EventClass::telemetry) == Seq{1});
  CHECK(stage.uplink->status().failure.empty());
  CHECK(stage.log.count("accepts everything again") == 1);
}

TEST_CASE("uplink lets a refused class rest on when the refusal cost the link",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry);
  stage.run();
  stage.publisher->acknowledge(stage.events()[0].token, ReasonCode{0x87});
  stage.publisher->lose({Failure::Kind::unavailable, "the broker hung up", "Wait"});
  stage.run();
  stage.broker.answers = true;
  stage.pass(1s);
  REQUIRE(stage.uplink->status().state == UplinkState::connected);
  CHECK(stage.events().size() == 1);

  stage.pass(6s);
  CHECK(stage.events().size() == 2);
  CHECK(stage.spool.cursor("street", EventClass::telemetry) == Seq{1});
}

TEST_CASE("uplink says a refusal of two classes once each, however their answers mix",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, 10);
  stage.spool.commit(EventClass::status, 10);
  stage.run();
  const auto sent = stage.events();
  REQUIRE(sent.size() == 20);
  for (std::size_t i = 0; i < 10; ++i) {
    stage.publisher->acknowledge(sent[i].token, ReasonCode{0x87});
    stage.publisher->acknowledge(sent[i + 10].token, ReasonCode{0x87});
  }
  stage.run();
  CHECK(stage.log.count("refuses telemetry") == 1);
  CHECK(stage.log.count("refuses status") == 1);
}

TEST_CASE("uplink publishes its state unretained where the broker keeps nothing",
          "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.retain_available = false;
  stage.open();
  REQUIRE(stage.broker.received.size() == 1);
  CHECK_FALSE(stage.broker.received[0].retain);
}

TEST_CASE("uplink does not send what the broker says is too large", "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.maximum_packet_size = 200;
  stage.open();
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.events().empty());
  CHECK(stage.uplink->status().failure.find("packet too large") != std::string::npos);
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{0});
}

TEST_CASE("uplink stays below the broker's receive maximum", "[upstream][unit]") {
  Stage stage;
  stage.broker.terms.receive_maximum = 20;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 100);
  stage.run();
  CHECK(stage.uplink->status().in_flight == 18);
}

TEST_CASE("uplink reads again after a failed read", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.fail_reads = 1;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.events().empty());
  stage.pass(1s);
  CHECK(stage.events().size() == 1);
}

TEST_CASE("uplink says once that its backlog cannot be read, and once that it can",
          "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.fail_reads = 10;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  for (int i = 0; i < 5; ++i) stage.pass(1s);
  CHECK(stage.log.count("the disk hums") == 1);
  CHECK(stage.uplink->status().failure.find("the disk hums") != std::string::npos);
  for (int i = 0; i < 10; ++i) stage.pass(1s);
  CHECK(stage.events().size() == 1);
  CHECK(stage.log.count("can be read again") == 1);
  CHECK(stage.uplink->status().failure.empty());
}

TEST_CASE("uplink stops after what is under way, says offline and goodbye", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm, 2);
  stage.run();
  bool stopped = false;
  stage.uplink->stop(5s, [&stopped] { stopped = true; });
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK_FALSE(stopped);
  CHECK(stage.events().size() == 2);

  stage.broker.answers = true;
  for (const auto& event : stage.events()) stage.publisher->acknowledge(event.token);
  stage.run();

  CHECK(stopped);
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{2});
  CHECK(stage.broker.received.back().payload.find("offline") != std::string::npos);
  CHECK(stage.broker.goodbyes == 1);
  CHECK(stage.uplink->status().state == UplinkState::stopped);
}

TEST_CASE("uplink stops at the deadline when no acknowledgement comes", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.broker.answers = false;
  stage.spool.commit(EventClass::alarm);
  stage.run();
  bool stopped = false;
  stage.uplink->stop(5s, [&stopped] { stopped = true; });
  stage.pass(4s);
  CHECK_FALSE(stopped);
  stage.pass(1s);
  CHECK(stopped);
  CHECK(stage.spool.cursor("street", EventClass::alarm) == Seq{0});
}

TEST_CASE("an uplink that is gone hears no more commits", "[upstream][unit]") {
  Stage stage;
  stage.open();
  stage.spool.commit(EventClass::alarm);
  stage.uplink.reset();
  stage.run();
  stage.spool.commit(EventClass::alarm);
  stage.run();
  CHECK(stage.events().size() == 0);
}

}  // namespace watchpost::upstream
