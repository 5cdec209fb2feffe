// What is entered of a household is for the people of this gateway: none of it is in a record.
#include <boost/json.hpp>

#include "bench.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;
using namespace watchpost::pipeline::testing;
using namespace watchpost::support;

TEST_CASE("no record says what is known of a household, only which of it was changed",
          "[pipeline][unit]") {
  Bench bench;
  const auto enter = [&bench](const DeviceCard& card) {
    Device device;
    device.id = "kitchen";
    if (!card.empty()) device.card = card;
    bench.pipeline.enter(device, {Origin::cli, "Wang", "desk"}, [](const CommandResult&) {});
    bench.spool.commit();
    return bench.spool.committed.back().annotation;
  };
  using boost::json::array;
  const auto changed = [](const std::string& data) {
    return boost::json::parse(data).at("changed").as_array();
  };
  const DeviceCard card{"t-north", "t-Zhang", "t-Mei", "t-80", "t-f", "t-agreed"};
  const std::string first = enter(card);
  CHECK(changed(first) == array{"group", "household", "contact", "age_group", "sex", "consent"});
  DeviceCard other = card;
  other.contact = "t-Li";
  const std::string second = enter(other);
  CHECK(changed(second) == array{"contact"});
  CHECK(changed(enter({})).size() == 6);
  enter(other);
  bench.decoder.answer = {decode::Outcome::decoded,
                          "senml",
                          "",
                          {observed(Kind::smoke, DeclaredState::alarm, "kitchen")},
                          ""};
  bench.submit("{}");
  bench.spool.commit();
  REQUIRE(bench.pipeline.judging().card_of("kitchen") == other);
  for (const Record& record : bench.spool.committed) {
    CAPTURE(record.annotation);
    CHECK(record.annotation.find("t-") == std::string::npos);
  }
}
