#include "decode/registry.hpp"
#include "rules/verdict.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
namespace {

struct Button {
  Registry registry = Registry::build({default_bindings(), {}, 480, {}}).value();
  WallTime now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});

  int alarms(std::string_view topic, std::string_view payload) {
    const auto parsed = *Topic::parse(topic);
    int count = 0;
    for (const auto& observation : registry.decode({parsed, payload, false, now}).observations) {
      if (rules::judge(observation).alarm.has_value()) ++count;
    }
    return count;
  }
  int state() { return alarms("zigbee2mqtt/bed", R"({"action":"emergency"})"); }
  int empty() { return alarms("zigbee2mqtt/bed", R"({"action":""})"); }
  int action() { return alarms("zigbee2mqtt/bed/action", "emergency"); }
};

}  // namespace

TEST_CASE("one press announced three times is one alarm", "[decode][unit]") {
  Button button;
  CHECK(button.state() == 1);
  CHECK(button.empty() == 0);
  CHECK(button.action() == 0);
}

TEST_CASE("the order of the announcements does not matter", "[decode][unit]") {
  Button button;
  CHECK(button.action() == 1);
  CHECK(button.state() == 0);
}

TEST_CASE("a second press within the half minute is an alarm again", "[decode][unit]") {
  Button button;
  CHECK(button.state() == 1);
  CHECK(button.action() == 0);
  button.now += std::chrono::seconds{5};
  CHECK(button.state() == 1);
  CHECK(button.action() == 0);
}

TEST_CASE("an announcement on the other topic after half a minute is a new press",
          "[decode][unit]") {
  Button button;
  CHECK(button.state() == 1);
  button.now += std::chrono::seconds{31};
  CHECK(button.action() == 1);
}

TEST_CASE("a message delivered twice on one topic is never swallowed", "[decode][unit]") {
  Button button;
  CHECK(button.action() == 1);
  CHECK(button.action() == 1);
}

TEST_CASE("one person's press does not hide another's", "[decode][unit]") {
  Button button;
  CHECK(button.state() == 1);
  CHECK(button.alarms("zigbee2mqtt/chair/action", "emergency") == 1);
}

}  // namespace watchpost::decode
