#include "receiver/gap_watch.hpp"

#include "receiver/store.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"
#include "unit/receiver/events.hpp"

using namespace watchpost;
using namespace watchpost::receiver;
using namespace watchpost::receiver::test;

namespace {

const SteadyTime kStart{std::chrono::hours{5}};
using std::chrono::seconds;

Survey with(std::initializer_list<SeqRange> ranges) {
  Survey survey;
  for (const SeqRange& range : ranges) {
    survey.gaps.push_back({kSource, kEpoch, EventClass::telemetry, range});
  }
  return survey;
}

}  // namespace

TEST_CASE("a gap is told once, when it has been open for a minute", "[receiver][unit]") {
  GapWatch watch;
  REQUIRE(watch.look(with({{Seq{2}, Seq{9}}}), kStart).empty());
  REQUIRE(watch.look(with({{Seq{2}, Seq{9}}}), kStart + seconds{59}).empty());
  // Some numbers came meanwhile; the rest of the gap is as old as before.
  const auto told = watch.look(with({{Seq{4}, Seq{6}}, {Seq{20}, Seq{20}}}), kStart + seconds{60});
  REQUIRE(told.size() == 1);
  REQUIRE(told.front().range == SeqRange{Seq{4}, Seq{6}});
  REQUIRE(watch.look(with({{Seq{4}, Seq{4}}, {Seq{20}, Seq{20}}}), kStart + seconds{119}).empty());
  REQUIRE(watch.look(with({{Seq{20}, Seq{20}}}), kStart + seconds{120}).size() == 1);
}

TEST_CASE("a gap that closed in time is not told, and counts anew when it is another one",
          "[receiver][unit]") {
  GapWatch watch;
  REQUIRE(watch.look(with({{Seq{2}, Seq{2}}}), kStart).empty());
  REQUIRE(watch.look(with({}), kStart + seconds{30}).empty());
  Survey other = with({{Seq{2}, Seq{2}}});
  other.gaps.front().epoch = "7f3a0002";
  REQUIRE(watch.look(other, kStart + seconds{61}).empty());
}

TEST_CASE("a survey names what is missing below what came, and nothing else", "[receiver][unit]") {
  const support::TempDirectory directory;
  const auto file = directory.path() / "RECEIVED.db";
  std::optional<Store> store = Store::open(file).value();
  const auto keep = [&](const std::vector<Message>& messages) {
    REQUIRE(store->keep(messages, WallTime{}).has_value());
  };
  keep({online(1, 1), telemetry(1), telemetry(3), telemetry(7)});
  EventParts other;
  other.gateway = "zhaoxiang-04";
  keep({message(other), gap(1, {Seq{4}, Seq{5}})});
  for (int again = 0; again < 2; ++again) {
    const Survey survey = store->survey().value();
    REQUIRE(survey.gateways == 2);
    REQUIRE(survey.gaps.size() == 2);
    REQUIRE(survey.gaps[0].range == SeqRange{Seq{2}, Seq{2}});
    REQUIRE(survey.gaps[1].range == SeqRange{Seq{6}, Seq{6}});
    REQUIRE(survey.gaps[1].source == kSource);
    store.reset();
    store = Store::open(file).value();
  }
  keep({telemetry(2), telemetry(6)});
  REQUIRE(store->survey().value().gaps.empty());
}
