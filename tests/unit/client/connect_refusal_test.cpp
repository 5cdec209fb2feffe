#include "client/connect_refusal.hpp"

#include "support/catch.hpp"

namespace watchpost::client {
namespace {

TEST_CASE("each code of a CONNACK is told with what it means and what to do", "[client][unit]") {
  // The codes are those of MQTT 3.1.1 table 3.1 and MQTT 5.0 table 3-1.
  for (const int code :
       {1,    2,    3,    4,    5,    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
        0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F}) {
    CAPTURE(code);
    const Failure failure = connect_refusal("mqtt://street:1883", {code, {}});
    CHECK(failure.kind == Failure::Kind::refused);
    CHECK(failure.what.find("mqtt://street:1883 refused the connection") == 0);
    CHECK(failure.what.find("we do not know") == std::string::npos);
    CHECK_FALSE(failure.remedy.empty());
  }
}

TEST_CASE("a code of a CONNACK that no standard has is told by its number", "[client][unit]") {
  const Failure failure = connect_refusal("mqtt://street:1883", {0xEE, {}});
  CHECK(failure.what.find("0xEE") != std::string::npos);
  CHECK_FALSE(failure.remedy.empty());
}

TEST_CASE("another server that is named is shown, without what a terminal would obey",
          "[client][unit]") {
  for (const auto& failure : {connect_refusal("mqtt://street:1883", {0x9C, "other.example:883"},
                                              ConfigSection{"upstream"}),
                              end_by_server("mqtt://street:1883", {0x9D, "other.example:883"},
                                            ConfigSection{"upstream"})}) {
    CHECK(failure.remedy.find("other.example:883") != std::string::npos);
    CHECK(failure.remedy.find("url of this upstream") != std::string::npos);
  }
  const Failure wild =
      connect_refusal("mqtt://street:1883", {0x9C, "\x1b[2J" + std::string(60'000, 'x')});
  CHECK(wild.remedy.find('\x1b') == std::string::npos);
  CHECK(wild.remedy.size() < 400);
}

TEST_CASE("who ended a link by DISCONNECT is told with the reason and what to do",
          "[client][unit]") {
  const Failure taken = end_by_server("mqtt://street:1883", {0x8E, {}});
  CHECK(taken.what.find("another client has connected under our client id (0x8E)") !=
        std::string::npos);
  CHECK(taken.remedy.find("gateway.id") != std::string::npos);
  CHECK_FALSE(end_by_server("mqtt://street:1883", {0xEE, {}}).remedy.empty());
}

}  // namespace
}  // namespace watchpost::client
