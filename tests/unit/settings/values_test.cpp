#include "settings/values.hpp"

#include "settings/value_hints.hpp"
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
  const auto read = [](std::string_view text) {
    MqttUrl url;
    CHECK(read_mqtt_url(text, url).empty());
    return url;
  };
  CHECK(read("mqtt://street.example") == MqttUrl{"street.example", 1883, false});
  const auto secure = read("mqtts://[2001:db8::7]");
  CHECK(secure == MqttUrl{"2001:db8::7", 8883, true});
  CHECK(secure.text() == "mqtts://[2001:db8::7]:8883");
  CHECK(read("mqtt://127.0.0.1:1884").port == 1884);
}

TEST_CASE("a URL that is not an MQTT server's is refused with what to write instead",
          "[settings][unit]") {
  const auto remedy = [](std::string_view text) {
    MqttUrl url;
    return read_mqtt_url(text, url).english;
  };

  CHECK(remedy("mqtt://user:secret@host").find("password_file") != std::string::npos);
  CHECK(remedy("tcp://host").find("mqtt://") != std::string::npos);
  CHECK(remedy("ssl://host").find("mqtts://") != std::string::npos);
  CHECK(remedy("ws://host").find("WebSocket") != std::string::npos);
  CHECK(remedy("mqtt://host/path").find("after the port") != std::string::npos);
  CHECK(remedy("mqtt://host:1883?x=1").find("after the port") != std::string::npos);
  CHECK(remedy("mqtt://host:70000").find("65535") != std::string::npos);
  CHECK(remedy("mqtt://host:0").find("65535") != std::string::npos);
  CHECK(remedy("mqtt://").find("host") != std::string::npos);
  CHECK(remedy("host").find("\"mqtt://host\"") != std::string::npos);
  CHECK(remedy("host:1883").find("\"mqtt://host:1883\"") != std::string::npos);
  CHECK(remedy("10.0.0.7:1883").find("\"mqtts://10.0.0.7:1883\"") != std::string::npos);
  CHECK(remedy("mqtt：//host").find("\"mqtt://host\"") != std::string::npos);
}

TEST_CASE("a host name becomes a label; where nothing of it is left, nothing is made up",
          "[settings][unit]") {
  CHECK(to_label("Zhaoxiang_03.local") == "zhaoxiang-03-local");
  CHECK(to_label("--a  b--") == "a-b");
  CHECK(to_label("昭巷村").empty());
  CHECK(to_label("").empty());
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

TEST_CASE("a duration or size in other words is understood, and what is meant is acceptable",
          "[settings][unit]") {
  for (const auto& [text, meant] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"5 minutes", "5 min"},
                                                                  {"30sec", "30 s"},
                                                                  {"1.5h", "90 min"},
                                                                  {"0.2 s", "200 ms"},
                                                                  {"10m", "10 min"},
                                                                  {"30秒", "30 s"},
                                                                  {"2 Days", "2 d"},
                                                                  {"３０ s", "30 s"}}) {
    CAPTURE(text);
    CHECK(duration_meant(text) == meant);
    CHECK(parse_duration(meant));
  }
  for (const auto& [text, meant] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"2G", "2 GiB"},
                                                                  {"2gib", "2 GiB"},
                                                                  {"1.5 GiB", "1536 MiB"},
                                                                  {"500m", "500 MiB"},
                                                                  {"64 k", "64 KiB"},
                                                                  {"1 TB ", "1000000000000 B"},
                                                                  {"２ GiB", "2 GiB"}}) {
    CAPTURE(text);
    const auto found = size_meant(text);
    REQUIRE(found);
    CHECK(parse_size(*found) == parse_size(meant));
  }
  for (const auto nonsense : {"", "s", "-5 s", "5 parsecs", "1e400 s", "0.0001 ms", "nan s"}) {
    CAPTURE(nonsense);
    CHECK_FALSE(duration_meant(nonsense));
    CHECK_FALSE(size_meant(nonsense));
  }
}

TEST_CASE("a zone by its name or without its colon is understood", "[settings][unit]") {
  for (const auto text : {"Asia/Shanghai", "UTC+8", "GMT+08:00", "+8", "8", "+0800", "北京时间"}) {
    CAPTURE(text);
    CHECK(zone_meant(text) == "+08:00");
  }
  CHECK(zone_meant("UTC") == "+00:00");
  CHECK(zone_meant("UTC-3") == "-03:00");
  CHECK(zone_meant("+330") == "+03:30");
  for (const auto text : {"", "Europe/Paris", "+99", "12345", "UTC+"}) {
    CAPTURE(text);
    CHECK((!zone_meant(text) || parse_zone(*zone_meant(text))));
  }
}

TEST_CASE("what an input method leaves is put into half width", "[settings][unit]") {
  CHECK(in_half_width("ｉｄ ＝ “a”，【b】。") == "id = \"a\",[b].");
  CHECK(in_half_width("a\xC2\xA0"
                      "b\xE3\x80\x80"
                      "c\xE2\x80\x8B") == "a b c");
  CHECK_FALSE(in_half_width("昭巷村 = 1"));
  CHECK(first_wide_character("ab＝")->at == 2);
}
