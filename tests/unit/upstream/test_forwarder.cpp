#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "support/catch.hpp"
#include "unit/upstream/records.hpp"
#include "upstream/forwarder.hpp"

namespace watchpost::upstream {
namespace {

using upstream_test::a_record;
using upstream_test::with_payload;

// The log as the spool would answer: some numbers do not exist.
struct FakeLog {
  PerClass<std::set<std::uint64_t>> stored;
  PerClass<Seq> heads;

  void add(EventClass event_class, std::uint64_t count = 1) {
    auto& head = heads[index_of(event_class)];
    for (std::uint64_t i = 0; i < count; ++i) {
      ++head;
      stored[index_of(event_class)].insert(head.value);
    }
  }
  void hole(EventClass event_class, std::uint64_t count) {
    heads[index_of(event_class)].value += count;
  }
  [[nodiscard]] std::vector<Record> read(const spool::ReadRequest& request) const {
    std::vector<Record> records;
    const auto& numbers = stored[index_of(request.event_class)];
    for (auto it = numbers.upper_bound(request.after.value); it != numbers.end(); ++it) {
      if (records.size() == request.most_records) break;
      records.push_back(with_payload(a_record(request.event_class, *it), "1"));
    }
    return records;
  }
};

void read_all(Forwarder& forwarder, const FakeLog& log) {
  while (const auto request = forwarder.next_read()) {
    forwarder.answered(request->event_class, log.read(*request));
  }
}

std::vector<Forwarder::Next> fill(Forwarder& forwarder, const FakeLog& log) {
  std::vector<Forwarder::Next> sent;
  while (true) {
    read_all(forwarder, log);
    auto next = forwarder.next();
    if (!next) return sent;
    sent.push_back(std::move(*next));
  }
}

ForwarderOptions a_window(std::size_t window, std::size_t alarm_slots) {
  ForwarderOptions options;
  options.window = window;
  options.alarm_slots = alarm_slots;
  return options;
}

std::size_t count_of(const std::vector<Forwarder::Next>& sent, EventClass event_class) {
  return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [&](const auto& next) {
    return next.record.event_class == event_class;
  }));
}

constexpr std::size_t kAlarm = index_of(EventClass::alarm);

}  // namespace

TEST_CASE("forwarder moves the cursor only over contiguous acknowledgements", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 3);
  Forwarder forwarder(a_window(8, 2), {}, log.heads);
  const auto sent = fill(forwarder, log);
  REQUIRE(sent.size() == 3);
  CHECK_FALSE(forwarder.take_moved(EventClass::alarm));

  forwarder.acknowledged(sent[2].token);
  forwarder.acknowledged(sent[1].token);
  CHECK_FALSE(forwarder.take_moved(EventClass::alarm));

  forwarder.acknowledged(sent[0].token);
  CHECK(forwarder.take_moved(EventClass::alarm) == Seq{3});
  CHECK_FALSE(forwarder.take_moved(EventClass::alarm));
}

TEST_CASE("forwarder steps over numbers that do not exist", "[upstream][unit]") {
  FakeLog log;
  log.hole(EventClass::alarm, 2);
  log.add(EventClass::alarm, 1);
  log.hole(EventClass::alarm, 4);
  Forwarder forwarder(a_window(8, 2), {}, log.heads);

  const auto sent = fill(forwarder, log);

  REQUIRE(sent.size() == 1);
  CHECK(forwarder.take_moved(EventClass::alarm) == Seq{2});
  forwarder.acknowledged(sent[0].token);
  CHECK(forwarder.take_moved(EventClass::alarm) == Seq{7});
  CHECK(forwarder.backlog(EventClass::alarm) == 0);
}

TEST_CASE("forwarder keeps slots for an alarm behind a full backlog", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::telemetry, 1'000);
  Forwarder forwarder(a_window(16, 4), {}, log.heads);
  CHECK(fill(forwarder, log).size() == 12);

  log.add(EventClass::alarm, 6);
  forwarder.committed(log.heads);

  const auto sent = fill(forwarder, log);
  CHECK(count_of(sent, EventClass::alarm) == 4);
  CHECK(forwarder.in_flight() == 16);
}

