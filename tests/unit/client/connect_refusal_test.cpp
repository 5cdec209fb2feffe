#include "client/connect_refusal.hpp"

#include "support/catch.hpp"

namespace watchpost::client {
namespace {

TEST_CASE("each code of a CONNACK is told with what it means and what to do", "[client][unit]") {
  // MQTT 3.1.1 table 3.1, and MQTT 5.0 table 3-1.
  for (const int code :
       {1,    2,    3,    4,    5,    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87,
        0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F}) {
    CAPTURE(code);
    const Failure failure = connect_refusal("mqtt://street:1883", code);
    CHECK(failure.kind == Failure::Kind::refused);
    CHECK(failure.what.find("mqtt://street:1883 refused the connection") == 0);
    CHECK(failure.what.find("we do not know") == std::string::npos);
    CHECK_FALSE(failure.remedy.empty());
  }
}

TEST_CASE("a code of a CONNACK that no standard has is told by its number", "[client][unit]") {
  const Failure failure = connect_refusal("mqtt://street:1883", 0xEE);
  CHECK(failure.what.find("238") != std::string::npos);
  CHECK_FALSE(failure.remedy.empty());
}

}  // namespace
}  // namespace watchpost::client
