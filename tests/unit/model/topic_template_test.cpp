// The form of an upstream's topics: what is accepted, and what it gives.
#include "model/topic_template.hpp"

#include "base/encoding.hpp"
#include "model/event_topics.hpp"
#include "model/topic.hpp"
#include "support/catch.hpp"

namespace watchpost {
namespace {

using Mistake = TopicMistake::Kind;

EventTopics topics_in(std::string_view form) {
  INFO(form);
  REQUIRE_FALSE(mistake_in_topic_template(form));
  return EventTopics(TopicTemplate(form), {"310118106203", "zhaoxiang-03"});
}

std::string alarm_in(std::string_view form) {
  return topics_in(form).event({EventClass::alarm, Domain::fire, "smoke-3f-07"});
}

}  // namespace

TEST_CASE("without a form of its own an upstream gets the topics of the contract",
          "[model][unit]") {
  const auto topics = topics_in(kContractTopics);
  CHECK(topics.levels() == 9);
  CHECK(alarm_in(kContractTopics) == "wp/v1/310118/106/203/zhaoxiang-03/alarm/fire/smoke-3f-07");
  CHECK(topics.batch(EventClass::telemetry) == "wp/v1/310118/106/203/zhaoxiang-03/telemetry/batch");
  CHECK(topics.state() == "wp/v1/310118/106/203/zhaoxiang-03/status/gateway/online");
  CHECK(topics.all_of(EventClass::alarm) == "wp/v1/310118/106/203/zhaoxiang-03/alarm/#");
  CHECK(topics.all() == "wp/v1/310118/106/203/zhaoxiang-03/#");
}

TEST_CASE("a form says order, depth, prefix and words of all that is published", "[model][unit]") {
  CHECK(alarm_in("street/{area}/{gateway}/{class}/{device}") ==
        "street/310118106203/zhaoxiang-03/alarm/smoke-3f-07");
  CHECK(alarm_in("{class}/{domain}/{device}/{gateway}/{village}/{street}/{district}") ==
        "alarm/fire/smoke-3f-07/zhaoxiang-03/203/106/310118");
  CHECK(alarm_in("/a1xyz/{gateway}/user/{class}") == "/a1xyz/zhaoxiang-03/user/alarm");
  CHECK(alarm_in("devices/box/messages/events/c={class}&d={device}") ==
        "devices/box/messages/events/c=alarm&d=smoke-3f-07");
  CHECK(alarm_in("v1/devices/me/telemetry") == "v1/devices/me/telemetry");

  const auto mixed = topics_in("devices/box/messages/events/c={class}&d={domain}&x={device}");
  CHECK(mixed.batch(EventClass::status) == "devices/box/messages/events/c=status&d=batch&x=");
  CHECK(mixed.state() == "devices/box/messages/events/c=status&d=gateway&x=online");
  CHECK(mixed.all_of(EventClass::alarm) == "devices/box/messages/events/#");

  const auto turned = topics_in("{device}/{class}/{domain}");
  CHECK(turned.batch(EventClass::telemetry) == "batch/telemetry");
  CHECK(turned.state() == "online/status/gateway");
  CHECK(turned.all_of(EventClass::alarm) == "+/alarm/#");
  CHECK(turned.all() == "#");

  const auto fixed = topics_in("out/{gateway}");
  CHECK(fixed.batch(EventClass::telemetry) == "out/zhaoxiang-03");
  CHECK(fixed.state() == "out/zhaoxiang-03");
  CHECK(fixed.levels() == 2);
}

TEST_CASE(
    "a topic of any form is a valid topic with the form's number of levels, whatever a device "
    "is called",
    "[model][unit]") {
  const std::string_view form = "{device}/{device}/{device}/{device}/{class}/{domain}";
  for (const auto& device : {std::string("a/b+#"), std::string(), std::string(70'000, '/'),
                             "\xC3\x28" + std::string(2'000, 'x'), std::string("{class}")}) {
    const auto topic = topics_in(form).event({EventClass::telemetry, Domain::water, device});
    const auto parsed = Topic::parse(topic);
    REQUIRE(parsed);
    CHECK(parsed->levels().size() == 6);
  }
}

TEST_CASE("events of another gateway keep their topic, or take the form with their own names",
          "[model][unit]") {
  const std::string alarm = "wp/v1/310118/106/209/village-9/alarm/fire/a%2Fb";
  CHECK(topics_in(kContractTopics).relayed(alarm) == alarm);
  const auto topics = topics_in("up/{area}/{gateway}/{class}/{domain}/{device}");
  CHECK(topics.relayed(alarm) == "up/310118106209/village-9/alarm/fire/a%2Fb");
  CHECK(topics.relayed("wp/v1/310118/106/209/village-9/telemetry/batch") ==
        "up/310118106209/village-9/telemetry/batch");
  CHECK(topics.relayed("wp/v1/310118/106/209/village-9/status/gateway/online") ==
        "up/310118106209/village-9/status/gateway/online");
}

TEST_CASE("a form that gives no valid topic is a mistake, which names its place", "[model][unit]") {
  const auto kind_of = [](std::string_view form) {
    INFO(form);
    const auto mistake = mistake_in_topic_template(form);
    REQUIRE(mistake);
    return mistake->kind;
  };
  CHECK(kind_of("") == Mistake::empty);
  CHECK(kind_of("wp/+/{class}") == Mistake::wildcard);
  CHECK(kind_of("wp/#") == Mistake::wildcard);
  CHECK(kind_of("wp/{class") == Mistake::brace);
  CHECK(kind_of("wp/class}") == Mistake::brace);
  CHECK(kind_of("wp/{cla{ss}") == Mistake::brace);
  CHECK(kind_of("wp/{class/x}") == Mistake::brace);
  CHECK(kind_of("wp/{}") == Mistake::unknown);
  CHECK(kind_of("wp/{klass}") == Mistake::unknown);
  CHECK(mistake_in_topic_template("wp/{klass}")->at == "klass");
  CHECK(kind_of(std::string("wp/\0x", 5)) == Mistake::character);
  CHECK(kind_of("wp/\xC3\x28") == Mistake::character);
  CHECK(kind_of(std::string(513, 'x')) == Mistake::too_long);
  CHECK(kind_of(std::string(64, '/')) == Mistake::too_many_levels);
  std::string parts;
  for (int i = 0; i < 17; ++i) parts += "{class}";
  CHECK(kind_of(parts) == Mistake::too_many_parts);
  for (const auto* form : {"/", "a//b/", "$aws/rules/fire/{class}", "昭巷/{class}"}) {
    INFO(form);
    CHECK_FALSE(mistake_in_topic_template(form));
  }
}

}  // namespace watchpost
