// Those who subscribe, at the real listener. Their rules: unit_protocol and unit_routing.
#include "harness.hpp"
#include "ingress/listener.hpp"
#include "peer.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using namespace protocol;

TEST_CASE("the listener tells of itself below $SYS, where no client may", "[ingress][unit]") {
  Harness harness({}, Harness::quick());
  const Subscribe to_version{PacketId(1), {}, {{"$SYS/broker/version"}}};
  for (const char* name : {"early", "late"}) {
    Peer display(harness);
    display.connects(a_connect(name));
    display.sends(to_version);
    (void)display.receives_a<Suback>();
    // Told with the first tick, and kept for those who come later.
    const auto version = display.receives_a<Publish>();
    CHECK(version.topic == "$SYS/broker/version");
    CHECK(version.payload == "Watchpost");
    if (std::string(name) == "late") CHECK(version.retain);
  }

  auto publish = a_publish(Qos::at_least_once, 1);
  publish.topic = "$SYS/broker/version";
  Peer liar(harness);
  liar.connects(a_connect("liar"));
  liar.sends(publish);
  CHECK(liar.receives_a<Puback>().code == ReasonCode::not_authorized);
  CHECK(harness.intake.messages.empty());
  // As Mosquitto's bridges tell of themselves.
  publish.topic = "$SYS/broker/connection/office.box/state";
  liar.sends(publish);
  CHECK(harness.until_messages(1));
}

TEST_CASE("what a session has acknowledged is forgotten before the session ends",
          "[ingress][unit]") {
  // The next session of that client numbers its messages from 1 again.
  auto limits = Harness::quick();
  limits.tick = std::chrono::hours(1);
  Harness harness({}, limits);
  auto lasting = a_connect("display");
  lasting.properties.add(PropertyId::session_expiry_interval, 3600);
  const auto settle_next = [&](std::size_t submissions) {
    REQUIRE(harness.until([&] { return harness.intake.submissions.size() >= submissions; }));
    harness.intake.settle_facts();
  };
  {
    Peer display(harness);
    display.version = Version::v5;
    display.sends(lasting);
    settle_next(1);
    (void)display.receives_a<Connack>();
    display.sends(Subscribe{PacketId(1), {}, {{"wp/#", Qos::at_least_once}}});
    settle_next(2);
    (void)display.receives_a<Suback>();
    Peer sensor(harness);
    sensor.connects(a_connect("sensor"));
    sensor.sends(a_publish(Qos::at_least_once, 1));
    REQUIRE(harness.until_messages(1));
    harness.intake.settle_message(0);
    display.sends(Puback{display.receives_a<Publish>().packet_id, {}, {}});
    display.sends(Pingreq{});
    (void)display.receives_a<Pingresp>();
  }
  const auto before = harness.intake.submissions.size();
  Peer anew(harness);
  anew.version = Version::v5;
  anew.sends(lasting);  // Clean Start
  REQUIRE(harness.until([&] { return harness.intake.submissions.size() >= before + 2; }));
  const auto& forgotten = harness.intake.submissions.at(before).facts;
  REQUIRE(!forgotten.empty());
  CHECK(std::get<QueuedChange>(forgotten[0]).kind == QueuedChange::Kind::gone);
  CHECK(harness.intake.submissions.at(before + 1).changes.at(0).kind == SessionChange::Kind::end);
}

}  // namespace
}  // namespace watchpost::ingress
