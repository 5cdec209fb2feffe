#include "pipeline/unread_devices.hpp"

#include <string>

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::pipeline;

namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kHeard{1h};

using Message = UnreadDevices::Message;

Message of_device(std::string_view device, std::string_view why = "no payload codec") {
  return {device, "", "application/1/device/x/event/up", "chirpstack4", why};
}

Message of_topic(std::string_view topic) {
  return {"", "", topic, "", ""};
}

std::string said(const UnreadDevices& devices, Language language = Language::english) {
  REQUIRE(devices.trouble(kHeard).has_value());
  return sentence_of(*devices.trouble(kHeard), language);
}

bool says(const std::string& text, const std::string& part) {
  UNSCOPED_INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a device that nothing can read is named with the reason", "[pipeline][unit]") {
  UnreadDevices devices;
  CHECK_FALSE(devices.trouble(kHeard));
  CHECK(devices.unread({"24e1", "昭巷河口", "application/1/device/24e1/event/up", "chirpstack4",
                        "no payload codec is called \"em500\""},
                       kHeard));
  CHECK(says(said(devices), "Messages of 1 device cannot be read, or could not in the last day"));
  CHECK(says(said(devices),
             "昭巷河口 (24e1), topic application/1/device/24e1/event/up: no payload "
             "codec is called \"em500\""));
  CHECK(says(said(devices, Language::chinese), "1 台设备发来的内容无法解析"));
}

TEST_CASE("the log is told of a device once, not of each message", "[pipeline][unit]") {
  UnreadDevices devices;
  CHECK(devices.unread(of_device("24e1", "too short"), kHeard));
  CHECK_FALSE(devices.unread(of_device("24e1", "too long"), kHeard));
  CHECK(devices.unread(of_device("24e2"), kHeard));
  devices.read({.device = "24e1", .topic = "t"});
  CHECK_FALSE(devices.unread(of_device("24e1"), kHeard));
}

TEST_CASE("the trouble goes only when a message of that device has been read", "[pipeline][unit]") {
  UnreadDevices devices;
  constexpr SteadyTime kNextDay = kHeard + UnreadDevices::kToldFor;
  (void)devices.unread(of_device("24e1"), kHeard);
  devices.read({.device = "24e2", .topic = "application/1/device/24e2/event/up"});
  CHECK(devices.count(kNextDay) == 1);
  devices.read({.device = "24e1", .topic = "zigbee2mqtt/24e1"});
  CHECK(devices.count(kNextDay) == 0);
  CHECK_FALSE(devices.trouble(kNextDay));
  (void)devices.unread(of_device("24e1"), kNextDay);
  CHECK(devices.count(kNextDay) == 1);
}

TEST_CASE("a good heartbeat does not take away that an alarm could not be read",
          "[pipeline][unit]") {
  UnreadDevices devices;
  (void)devices.unread(of_device("24e1", "half a message"), kHeard);
  devices.read({.device = "24e1", .topic = "zigbee2mqtt/24e1"});
  CHECK(devices.count(kHeard + 23h) == 1);
  CHECK(says(said(devices), "half a message"));
  CHECK(devices.count(kHeard + 24h) == 0);
}

TEST_CASE("what names no device is listed by its place, until something of that place is read",
          "[pipeline][unit]") {
  UnreadDevices devices;
  CHECK(devices.unread(of_topic("tele/yard/STATE"), kHeard));
  CHECK_FALSE(devices.unread(of_topic("tele/yard/LWT"), kHeard));
  CHECK(devices.unread(of_topic("camera"), kHeard));
  CHECK(says(said(devices), "2 devices"));
  CHECK(says(said(devices), "camera, tele/yard"));
  CHECK(says(said(devices), "No decoder is configured for the topic camera"));
  devices.read({.device = "yard", .topic = "tele/yard/SENSOR"});
  CHECK(devices.count(kHeard) == 1);
  // The device is a sensor that can be read, so its other messages on that topic are no trouble.
  CHECK_FALSE(devices.unread(of_topic("tele/yard/STATE"), kHeard));
  CHECK(devices.count(kHeard) == 1);
}

TEST_CASE("a thousand devices are listed, further ones counted by their mark, five are named",
          "[pipeline][unit]") {
  UnreadDevices devices;
  for (std::size_t i = 0; i < UnreadDevices::kMost; ++i) {
    CHECK(devices.unread(of_device(std::to_string(1'000'000 + i)), kHeard));
  }
  CHECK_FALSE(devices.unread(of_device("one more"), kHeard));
  CHECK(devices.count(kHeard) == UnreadDevices::kMost);
  CHECK(says(said(devices), "1000 devices"));
  CHECK(says(said(devices), "1000004, …"));
  CHECK_FALSE(says(said(devices), "1000005"));
  // A device that is read again makes room for another.
  devices.read({.device = "1000007", .topic = "t"});
  CHECK(devices.unread(of_device("one more"), kHeard));
  CHECK(devices.count(kHeard) == UnreadDevices::kMost);
}

TEST_CASE("a device of which several parts cannot be read is one device", "[pipeline][unit]") {
  UnreadDevices devices;
  auto part = of_device("p1", "\"abc\" is no number");
  part.part = "combustible_gas";
  CHECK(devices.unread(of_device("p1", "it has no list /old"), kHeard));
  CHECK(devices.unread(part, kHeard));
  CHECK(devices.unread(of_device("p2"), kHeard));
  CHECK(devices.count(kHeard) == 2);
  CHECK(says(said(devices), "2 devices"));
  CHECK(says(said(devices), "p1, p2."));
}
