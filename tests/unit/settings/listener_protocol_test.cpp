// [[listener]] with a protocol of wired stations.
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

TEST_CASE("a listener speaks MQTT unless another protocol is set", "[settings][unit]") {
  CHECK(config_of("[[listener]]\nport = 1890\n").listeners.at(0).is_mqtt());
  const auto config = config_of(
      "[[listener]]\nprotocol = \"gb26875\"\naddress = \"0.0.0.0\"\nport = 5000\n"
      "max_connections = 7\n[[listener]]\n");
  REQUIRE(config.listeners.size() == 2);
  CHECK(config.listeners[0].protocol == ListenerProtocol::gb26875);
  CHECK(config.listeners[0].max_connections == 7);
  CHECK(config.listeners[1].is_mqtt());
  CHECK(mistake_of("[[listener]]\nprotocol = \"gb26876\"\nport = 5000\n").next.english ==
        "Did you mean \"gb26875\"?");
}

TEST_CASE("a listener of wired stations needs a port", "[settings][unit]") {
  const auto mistake = mistake_of("[[listener]]\nprotocol = \"gb26875\"\n");
  CHECK(mistake.key == "listener.port");
  CHECK(mistake.what.english.find("needs a port") != std::string::npos);
  CHECK(mistake.what.chinese.find("必须写 port") != std::string::npos);
}

TEST_CASE("a key of MQTT does not fit a listener of wired stations", "[settings][unit]") {
  for (const std::string_view line :
       {"anonymous = true", "max_packet_size = \"1 MiB\"", "receive_maximum = 9",
        "topic_alias_maximum = 3", "keep_alive_max = \"90 s\"", "session_expiry_max = \"1 h\"",
        "max_unacknowledged = 4"}) {
    CAPTURE(line);
    const auto mistake = mistake_of("[[listener]]\nprotocol = \"gb26875\"\nport = 5000\n" +
                                    std::string(line) + "\n");
    CHECK(mistake.line == 4);
    CHECK(mistake.key == "listener." + std::string(line.substr(0, line.find(' '))));
    CHECK(mistake.what.english.find("is of MQTT") != std::string::npos);
    CHECK(mistake.what.chinese.find("只用于 MQTT") != std::string::npos);
  }
}

TEST_CASE("a listener of wired stations is printed without the keys of MQTT, and reads back",
          "[settings][unit]") {
  const auto config =
      config_of("[[listener]]\nprotocol = \"gb26875\"\naddress = \"10.0.0.1\"\nport = 5000\n");
  const std::string printed = print_config(config);
  CHECK(printed.find("protocol = \"gb26875\"") != std::string::npos);
  CHECK(printed.find("anonymous") == std::string::npos);
  CHECK(config_of(printed) == config);
}

TEST_CASE("what everybody may send to, and what no station can reach, is told",
          "[settings][unit]") {
  const auto listener = [](std::string_view address) {
    return "[[listener]]\nprotocol = \"gb26875\"\nport = 5000\naddress = \"" +
           std::string(address) + "\"\n";
  };
  CHECK(mentions(config_of(listener("0.0.0.0")).notes(), "without a password"));
  CHECK(mentions(config_of(listener("127.0.0.1")).notes(), "no station on the network"));
}

TEST_CASE("stations of SL 651 have modes and endings, and others have none", "[settings][unit]") {
  const auto config = config_of(
      "[[listener]]\nprotocol = \"sl651\"\nport = 5651\n"
      "[[listener]]\nprotocol = \"gst9000\"\nport = 5900\n"
      "[[device]]\nid = \"00ab345678\"\nstation_mode = \"m1\"\nstation_ending = \"esc\"\n"
      "[[device]]\nid = \"kitchen\"\n");
  CHECK(config.listeners.at(0).protocol == ListenerProtocol::sl651);
  CHECK(config.listeners.at(1).protocol == ListenerProtocol::gst9000);
  CHECK(config.devices.at(0).station_mode == Sl651Mode::m1);
  CHECK(config.devices.at(0).station_ending == Sl651Ending::esc);
  CHECK_FALSE(config.devices.at(1).station_mode.has_value());
  CHECK(config_of(print_config(config)) == config);
  CHECK(mentions(config_of("[[device]]\nid = \"12345678\"\nstation_mode = \"m1\"\n").notes(),
                 "ten digits"));
  CHECK(mistake_of("[[device]]\nid = \"0012345678\"\nstation_mode = \"m5\"\n").line == 3);
}
