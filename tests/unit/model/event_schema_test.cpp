// Compares docs/event.schema.json with the words of the event contract.
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <regex>

#include "model/alarm_grade.hpp"
#include "model/alarm_state.hpp"
#include "model/event_id.hpp"
#include "model/event_topic.hpp"
#include "support/catch.hpp"

using namespace watchpost;

namespace {

boost::json::value schema() {
  std::ifstream file(std::string(WATCHPOST_SOURCE_DIR) + "/docs/event.schema.json");
  REQUIRE(file.good());
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::regex pattern_at(const boost::json::value& schema, std::string_view pointer) {
  return std::regex(std::string(schema.at_pointer(pointer).as_string()));
}

constexpr std::array kDomains{Domain::fire,   Domain::water,   Domain::fall, Domain::patrol,
                              Domain::device, Domain::gateway, Domain::other};

}  // namespace

TEST_CASE("the schema of events names the classes of the code", "[model][unit]") {
  const auto all = schema();
  std::vector<std::string> named;
  for (const auto& name : all.at_pointer("/properties/wpclass/enum").as_array()) {
    named.emplace_back(name.as_string());
  }
  REQUIRE(named.size() == kEventClassCount);
  for (const EventClass event_class : kEventClasses) {
    CHECK(named[index_of(event_class)] == to_string(event_class));
  }
}

TEST_CASE("the schema of events takes every id, type, sequence and source that is written",
          "[model][unit]") {
  const auto all = schema();
  const auto id = pattern_at(all, "/else/properties/id/pattern");
  const auto type = pattern_at(all, "/else/properties/type/pattern");
  const auto sequence = pattern_at(all, "/properties/sequence/pattern");
  const auto source = pattern_at(all, "/properties/source/pattern");
  const auto area = pattern_at(all, "/properties/wparea/pattern");

  for (const EventClass event_class : kEventClasses) {
    for (const Domain domain : kDomains) {
      Record record;
      record.type = RecordType::observation;
      record.event_class = event_class;
      record.domain = domain;
      std::string text;
      append_event_type(text, record);
      CHECK(std::regex_match(text, type));
    }
    CHECK(std::regex_match(event_id({"7f3a0001", event_class, Seq{4'711}}), id));
  }
  CHECK_FALSE(std::regex_match(std::string("cn.watchpost.fire.loud.v1"), type));
  CHECK_FALSE(std::regex_match(link_event_id({"7f3a0001", 7, "online", 2}), id));
  std::string digits;
  append_sequence(digits, Seq{4'711});
  CHECK(std::regex_match(digits, sequence));
  CHECK(std::regex_search(event_source("zhaoxiang-03"), source));
  CHECK(std::regex_match(std::string("310118106203"), area));
  CHECK(all.at_pointer("/if/properties/type/const").as_string() == kLinkEventType);
  CHECK(all.at_pointer("/else/allOf/0/if/properties/type/const").as_string() == kGapEventType);
}

TEST_CASE("the schema of events knows transitions, with the states and levels of the code",
          "[model][unit]") {
  const auto all = schema();
  Record record;
  record.type = RecordType::transition;
  record.domain = Domain::fire;
  std::string type;
  append_event_type(type, record);
  CHECK(type == "cn.watchpost.fire.transition.v1");
  CHECK(std::regex_match(type, pattern_at(all, "/else/properties/type/pattern")));

  const auto& states = all.at_pointer("/definitions/alarm_state/enum").as_array();
  REQUIRE(states.size() == kAlarmStateCount);
  for (std::size_t i = 0; i < states.size(); ++i)
    CHECK(states[i].as_string() == to_string(static_cast<AlarmState>(i)));
  for (const auto& level : all.at_pointer("/definitions/alarm/properties/level/enum").as_array())
    CHECK(alarm_level_from(std::string(level.as_string())).has_value());
}
