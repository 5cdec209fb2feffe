// Batches: which events share a publication, which never do, and what happens when a batch fails.
#include <boost/json.hpp>
#include <set>

#include "support/fake_log.hpp"
#include "unit/upstream/stage.hpp"

namespace watchpost::upstream {
namespace {

using namespace std::chrono_literals;
using upstream_test::a_window;
using upstream_test::FakeLog;
using upstream_test::read_all;
using upstream_test::Stage;

constexpr std::string_view kBatchType = "application/cloudevents-batch+json";
constexpr std::size_t kMostText = 64UL * 1'024;

UplinkOptions with_batches(std::size_t events) {
  UplinkOptions options;
  options.forwarding.batch_events = events;
  options.batch_bytes = kMostText;
  return options;
}

// A stage whose link has a known pace, so that only the settings limit a batch.
struct BatchStage : Stage {
  void open_wide(UplinkOptions options) {
    const std::size_t all = options.forwarding.window * options.forwarding.batch_events;
    open(std::move(options), all);
    spool.commit(EventClass::telemetry);
    run();
    cursor_was = cursor(EventClass::telemetry);
    seen = events().size();
  }
  // The publications since the last look.
  [[nodiscard]] std::vector<Publication> news() const {
    auto all = events();
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(seen));
    return all;
  }
  void answer(const Publication& publication, std::uint8_t code = 0) {
    publisher->acknowledge(publication.token, ReasonCode{code});
    run();
  }
  Seq cursor_was;
  std::size_t seen = 0;
};

std::string text_of(const Publication& publication) {
  const auto coding = content_coding_from(publication.content_encoding);
  return decompressed(coding.value(), publication.payload, 10 * kMostText).value();
}

// The sequences in a publication, which may be a batch or a single event.
std::vector<std::uint64_t> sequences_in(const Publication& publication) {
  const auto parsed = boost::json::parse(text_of(publication));
  const auto one = [](const boost::json::value& event) {
    return std::stoull(std::string(event.at("sequence").as_string()));
  };
  if (!parsed.is_array()) return {one(parsed)};
  std::vector<std::uint64_t> found;
  for (const auto& event : parsed.as_array()) found.push_back(one(event));
  return found;
}

bool is_batch(const Publication& publication) {
  return publication.content_type == kBatchType;
}

std::size_t batches_in(const std::vector<Publication>& publications) {
  return static_cast<std::size_t>(
      std::count_if(publications.begin(), publications.end(), is_batch));
}

// Checks that exactly `first`..`last` were published.
void check_all_sent(const std::vector<Publication>& publications, Seq first, Seq last) {
  std::multiset<std::uint64_t> sent;
  for (const auto& each : publications) {
    for (const auto sequence : sequences_in(each)) sent.insert(sequence);
  }
  CHECK(sent.size() == last.value - first.value + 1);
  for (auto sequence = first.value; sequence <= last.value; ++sequence) {
    REQUIRE(sent.count(sequence) == 1);
  }
}

}  // namespace

TEST_CASE("a batch is a JSON array of the very events, on the batch topic of its class",
          "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(10));
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, 10);
  stage.run();
  const auto sent = stage.news();
  REQUIRE(sent.size() == 1);
  CHECK(is_batch(sent[0]));
  CHECK(sent[0].topic == "wp/v1/310118/106/203/zhaoxiang-03/telemetry/batch");
  CHECK(sent[0].content_encoding.empty());
  check_all_sent(sent, stage.cursor_was.next(), Seq{stage.cursor_was.value + 10});
  // In the batch each event has the same bytes as alone.
  std::string expected = "[";
  const EventContext context{Gateway::from({"zhaoxiang-03", "310118106203"}).value(),
                             stage.spool.epoch(), RawPolicy::undecoded};
  spool::ReadRequest request;
  request.event_class = EventClass::telemetry;
  request.after = stage.cursor_was;
  request.most_records = 10;
  stage.spool.read(request, [&](spool::LogReader::Found records) {
    for (const SharedRecord& record : records.value()) {
      if (expected.size() > 1) expected += ',';
      append_event(expected, context, *record);
    }
  });
  stage.run();
  CHECK(sent[0].payload == expected + "]");
  // One answer delivers all events of its batch, and no others.
  stage.spool.commit(EventClass::telemetry, 10);
  stage.run();
  REQUIRE(stage.news().size() == 2);
  stage.answer(sent[0]);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{stage.cursor_was.value + 10});
  CHECK(stage.uplink->status().counts.acknowledged == stage.cursor_was.value + 10);
}

