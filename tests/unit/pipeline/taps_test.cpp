#include "pipeline/taps.hpp"

#include <algorithm>
#include <string>

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;

namespace {

using namespace std::chrono_literals;

struct Round {
  Taps taps;
  std::vector<Fact> facts;
  WallTime now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});

  Observation tap(Observation scan, std::chrono::seconds after = 0s, bool is_again = false) {
    taps.judge(scan, {now + after, SteadyTime{after}, is_again}, facts);
    return scan;
  }
  // As the store gives back what it kept.
  void restart() {
    taps = Taps{};
    for (const Fact& fact : facts) taps.recall(std::get<Remembered>(fact));
  }
};

Observation scan_of(std::string_view tag, std::string_view reader = "gate") {
  Observation scan;
  scan.kind = Kind::patrol_scan;
  scan.device = reader;
  scan.readings.push_back({"tag_uid", "", std::string(tag)});
  return scan;
}

bool is_visit(const Observation& scan) {
  const Reading* reading = scan.find("visit");
  REQUIRE(reading != nullptr);
  return std::get<bool>(reading->value);
}

std::string told(const Taps& taps, SteadyTime now) {
  std::string all;
  for (const Trouble& trouble : taps.troubles(now)) {
    all += sentence_of(trouble, Language::english) + "\n";
    CHECK_FALSE(sentence_of(trouble, Language::chinese).empty());
  }
  return all;
}

}  // namespace

TEST_CASE("three publishes of one tap are one visit", "[pipeline][unit]") {
  Round round;
  CHECK(is_visit(round.tap(scan_of("94D8FC5F"))));
  const auto second = round.tap(scan_of("94D8FC5F"), 3s);
  CHECK_FALSE(is_visit(second));
  CHECK(second.flags == std::vector<std::string>{"repeat"});
  CHECK_FALSE(is_visit(round.tap(scan_of("94D8FC5F"), 7s)));
  CHECK(round.facts.size() == 1);  // one row of the store for one visit
  CHECK(is_visit(round.tap(scan_of("94D8FC5F"), 3min)));
  CHECK(is_visit(round.tap(scan_of("11223344"), 181s)));
  CHECK(is_visit(round.tap(scan_of("94D8FC5F", "bridge"), 182s)));
}

TEST_CASE("a restart between two publishes of one tap makes no second visit", "[pipeline][unit]") {
  Round round;
  CHECK(is_visit(round.tap(scan_of("94D8FC5F"))));
  round.restart();
  CHECK_FALSE(is_visit(round.tap(scan_of("94D8FC5F"), 5s)));
  // Sent again by the sender's word, however late.
  round.restart();
  CHECK_FALSE(is_visit(round.tap(scan_of("94D8FC5F"), 2h, true)));
}

TEST_CASE("taps that a reader kept while it had no network are told apart by its own clock",
          "[pipeline][unit]") {
  Round round;
  auto early = scan_of("94D8FC5F");
  early.observed_at = round.now - 2h;
  auto late = scan_of("94D8FC5F");
  late.observed_at = round.now - 1h;
  CHECK(is_visit(round.tap(early)));
  CHECK(is_visit(round.tap(late, 1s)));
  CHECK_FALSE(is_visit(round.tap(late, 2s)));
}

TEST_CASE("a tap whose message was not kept is a visit when it comes again", "[pipeline][unit]") {
  Round round;
  CHECK(is_visit(round.tap(scan_of("11223344"))));
  CHECK(is_visit(round.tap(scan_of("94D8FC5F"))));
  round.taps.not_kept(std::get<Remembered>(round.facts.back()));
  CHECK(is_visit(round.tap(scan_of("94D8FC5F"), 1s)));
  CHECK_FALSE(is_visit(round.tap(scan_of("11223344"), 1s)));
}

TEST_CASE("a copied link is no visit and is told for a day", "[pipeline][unit]") {
  Round round;
  auto copied = scan_of("04DE5F1EACC040");
  copied.flags = {"replayed"};
  CHECK_FALSE(is_visit(round.tap(copied)));
  CHECK(told(round.taps, SteadyTime{1h}).find("04DE5F1EACC040 (gate)") != std::string::npos);
  CHECK(told(round.taps, SteadyTime{25h}).empty());
}

TEST_CASE("what a broker kept is no visit, unless its proof is new", "[pipeline][unit]") {
  Round round;
  auto copy = scan_of("94D8FC5F");
  copy.stored_copy = true;
  CHECK_FALSE(is_visit(round.tap(copy)));
  copy.readings.push_back({"auth", "", std::string("sun_ok")});
  CHECK(is_visit(round.tap(copy)));
}

TEST_CASE("counters that a backup brought back are told until the last tag was tapped",
          "[pipeline][unit]") {
  Taps taps;
  taps.recall({"tag_reader", std::string(kRememberedInCopy), "backup"});
  CHECK(told(taps, {}).find("backup") != std::string::npos);
  taps.recall({"tag_reader", std::string(kRememberedInCopy), ""});
  CHECK(told(taps, {}).empty());
}

TEST_CASE("readers that come and go leave no rows behind", "[pipeline][unit]") {
  Round round;
  for (std::size_t i = 0; i <= Taps::kMostReaders; ++i) {
    round.tap(scan_of("94D8FC5F", "reader " + std::to_string(i)));
  }
  const auto forgotten = std::count_if(round.facts.begin(), round.facts.end(), [](const Fact& f) {
    return std::get<Remembered>(f).value.empty();
  });
  CHECK(forgotten == 1);
}

TEST_CASE("what is no tap is left as it is", "[pipeline][unit]") {
  Round round;
  Observation smoke;
  smoke.kind = Kind::smoke;
  smoke.device = "kitchen";
  CHECK(round.tap(smoke).readings.empty());
  CHECK(round.facts.empty());
}