TEST_CASE("forwarder gives telemetry one publication in sixteen at least", "[upstream][unit]") {
  FakeLog log;
  for (const EventClass event_class : kEventClasses) log.add(event_class, 5'000);
  Forwarder forwarder(a_window(4, 1), {}, log.heads);
  PerClass<std::size_t> counts{};
  auto sent = fill(forwarder, log);
  for (int i = 0; i < 1'600; ++i) {
    forwarder.acknowledged(sent.front().token);
    sent.erase(sent.begin());
    for (auto& next : fill(forwarder, log)) {
      ++counts[index_of(next.record.event_class)];
      sent.push_back(std::move(next));
    }
  }

  CHECK(counts[index_of(EventClass::telemetry)] >= 90);
  CHECK(counts[kAlarm] > counts[index_of(EventClass::patrol)]);
  CHECK(counts[index_of(EventClass::patrol)] > counts[index_of(EventClass::status)]);
}

TEST_CASE("forwarder sends everything unacknowledged again after a lost link", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::patrol, 5);
  Forwarder forwarder(a_window(8, 2), {}, log.heads);
  const auto before = fill(forwarder, log);
  forwarder.acknowledged(before[0].token);
  forwarder.acknowledged(before[3].token);

  forwarder.link_lost();
  const auto again = fill(forwarder, log);

  REQUIRE(again.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(again[i].record.seq == Seq{i + 2});
  // An acknowledgement of the old link that arrives late settles nothing.
  CHECK_FALSE(forwarder.acknowledged(before[1].token));
  CHECK(forwarder.cursor(EventClass::patrol) == Seq{1});
}

TEST_CASE("forwarder throws away an answer asked for before the link was lost",
          "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 600);
  Forwarder forwarder(a_window(4, 1), {}, log.heads);
  auto sent = fill(forwarder, log);
  for (int i = 0; i < 200; ++i) {
    forwarder.acknowledged(sent.front().token);
    sent.erase(sent.begin());
    if (auto next = forwarder.next()) sent.push_back(std::move(*next));
  }
  const auto request = forwarder.next_read();
  REQUIRE(request);

  forwarder.link_lost();
  forwarder.answered(request->event_class, log.read(*request));

  const auto again = fill(forwarder, log);
  CHECK(again.front().record.seq == forwarder.cursor(EventClass::alarm).next());
}

TEST_CASE("forwarder counts an unwanted class as settled", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::telemetry, 9);
  log.add(EventClass::alarm, 1);
  auto options = a_window(8, 2);
  options.wanted[index_of(EventClass::telemetry)] = false;
  Forwarder forwarder(options, {}, log.heads);

  CHECK(count_of(fill(forwarder, log), EventClass::telemetry) == 0);
  CHECK(forwarder.take_moved(EventClass::telemetry) == Seq{9});
  log.add(EventClass::telemetry, 1);
  forwarder.committed(log.heads);
  CHECK(forwarder.take_moved(EventClass::telemetry) == Seq{10});
}

TEST_CASE("forwarder never counts a refused record as delivered", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::telemetry, 3);
  log.add(EventClass::patrol, 1);
  Forwarder forwarder(a_window(8, 2), {}, log.heads);
  const auto sent = fill(forwarder, log);
  REQUIRE(sent.size() == 4);

  forwarder.refused(sent[1].token);
  log.add(EventClass::alarm, 1);
  log.add(EventClass::telemetry, 1);
  forwarder.committed(log.heads);

  // Other classes go on, the refused one rests.
  const auto meanwhile = fill(forwarder, log);
  REQUIRE(meanwhile.size() == 1);
  CHECK(meanwhile[0].record.event_class == EventClass::alarm);
  for (const auto& next : sent) forwarder.acknowledged(next.token);
  CHECK(forwarder.cursor(EventClass::telemetry) == Seq{0});
  CHECK(forwarder.cursor(EventClass::patrol) == Seq{1});

  forwarder.retry_refused();
  const auto again = fill(forwarder, log);
  REQUIRE(again.size() == 4);
  CHECK(again[0].record.seq == Seq{1});
}

TEST_CASE("forwarder stops reading a class whose read failed until told", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 1);
  Forwarder forwarder(a_window(8, 2), {}, log.heads);
  REQUIRE(forwarder.next_read());
  forwarder.answered(EventClass::alarm, Failure{Failure::Kind::storage, "broken", ""});

  CHECK(forwarder.has_failed_read());
  CHECK_FALSE(forwarder.next_read());
  CHECK(forwarder.cursor(EventClass::alarm) == Seq{0});
  forwarder.retry_reads();
  CHECK(fill(forwarder, log).size() == 1);
}

TEST_CASE("forwarder holds no more than its prefetch bounds", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::telemetry, 10'000);
  auto options = a_window(2, 1);
  options.prefetch_records = 10;
  Forwarder forwarder(options, {}, log.heads);
  auto request = forwarder.next_read();
  REQUIRE(request);
  CHECK(request->most_records == 10);
  forwarder.answered(EventClass::telemetry, log.read(*request));
  CHECK_FALSE(forwarder.next_read());
}