TEST_CASE("what is alone goes as a single event, at once and on its own topic",
          "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(100));
  CHECK(batches_in(stage.events()) == 0);
  CHECK(stage.events().back().content_type == "application/cloudevents+json");
  CHECK(stage.events().back().topic ==
        "wp/v1/310118/106/203/zhaoxiang-03/telemetry/fire/smoke-3f-07");
}

TEST_CASE("alarms and patrols are in no batch and wait for none", "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(10));
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, 30);
  stage.spool.commit(EventClass::status, 30);
  stage.spool.commit(EventClass::patrol, 5);
  stage.run();
  const auto before = stage.news().size();
  stage.spool.commit(EventClass::alarm, 5);
  stage.run();
  // The alarms are sent, though no earlier publication was answered.
  REQUIRE(stage.news().size() == before + 5);
  const auto sent = stage.news();
  std::size_t urgent = 0;
  for (const auto& each : sent) {
    const bool is_urgent = each.topic.find("/alarm/") != std::string::npos ||
                           each.topic.find("/patrol/") != std::string::npos;
    urgent += is_urgent ? 1U : 0U;
    CHECK(is_batch(each) == !is_urgent);
  }
  CHECK(urgent == 10);
}

TEST_CASE("a batch has no more events and no more text than the settings and the broker allow",
          "[upstream][unit]") {
  BatchStage stage;
  auto options = with_batches(40);
  const bool by_broker = GENERATE(false, true);
  if (by_broker) {
    stage.broker.terms.maximum_packet_size = 3'000;
  } else {
    options.batch_bytes = 3'000;
  }
  stage.open_wide(options);
  stage.spool.commit(EventClass::telemetry, 300);
  stage.run();
  std::size_t most = 0;
  for (const auto& each : stage.news()) {
    most = std::max(most, sequences_in(each).size());
    CHECK(each.payload.size() <= 3'000);
    if (by_broker) CHECK(each.payload.size() + each.topic.size() < 2'950);
  }
  CHECK(most >= 4);
  CHECK(most < 40);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{stage.cursor_was.value + 300});
}

TEST_CASE("batches are compressed and say how, where that makes them smaller", "[upstream][unit]") {
  const auto coding = GENERATE(ContentCoding::deflate, ContentCoding::zstd);
  BatchStage stage;
  auto options = with_batches(50);
  options.compression = coding;
  stage.open_wide(options);
  stage.spool.commit(EventClass::telemetry, 50);
  stage.run();
  const auto sent = stage.news();
  std::size_t bytes = 0;
  std::size_t text = 0;
  for (const auto& each : sent) {
    bytes += each.payload.size();
    text += text_of(each).size();
    CHECK(each.content_encoding == (is_batch(each) ? to_string(coding) : ""));
  }
  CHECK(bytes * 4 < text);
  check_all_sent(sent, stage.cursor_was.next(), Seq{stage.cursor_was.value + 50});
}

TEST_CASE("a refused batch is sent again event by event, so that the one at fault is found",
          "[upstream][unit]") {
  const std::uint8_t code = GENERATE(std::uint8_t{0x80}, std::uint8_t{0x87}, std::uint8_t{0x90},
                                     std::uint8_t{0x91}, std::uint8_t{0x99});
  BatchStage stage;
  stage.open_wide(with_batches(8));
  const Seq bad{stage.cursor_was.value + 5};
  stage.broker.judge = [&](const Publication& publication) {
    if (publication.retain) return ReasonCode{0};
    const auto all = sequences_in(publication);
    const bool refused = std::find(all.begin(), all.end(), bad.value) != all.end();
    return ReasonCode{refused ? code : std::uint8_t{0}};
  };
  stage.spool.commit(EventClass::telemetry, 100);
  stage.run();
  for (int i = 0; i < 3; ++i) stage.pass(6s);
  if (code == 0x91) {
    // The record itself is accepted later, so the class waits for it.
    CHECK(stage.cursor(EventClass::telemetry) == Seq{bad.value - 1});
    CHECK(stage.spool.aside.empty());
    return;
  }
  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.at(1).record.seq == bad);
  CHECK(stage.spool.aside.at(1).reason_code == code);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{stage.cursor_was.value + 100});
  CHECK(stage.log.count("refuses a batch") == 1);
  // All other records were delivered.
  std::set<std::uint64_t> delivered;
  for (const auto& each : stage.news()) {
    if (is_failure(stage.broker.judge(each))) continue;
    for (const auto sequence : sequences_in(each)) delivered.insert(sequence);
  }
  CHECK(delivered.size() == 99);
  CHECK(batches_in(stage.news()) > 5);
}

