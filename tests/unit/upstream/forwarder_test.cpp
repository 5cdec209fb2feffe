#include <algorithm>
#include <vector>

#include "support/catch.hpp"
#include "support/fake_log.hpp"

namespace watchpost::upstream {
namespace {

using upstream_test::a_window;
using upstream_test::FakeLog;
using upstream_test::fill;

std::size_t count_of(const std::vector<Forwarder::Next>& sent, EventClass event_class) {
  return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [&](const auto& next) {
    return next.record->event_class == event_class;
  }));
}

constexpr std::size_t kAlarm = index_of(EventClass::alarm);

}  // namespace

TEST_CASE("forwarder moves the cursor only over contiguous acknowledgements", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 3);
  Forwarder forwarder(a_window(8, 2), {.heads = log.heads});
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
  Forwarder forwarder(a_window(8, 2), {.heads = log.heads});

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
  Forwarder forwarder(a_window(16, 4), {.heads = log.heads});
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
  Forwarder forwarder(a_window(4, 1), {.heads = log.heads});
  PerClass<std::size_t> counts{};
  auto sent = fill(forwarder, log);
  for (int i = 0; i < 1'600; ++i) {
    forwarder.acknowledged(sent.front().token);
    sent.erase(sent.begin());
    for (auto& next : fill(forwarder, log)) {
      ++counts[index_of(next.record->event_class)];
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
  Forwarder forwarder(a_window(8, 2), {.heads = log.heads});
  const auto before = fill(forwarder, log);
  forwarder.acknowledged(before[0].token);
  forwarder.acknowledged(before[3].token);

  forwarder.link_lost();
  const auto again = fill(forwarder, log);

  REQUIRE(again.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(again[i].record->seq == Seq{i + 2});
  // A late acknowledgement from the old link acknowledges nothing.
  CHECK_FALSE(forwarder.acknowledged(before[1].token));
  CHECK(forwarder.cursor(EventClass::patrol) == Seq{1});
}

TEST_CASE("forwarder throws away an answer asked for before the link was lost",
          "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 600);
  ForwarderOptions options = a_window(4, 1);
  options.prefetch_records = 256;
  Forwarder forwarder(options, {.heads = log.heads});
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
  CHECK(again.front().record->seq == forwarder.cursor(EventClass::alarm).next());
}

TEST_CASE("forwarder counts an unwanted class as delivered", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::telemetry, 9);
  log.add(EventClass::alarm, 1);
  auto options = a_window(8, 2);
  options.wanted[index_of(EventClass::telemetry)] = false;
  Forwarder forwarder(options, {.heads = log.heads});

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
  Forwarder forwarder(a_window(8, 2), {.heads = log.heads});
  const auto sent = fill(forwarder, log);
  REQUIRE(sent.size() == 4);

  forwarder.refused(sent[1].token, refusal_of(ReasonCode{0x97}));
  log.add(EventClass::alarm, 1);
  log.add(EventClass::telemetry, 1);
  forwarder.committed(log.heads);

  // The refused class rests, and other classes go on.
  const auto meanwhile = fill(forwarder, log);
  REQUIRE(meanwhile.size() == 1);
  CHECK(meanwhile[0].record->event_class == EventClass::alarm);
  for (const auto& next : sent) forwarder.acknowledged(next.token);
  CHECK(forwarder.cursor(EventClass::telemetry) == Seq{0});
  CHECK(forwarder.cursor(EventClass::patrol) == Seq{1});

  forwarder.retry_refused();
  const auto again = fill(forwarder, log);
  REQUIRE(again.size() == 4);
  CHECK(again[0].record->seq == Seq{1});
}

TEST_CASE("forwarder does not send again what is set aside behind a record that waits",
          "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 3);
  Forwarder forwarder(a_window(8, 2), {.heads = log.heads});
  const auto sent = fill(forwarder, log);
  REQUIRE(sent.size() == 3);
  forwarder.refused(sent[0].token, refusal_of(ReasonCode::quota_exceeded));
  forwarder.refused(sent[1].token, refusal_of(ReasonCode::topic_name_invalid));
  const auto condemned = forwarder.next_condemned();
  REQUIRE(condemned.has_value());
  forwarder.lane(EventClass::alarm).pass_set_aside(condemned->seq);

  forwarder.link_lost();
  forwarder.retry_refused();
  const auto again = fill(forwarder, log);

  REQUIRE(again.size() == 2);
  CHECK(again[0].record->seq == Seq{1});
  CHECK(again[1].record->seq == Seq{3});
  forwarder.acknowledged(again[0].token);
  forwarder.acknowledged(again[1].token);
  CHECK(forwarder.take_moved(EventClass::alarm) == Seq{3});
}

TEST_CASE("forwarder loses nothing where more is set aside than it remembers", "[upstream][unit]") {
  constexpr std::size_t kAlarms = Lane::kMostAside + 200;
  FakeLog log;
  log.add(EventClass::alarm, kAlarms);
  Forwarder forwarder(a_window(1'000, 2), {.heads = log.heads});
  Lane& lane = forwarder.lane(EventClass::alarm);
  // The first waits, all others are set aside; then the link is lost. In the second round the
  // memory is full, so in the third some are sent once more.
  const auto round = [&] {
    const auto sent = fill(forwarder, log);
    for (std::size_t i = 1; i < sent.size(); ++i) {
      forwarder.refused(sent[i].token, refusal_of(ReasonCode::topic_name_invalid));
    }
    while (const auto condemned = forwarder.next_condemned()) lane.pass_set_aside(condemned->seq);
    forwarder.refused(sent[0].token, refusal_of(ReasonCode::quota_exceeded));
    forwarder.link_lost();
    forwarder.retry_refused();
    return sent.size();
  };
  CHECK(round() == 1'000);
  CHECK(round() == 1 + 200);
  CHECK(round() == 1 + kAlarms - 1 - Lane::kMostAside);
  for (const auto& next : fill(forwarder, log)) forwarder.acknowledged(next.token);
  CHECK(forwarder.take_moved(EventClass::alarm) == Seq{kAlarms});
}

TEST_CASE("forwarder stops reading a class whose read failed until told", "[upstream][unit]") {
  FakeLog log;
  log.add(EventClass::alarm, 1);
  Forwarder forwarder(a_window(8, 2), {.heads = log.heads});
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
  Forwarder forwarder(options, {.heads = log.heads});
  auto request = forwarder.next_read();
  REQUIRE(request);
  CHECK(request->most_records == 10);
  forwarder.answered(EventClass::telemetry, log.read(*request));
  CHECK_FALSE(forwarder.next_read());
}

}  // namespace watchpost::upstream