// The model: a record is delivered when it was acknowledged; a cursor may stand only where
// everything up to it that exists was acknowledged.
class ModelRun {
 public:
  explicit ModelRun(std::uint32_t seed)
      : random_(seed), options_(drawn_options()), forwarder_(options_, {}, {}) {}

  void step() {
    const EventClass event_class = kEventClasses[random_() % kEventClassCount];
    const auto dice = random_() % 12;
    if (dice < 2) return grow_log(event_class, dice == 0);
    if (dice < 4) return ask();
    if (dice < 6) return answer();
    if (dice == 6) return lose_link();
    if (dice == 7) return refuse();
    if (dice < 10) return acknowledge();
    publish();
  }

  void check() {
    REQUIRE(forwarder_.in_flight() == outstanding_.size());
    REQUIRE(outstanding_.size() <= options_.window);
    for (std::size_t i = 0; i < kEventClassCount; ++i) {
      const Seq cursor = forwarder_.cursor(kEventClasses[i]);
      REQUIRE(cursor >= cursors_[i]);
      for (auto seq = cursors_[i].value + 1; seq <= cursor.value; ++seq) {
        if (log_.stored[i].contains(seq)) REQUIRE(acknowledged_[i].contains(seq));
      }
      cursors_[i] = cursor;
    }
  }

  // Left alone on a good link, it drains.
  void check_that_it_drains() {
    for (const auto& request : questions_) {
      forwarder_.answered(request.event_class, log_.read(request));
    }
    forwarder_.link_lost();
    forwarder_.retry_refused();
    for (auto sent = fill(forwarder_, log_); !sent.empty(); sent = fill(forwarder_, log_)) {
      for (const auto& next : sent) forwarder_.acknowledged(next.token);
    }
    for (const EventClass each : kEventClasses) REQUIRE(forwarder_.backlog(each) == 0);
  }

 private:
  ForwarderOptions drawn_options() {
    const auto window = 1 + random_() % 20;
    auto options = a_window(window, random_() % 8);
    options.prefetch_records = 1 + random_() % 30;
    return options;
  }
  void grow_log(EventClass event_class, bool with_records) {
    if (with_records) {
      log_.add(event_class, random_() % 20);
    } else {
      log_.hole(event_class, random_() % 5);
    }
    forwarder_.committed(log_.heads);
  }
  void ask() {
    if (auto request = forwarder_.next_read()) questions_.push_back(*request);
  }
  void answer() {
    if (questions_.empty()) return;
    forwarder_.answered(questions_.front().event_class, log_.read(questions_.front()));
    questions_.erase(questions_.begin());
  }
  void lose_link() {
    if (random_() % 10 != 0) return;
    forwarder_.link_lost();
    outstanding_.clear();
  }
  void refuse() {
    if (!outstanding_.empty() && random_() % 5 == 0) {
      forwarder_.refused(outstanding_.begin()->first);
      outstanding_.erase(outstanding_.begin());
    }
    forwarder_.retry_refused();
  }
  void acknowledge() {
    if (outstanding_.empty()) return;
    auto any = outstanding_.begin();
    std::advance(any, random_() % outstanding_.size());
    acknowledged_[index_of(any->second.first)].insert(any->second.second.value);
    forwarder_.acknowledged(any->first);
    outstanding_.erase(any);
  }
  void publish() {
    if (auto next = forwarder_.next()) {
      outstanding_[next->token] = {next->record.event_class, next->record.seq};
    }
  }

  std::mt19937 random_;
  FakeLog log_;
  ForwarderOptions options_;
  Forwarder forwarder_;
  std::map<PublishToken, std::pair<EventClass, Seq>> outstanding_;
  PerClass<std::set<std::uint64_t>> acknowledged_;
  PerClass<Seq> cursors_;
  std::vector<spool::ReadRequest> questions_;
};

TEST_CASE("forwarder agrees with a simple model under random operations", "[upstream][model]") {
  const auto first_seed = Catch::rngSeed() == 0 ? std::random_device{}() : Catch::rngSeed();
  for (std::uint32_t seed = first_seed; seed < first_seed + 300; ++seed) {
    INFO("seed " << seed);
    ModelRun run(seed);
    for (int step = 0; step < 600; ++step) {
      run.step();
      run.check();
    }
    run.check_that_it_drains();
  }
}

}  // namespace watchpost::upstream
