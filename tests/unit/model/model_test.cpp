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

TEST_CASE("a topic filter matches level by level, whatever the levels are", "[model][unit]") {
  // All of up to four levels of few kinds, beside what section 4.7 says in its own words.
  const auto all_of = [](const std::vector<std::string>& kinds) {
    std::vector<std::vector<std::string>> all{{}};
    for (std::size_t begin = 0, levels = 0; levels < 4; ++levels) {
      const std::size_t end = all.size();
      for (; begin < end; ++begin) {
        for (const std::string& kind : kinds) {
          auto longer = all[begin];
          longer.push_back(kind);
          all.push_back(std::move(longer));
        }
      }
    }
    return all;
  };
  const auto text_of = [](const std::vector<std::string>& levels) {
    std::string text;
    for (const std::string& level : levels) text += (&level == levels.data() ? "" : "/") + level;
    return text;
  };
  const auto is_taken = [](const std::vector<std::string>& filter,
                           const std::vector<std::string>& topic) {
    for (std::size_t i = 0; i < filter.size(); ++i) {
      if (filter[i] == "#") return true;
      if (i == topic.size() || (filter[i] != "+" && filter[i] != topic[i])) return false;
    }
    return filter.size() == topic.size();
  };
  const auto topics = all_of({"", "a", "ab"});
  for (const auto& levels : all_of({"", "a", "ab", "+", "#"})) {
    const auto filter = TopicFilter::parse(text_of(levels));
    if (!filter) continue;
    for (const auto& topic : topics) {
      if (text_of(topic).empty()) continue;
      INFO(filter->text() << " and " << text_of(topic));
      if (filter->matches(text_of(topic)) != is_taken(levels, topic)) FAIL("they differ");
    }
  }
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
