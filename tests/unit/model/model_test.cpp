#include "model/observation.hpp"
#include "model/topic.hpp"
#include "support/catch.hpp"

using namespace watchpost;

TEST_CASE("a topic has no wildcard, no NUL and is UTF-8", "[model][unit]") {
  CHECK(Topic::parse("zigbee2mqtt/厨房"));
  CHECK(Topic::parse("/"));
  for (const std::string_view text :
       {std::string_view(""), std::string_view("a/+"), std::string_view("a/#"),
        std::string_view("a\0b", 3), std::string_view("\xC0\x80")}) {
    CHECK_FALSE(Topic::parse(text));
  }
  CHECK_FALSE(Topic::parse(std::string(65'536, 'a')));
  CHECK(Topic::parse("a//b")->levels() == std::vector<std::string_view>{"a", "", "b"});
}

TEST_CASE("a topic filter has wildcards only as whole levels", "[model][unit]") {
  for (const auto* good : {"#", "+", "a/+/b", "+/+", "a/#", "/+"}) CHECK(TopicFilter::parse(good));
  for (const auto* bad : {"", "a#", "a/#/b", "a+", "+a/b", "#/a"}) {
    CHECK_FALSE(TopicFilter::parse(bad));
  }
}

TEST_CASE("filters match as MQTT 5.0 section 4.7 says", "[model][unit]") {
  const auto matches = [](std::string_view filter, std::string_view topic) {
    return TopicFilter::parse(filter)->matches(topic);
  };
  CHECK(matches("sport/tennis/player1/#", "sport/tennis/player1"));
  CHECK(matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"));
  CHECK(matches("sport/tennis/+", "sport/tennis/player1"));
  CHECK_FALSE(matches("sport/tennis/+", "sport/tennis/player1/ranking"));
  CHECK_FALSE(matches("sport/+", "sport"));
  CHECK(matches("sport/+", "sport/"));
  CHECK(matches("+/+", "/finance"));
  CHECK(matches("/+", "/finance"));
  CHECK_FALSE(matches("+", "/finance"));
  CHECK_FALSE(matches("#", "$SYS/broker"));
  CHECK_FALSE(matches("+/broker", "$SYS/broker"));
  CHECK(matches("$SYS/#", "$SYS/broker"));
  CHECK_FALSE(matches("a/b", "a/b/c"));
  CHECK_FALSE(matches("a/b/c", "a/b"));
}

TEST_CASE("a topic filter covers another where it takes all that the other takes",
          "[model][unit]") {
  const auto covered = [](std::string_view wide, std::string_view narrow) {
    return TopicFilter::parse(wide).value().covers(TopicFilter::parse(narrow).value());
  };
  CHECK(covered("#", "a/b"));
  CHECK(covered("a/#", "a"));
  CHECK(covered("a/+/c", "a/b/c"));
  CHECK(covered("a/+", "a/+"));
  CHECK_FALSE(covered("a/+", "a/#"));
  CHECK_FALSE(covered("a/b", "a/+"));
  CHECK_FALSE(covered("a", "a/b"));
  CHECK_FALSE(covered("a/b", "a"));
}

TEST_CASE("any device name becomes one topic level", "[model][unit]") {
  CHECK(to_topic_level("smoke-3f-07") == "smoke-3f-07");
  CHECK(to_topic_level("a/b+c#d%e\n") == "a%2Fb%2Bc%23d%25e%0A");
  CHECK(to_topic_level("厨房 1") == "厨房 1");
  CHECK(to_topic_level("") == "_");
}

TEST_CASE("every kind and state reads back from its name", "[model][unit]") {
  for (const auto name : kind_names()) {
    REQUIRE(kind_from(name));
    CHECK(to_string(*kind_from(name)) == name);
  }
  CHECK(kind_names().size() == 22);
  CHECK_FALSE(kind_from("smok"));
  CHECK(declared_state_from("suspected") == DeclaredState::suspected);
}
