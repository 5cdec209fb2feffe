// What the pipeline remembers with a message, and takes back when that was not committed.
#include <algorithm>

#include "bench.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::pipeline::testing;
using namespace watchpost::support;

namespace {

std::size_t remembered(const spool::Append& append) {
  return static_cast<std::size_t>(
      std::count_if(append.facts.begin(), append.facts.end(),
                    [](const Fact& fact) { return std::holds_alternative<Remembered>(fact); }));
}

}  // namespace

TEST_CASE("a tap leaves with its visit, remembered in the same append", "[pipeline][unit]") {
  Bench site;
  auto scan = observed(Kind::patrol_scan, DeclaredState::info);
  scan.readings = {{"tag_uid", "", std::string("94D8FC5F")}};
  site.decoder.answer = {decode::Outcome::decoded, "tag_reader", "kitchen", {scan}, ""};
  site.submit("94D8FC5F");
  CHECK(site.spool.waiting.at(0).records.at(0).event_class == EventClass::patrol);
  CHECK(remembered(site.spool.waiting[0]) == 1);
  CHECK(site.annotation(0).at("readings").as_array().at(1).at("vb").as_bool());

  // Not committed: the sender sends it again, and it is the visit then.
  site.spool.fail({Failure::Kind::storage, "full", "make room"});
  site.submit("94D8FC5F");
  CHECK(site.annotation(0).at("readings").as_array().at(1).at("vb").as_bool());
  site.spool.commit();
  site.submit("94D8FC5F");
  CHECK_FALSE(site.annotation(0).at("readings").as_array().at(1).at("vb").as_bool());
}

TEST_CASE("a decoder is told what of its memory was not kept", "[pipeline][unit]") {
  AnsweringDecoder decoder;
  decoder.answer = {decode::Outcome::ignored, "tag_reader", "", {}, ""};
  decoder.answer.remembered = {{"tag_reader", "counter 04", "61"}};
  MemorySpool spool;
  ManualClock clock;
  auto settled = std::make_shared<SettledList>();
  {
    Pipeline pipeline{decoder, spool, clock};
    pipeline.submit(Message{*Topic::parse("gate/tag"), "x"}, {}, {settled, TicketNumber{1}});
    spool.commit();
    CHECK(decoder.lost.empty());
    pipeline.submit(Message{*Topic::parse("gate/tag"), "x"}, {}, {settled, TicketNumber{2}});
    spool.fail({Failure::Kind::storage, "full", "make room"});
    CHECK(decoder.lost == std::vector<std::string>{"61"});
    pipeline.submit(Message{*Topic::parse("gate/tag"), "x"}, {}, {settled, TicketNumber{3}});
  }
  // The spool outlives the pipeline.
  spool.fail({Failure::Kind::storage, "full", "make room"});
  CHECK(decoder.lost.size() == 1);
}

TEST_CASE("what proves a device is remembered with its message", "[pipeline][unit]") {
  Bench site;
  site.decoder.answer = {decode::Outcome::decoded,
                         "zigbee2mqtt",
                         "kitchen",
                         {observed(Kind::smoke, DeclaredState::normal)},
                         ""};
  site.submit("{}");
  CHECK(site.pipeline.proofs().trouble(site.clock.wall_time, site.pipeline.devices()));
  site.decoder.answer.observations = {observed(Kind::smoke, DeclaredState::alarm)};
  site.submit("{}");
  CHECK(remembered(site.spool.waiting.at(1)) == 1);
  CHECK_FALSE(site.pipeline.proofs().trouble(site.clock.wall_time, site.pipeline.devices()));
}