TEST_CASE("a class refused for a while as a batch rests, and loses nothing", "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(8));
  stage.broker.judge = [](const Publication&) { return ReasonCode{0x97}; };
  stage.spool.commit(EventClass::telemetry, 50);
  stage.run();
  CHECK(stage.cursor(EventClass::telemetry) == stage.cursor_was);
  CHECK(stage.failure().find("quota exceeded") != std::string::npos);
  stage.broker.judge = [](const Publication&) { return ReasonCode{0}; };
  stage.pass(6s);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{stage.cursor_was.value + 50});
  CHECK(stage.spool.aside.empty());
}

TEST_CASE("an upstream that takes no batches costs few refusals", "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(8));
  stage.broker.judge = [](const Publication& each) {
    return ReasonCode{is_batch(each) ? std::uint8_t{0x87} : std::uint8_t{0}};
  };
  for (int i = 0; i < 200; ++i) {
    stage.spool.commit(EventClass::telemetry, 100);
    stage.run();
  }
  CHECK(stage.cursor(EventClass::telemetry) == Seq{stage.cursor_was.value + 20'000});
  CHECK(stage.spool.aside.empty());
  const auto rounds = stage.uplink->status().counts.refused;
  CHECK(rounds >= 4);
  // Each round sends one window of batches, and the rounds become ever rarer.
  CHECK(batches_in(stage.news()) <= 150);
  // When the broker takes events again, that is noticed.
  stage.broker.judge = [](const Publication&) { return ReasonCode{0}; };
  const auto before = batches_in(stage.news());
  for (int i = 0; i < 400; ++i) {
    stage.spool.commit(EventClass::telemetry, 100);
    stage.run();
  }
  CHECK(batches_in(stage.news()) > before + 1'000);
}

TEST_CASE("a batch that breaks one link after another goes event by event, to the one at fault",
          "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(8));
  const Seq bad{stage.cursor_was.value + 13};
  stage.spool.commit(EventClass::telemetry, 40);
  stage.broker.judge = [&](const Publication& publication) {
    if (publication.retain) return ReasonCode{0};
    const auto all = sequences_in(publication);
    if (std::find(all.begin(), all.end(), bad.value) != all.end()) {
      stage.publisher->lose({Failure::Kind::unavailable, "the broker fell over", "Wait"});
    }
    return ReasonCode{0};
  };
  stage.run();
  for (int i = 0; i < 12; ++i) stage.pass(61s);
  REQUIRE(stage.spool.aside.size() == 1);
  CHECK(stage.spool.aside.at(1).record.seq == bad);
  CHECK(stage.cursor(EventClass::telemetry) == Seq{stage.cursor_was.value + 40});
  // The refused record was sent twice in a batch, then alone.
  std::size_t in_batches = 0;
  for (const auto& each : stage.news()) {
    const auto all = sequences_in(each);
    const bool held = std::find(all.begin(), all.end(), bad.value) != all.end();
    in_batches += held && is_batch(each) ? 1U : 0U;
  }
  CHECK(in_batches == 2);
}

TEST_CASE("max_rate counts events, not publications", "[upstream][unit]") {
  Stage stage;
  stage.spool.commit(EventClass::telemetry, 10'000);
  auto options = with_batches(100);
  options.max_rate = 100;
  stage.open(options);
  for (int i = 0; i < 100; ++i) stage.pass(100ms);
  std::size_t events = 0;
  for (const auto& each : stage.events()) events += sequences_in(each).size();
  CHECK(events <= 1'010);
  CHECK(events >= 980);
  CHECK(stage.events().size() < events / 4);
}

TEST_CASE("what a silent receiver was sent in batches goes singly the next time",
          "[upstream][unit]") {
  // The receiver may be unable to read batches, though its broker takes them.
  BatchStage stage;
  auto options = with_batches(10);
  options.forwarding.custody.fill(Custody::receipt);
  stage.open_wide(options);
  stage.spool.commit(EventClass::telemetry, 50);
  stage.run();
  REQUIRE(batches_in(stage.news()) > 0);
  stage.seen = stage.events().size();
  stage.pass(61s);
  REQUIRE_FALSE(stage.news().empty());
  CHECK(batches_in(stage.news()) == 0);
}

TEST_CASE("a slow link gets small batches, so that no alarm is behind a large one",
          "[upstream][unit]") {
  // The link carries 2 kB a second with a delay of 50 ms, and the text is not compressed.
  constexpr std::size_t kRate = 2'000;
  Stage stage;
  stage.broker.answers = false;
  auto options = with_batches(100);
  options.forwarding.window = 100;
  stage.spool.commit(EventClass::telemetry, 5'000);
  stage.open(options, Pace::kEvents.first);
  stage.publisher->accept();
  stage.run();
  std::size_t answered = 0;
  SteadyDuration slowest{0};
  while (answered < stage.broker.received.size() && stage.clock.now < SteadyTime{1h + 5min}) {
    // Everything that is under way now would arrive before an alarm.
    std::size_t queued = 0;
    for (auto i = answered; i < stage.broker.received.size(); ++i) {
      queued += stage.broker.received[i].payload.size() + 100;
    }
    if (stage.clock.now > SteadyTime{1h + 10s}) {
      slowest =
          std::max<SteadyDuration>(slowest, std::chrono::milliseconds{queued * 1'000 / kRate});
    }
    const auto size = stage.broker.received[answered].payload.size() + 100;
    stage.clock.now += std::chrono::milliseconds{size * 1'000 / kRate + 50};
    stage.publisher->acknowledge(stage.broker.received[answered++].token);
    stage.run();
  }
  CHECK(batches_in(stage.events()) > 20);
  CHECK(slowest < 3s);
  CHECK(stage.broker.connects == 1);
}

TEST_CASE("the bytes under way stay bounded, by one batch more at most", "[upstream][unit]") {
  BatchStage stage;
  stage.open_wide(with_batches(1'000));
  stage.broker.answers = false;
  stage.spool.commit(EventClass::telemetry, 5'000);
  stage.run();
  std::size_t bytes = 0;
  for (const auto& each : stage.news()) bytes += each.payload.size();
  CHECK(bytes > kMostText / 2);
  CHECK(bytes <= 2 * kMostText);
}

}  // namespace watchpost::upstream
