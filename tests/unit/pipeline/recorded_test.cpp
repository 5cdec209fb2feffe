#include "model/recorded.hpp"

#include "pipeline/annotation.hpp"
#include "support/catch.hpp"

using namespace watchpost;

namespace {

Record record_of(const Observation& observation) {
  const rules::Verdict verdict = rules::judge(observation);
  Record record;
  record.type = RecordType::observation;
  record.device = observation.device;
  record.domain = domain_of(observation);
  record.observed_at = observation.observed_at;
  record.annotation = pipeline::annotate({observation, verdict}, "senml", {});
  return record;
}

}  // namespace

TEST_CASE("what was observed is read back from its record", "[pipeline][unit]") {
  Observation observation;
  observation.device = "river-1";
  observation.kind = Kind::water_level;
  observation.state = DeclaredState::alarm;
  observation.observed_at = WallTime{std::chrono::seconds{1'795'392'000}};
  observation.time_source = TimeSource::device;
  observation.quality = Quality::suspect;
  observation.domain = Domain::fire;
  observation.readings = {{"level", "m", 4.02},
                          {"tilt", "", true},
                          {"mode", "", std::string("night")},
                          {"battery", "%EL", {}}};
  observation.flags = {"clock_suspect"};
  const auto read = observation_of(record_of(observation));
  REQUIRE(read);
  CHECK(read->device == observation.device);
  CHECK(read->kind == observation.kind);
  CHECK(read->state == observation.state);
  CHECK(read->observed_at == observation.observed_at);
  CHECK(read->time_source == observation.time_source);
  CHECK(read->quality == observation.quality);
  CHECK(read->domain == observation.domain);
  CHECK(read->readings == observation.readings);
  CHECK(read->flags == observation.flags);
  CHECK_FALSE(read->history);
  CHECK_FALSE(read->stored_copy);
}

TEST_CASE("a late record and a broker's copy are known as such, and what is no observation is none",
          "[pipeline][unit]") {
  Observation observation;
  observation.device = "s";
  observation.kind = Kind::smoke;
  observation.state = DeclaredState::alarm;
  observation.history = true;
  REQUIRE(observation_of(record_of(observation)));
  CHECK(observation_of(record_of(observation))->history);
  observation.history = false;
  observation.stored_copy = true;
  observation.flags = {"retained"};
  CHECK(observation_of(record_of(observation))->stored_copy);
  Record transition = record_of(observation);
  transition.type = RecordType::transition;
  CHECK_FALSE(observation_of(transition));
  Record broken = record_of(observation);
  broken.annotation = "{";
  CHECK_FALSE(observation_of(broken));
}
