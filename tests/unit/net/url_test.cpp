#include "net/url.hpp"

#include "support/catch.hpp"

namespace watchpost::net {

TEST_CASE("a url is read with the port of its scheme, and printed with it", "[net][unit]") {
  const Url plain = Url::parse("mqtt://broker.example").value();
  CHECK(plain == Url{"broker.example", 1883, false});
  CHECK(Url::parse("mqtt://broker.example/").value() == plain);
  CHECK(plain.text() == "mqtt://broker.example:1883");
  CHECK_FALSE(plain.is_address());
  CHECK(Url::parse("mqtts://192.0.2.7").value() == Url{"192.0.2.7", 8883, true});
  CHECK(Url::parse("mqtts://192.0.2.7").value().is_address());
  const Url v6 = Url::parse("mqtt://[2001:db8::1]:1884").value();
  CHECK(v6 == Url{"2001:db8::1", 1884, false});
  CHECK(v6.text() == "mqtt://[2001:db8::1]:1884");
  CHECK(v6.is_address());
  CHECK(Url::parse("mqtt://broker:65535").value().port == 65'535);
}

TEST_CASE("what is no url of an MQTT server is refused with what to write", "[net][unit]") {
  for (const auto* text :
       {"", "broker", "tcp://broker:1883", "ssl://broker", "ws://broker", "https://broker",
        "mqtt://", "mqtt://broker:0", "mqtt://broker:70000", "mqtt://broker:65536",
        "mqtt://broker:99999", "mqtts://broker:131072", "mqtt://broker:99999999999999999999",
        "mqtt://user:secret@broker", "mqtt://broker/topic", "mqtt://a@b", "mqtt://street:1x",
        "street:1883"}) {
    CAPTURE(text);
    const auto url = Url::parse(text);
    REQUIRE(url.has_error());
    CHECK_FALSE(url.error().remedy.empty());
  }
}

}  // namespace watchpost::net
