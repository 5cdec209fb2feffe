#include "model/event_topic.hpp"

#include "base/encoding.hpp"
#include "model/event_topics.hpp"
#include "support/catch.hpp"

using namespace watchpost;

namespace {

const std::string kPrefix = "wp/v1/310118/106/203/zhaoxiang-03/";

using Use = EventTopic::Use;

EventTopics contract_topics() {
  return EventTopics(TopicTemplate(), {"310118106203", "zhaoxiang-03"});
}

}  // namespace

TEST_CASE("what is written as a topic of the contract is read back from it", "[model][unit]") {
  CHECK(topic_prefix({.area = "310118106203", .gateway = "zhaoxiang-03"}) == kPrefix);
  const auto topics = contract_topics();
  for (const EventClass event_class : kEventClasses) {
    for (const Domain domain : {Domain::fire, Domain::gateway, Domain::other}) {
      const auto topic = topics.event({event_class, domain, "smoke-3f-07"});
      const auto read = read_event_topic(topic);
      INFO(topic);
      REQUIRE(read);
      CHECK(read->use == Use::event);
      CHECK(read->prefix == kPrefix);
      CHECK(read->area == "310118106203");
      CHECK(read->gateway == "zhaoxiang-03");
      CHECK(read->event_class == event_class);
      CHECK(read->domain == domain);
    }
    const std::string& batch = topics.batch(event_class);
    CHECK(batch == kPrefix + std::string(to_string(event_class)) + "/batch");
    CHECK(read_event_topic(batch)->use == Use::batch);
    CHECK(read_event_topic(batch)->event_class == event_class);
  }
  CHECK(read_event_topic(topics.state())->use == Use::link_state);
  CHECK(topics.state() == kPrefix + "status/gateway/online");
  CHECK(receipt_topic(kPrefix) == kPrefix + "rcpt");
  CHECK(read_event_topic(receipt_topic(kPrefix))->use == Use::receipt);
  CHECK(prefix_of_receipt_topic(receipt_topic(kPrefix)) == kPrefix);
  CHECK(read_event_topic(kPrefix + "cmd/state")->use == Use::command);
}

TEST_CASE("a topic that is not of the contract is not read as one", "[model][unit]") {
  for (const auto* topic : {"", "wp", "wp/v1", "wp/v1/a/b/c/gateway", "wp/v1/a/b/c//alarm/fire/x",
                            "wp/v2/a/b/c/gateway/alarm/fire/x", "pw/v1/a/b/c/gateway/alarm/fire/x",
                            "wp/in/fire/smoke"}) {
    INFO(topic);
    CHECK_FALSE(read_event_topic(topic));
  }
  for (const auto* rest : {"alarm", "alarm/fire", "alarm/fire/a/b", "loud/fire/a", "batch", ""}) {
    INFO(rest);
    CHECK(read_event_topic(kPrefix + rest)->use == Use::unknown);
  }
}

TEST_CASE("only the topic of the link's state is told as such", "[model][unit]") {
  CHECK(is_link_state_topic(kPrefix + "status/gateway/online"));
  CHECK_FALSE(is_link_state_topic(kPrefix + "status/gateway/offline"));
  CHECK_FALSE(is_link_state_topic(kPrefix + "alarm/gateway/online"));
  CHECK_FALSE(is_link_state_topic("status/gateway/online"));
  CHECK_FALSE(is_link_state_topic("home/x/status/gateway/online"));
}

TEST_CASE("a device of any name is one level of an event's topic", "[model][unit]") {
  const auto topic_of = [](std::string_view device) {
    return contract_topics().event({EventClass::alarm, Domain::fire, device});
  };
  CHECK(topic_of("a/b+#") == kPrefix + "alarm/fire/a%2Fb%2B%23");
  CHECK(topic_of("") == kPrefix + "alarm/fire/_");
  const auto topic = topic_of("\xC3\x28" + std::string(70'000, 'x'));
  CHECK(is_utf8(topic));
  CHECK(topic.size() < 4'096);
}

TEST_CASE("a source names a gateway as its topics do", "[model][unit]") {
  CHECK(event_source("zhaoxiang-03") == "urn:watchpost:zhaoxiang-03");
  CHECK(gateway_of_source(event_source("zhaoxiang-03")) == "zhaoxiang-03");
  CHECK_FALSE(gateway_of_source("urn:other:zhaoxiang-03"));
  CHECK_FALSE(gateway_of_source(""));
}

TEST_CASE("an area is twelve digits", "[model][unit]") {
  CHECK(is_area("310118106203"));
  for (const auto* text : {"", "31011810620", "31011810620x", "3101181062033"}) {
    CHECK_FALSE(is_area(text));
  }
}
