#include "settings/values.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit and printed in the largest whole one",
          "[settings][unit]") {
  CHECK(parse_duration("500 ms") == 500ms);
  CHECK(parse_duration("30 s") == 30s);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("10 min") == 10min);
  CHECK(parse_duration("24 h") == 24h);
  CHECK(parse_duration("7 d") == 168h);
  CHECK(format_duration(1500ms) == "1500 ms");
  CHECK(format_duration(90s) == "90 s");
  CHECK(format_duration(0ms) == "0 s");
  CHECK(format_duration(48h) == "2 d");
}

TEST_CASE("a duration without a unit, with a foreign one or beyond 64 bits is not a duration",
          "[settings][unit]") {
  for (const auto* text : {"", "30", "s", "-1 s", "1.5 s", "30 sec", "30  s", "30 s ", "1 S",
                           "99999999999999999999 s", "9223372036854775807 d"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("sizes know binary and decimal units and print as they are read", "[settings][unit]") {
  CHECK(parse_size("2 GiB") == ByteCount{2'147'483'648});
  CHECK(parse_size("64KiB") == ByteCount{65'536});
  CHECK(parse_size("1 MB") == ByteCount{1'000'000});
  CHECK(parse_size("0 B") == ByteCount{0});
  for (const auto* text : {"2 GiB", "64 KiB", "1000001 B", "0 B", "1 TiB"}) {
    CHECK(format_size(parse_size(text).value()) == text);
  }
  for (const auto* text : {"2", "2 G", "2 gib", "-1 B", "9000000000 GiB"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("zone offsets are read east and west of Greenwich", "[settings][unit]") {
  CHECK(parse_zone("+08:00") == 480min);
  CHECK(parse_zone("-03:30") == -210min);
  CHECK(format_zone(-210min) == "-03:30");
  CHECK(format_zone(480min) == "+08:00");
  for (const auto* text : {"8", "+8:00", "+08:60", "+15:00", "-12:01", "08:00 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_zone(text));
  }
}

TEST_CASE("the URL of a server has a scheme, a host and perhaps a port", "[settings][unit]") {
  const auto plain = MqttUrl::parse("mqtt://street.example");
  REQUIRE(plain.has_value());
  CHECK(plain->host == "street.example");
  CHECK(plain->port == 1883);
  CHECK_FALSE(plain->tls);

  const auto secure = MqttUrl::parse("mqtts://[2001:db8::7]");
  REQUIRE(secure.has_value());
  CHECK(secure->host == "2001:db8::7");
  CHECK(secure->port == 8883);
  CHECK(secure->text() == "mqtts://[2001:db8::7]:8883");

  CHECK(MqttUrl::parse("mqtt://127.0.0.1:1884").value().port == 1884);
}

TEST_CASE("a URL that is not an MQTT server's is refused with what to write instead",
          "[settings][unit]") {
  const auto remedy = [](std::string_view url) { return MqttUrl::parse(url).error().remedy; };

  CHECK(remedy("mqtt://user:secret@host").find("password_file") != std::string::npos);
  CHECK(remedy("tcp://host").find("mqtt://") != std::string::npos);
  CHECK(remedy("ssl://host").find("mqtts://") != std::string::npos);
  CHECK(remedy("ws://host").find("WebSocket") != std::string::npos);
  CHECK(remedy("mqtt://host/path").find("after the port") != std::string::npos);
  CHECK(remedy("mqtt://host:1883?x=1").find("after the port") != std::string::npos);
  CHECK(remedy("mqtt://host:70000").find("65535") != std::string::npos);
  CHECK(remedy("mqtt://host:0").find("65535") != std::string::npos);
  CHECK(remedy("mqtt://").find("host") != std::string::npos);
  CHECK(remedy("host").find("mqtt://host:port") != std::string::npos);
  CHECK_FALSE(remedy("host:1883").empty());
}

TEST_CASE("a host name becomes a label, and an empty one becomes gateway", "[settings][unit]") {
  CHECK(to_label("Zhaoxiang_03.local") == "zhaoxiang-03-local");
  CHECK(to_label("--a  b--") == "a-b");
  CHECK(to_label("\xE6\x98\xAD") == "gateway");
  CHECK(to_label("").size() <= 63);
  CHECK(to_label(std::string(200, 'a')).size() == 63);
  CHECK(is_label(to_label(std::string(62, 'a') + "-b")));
  CHECK_FALSE(is_label("-a"));
  CHECK_FALSE(is_label("A"));
}

TEST_CASE("a slip, a swap and an abbreviation are recognised, a foreign word is not",
          "[settings][unit]") {
  const std::vector<std::string_view> names{"quota", "warning", "port"};
  CHECK(meant_by("quot", names) == "quota");
  CHECK(meant_by("qouta", names) == "quota");
  CHECK(meant_by("warn", names) == "warning");
  CHECK_FALSE(meant_by("address", names));
  CHECK_FALSE(meant_by("", names));
}
