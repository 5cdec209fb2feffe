#include "cli/support/redaction.hpp"

#include <boost/json/parse.hpp>

#include "support/catch.hpp"

using namespace watchpost::cli;

TEST_CASE("a name is replaced everywhere, by the same word, in whatever case", "[cli][unit]") {
  Redaction names;
  names.hide("Smoke-Zhang-San");
  names.hide("张三家");
  names.hide("");
  const std::string text = names.of("zigbee2mqtt/smoke-zhang-san (张三家); SMOKE-ZHANG-SAN again");
  CHECK(text == "zigbee2mqtt/name-1 (name-2); name-1 again");
}

TEST_CASE("the longer name goes first, and a short one only between quotation marks",
          "[cli][unit]") {
  Redaction names;
  names.hide("hall");
  names.hide("hall-kitchen");
  names.hide("a");
  CHECK(names.of("hall-kitchen hall \"a\" and a") == "name-2 name-1 \"name-3\" and a");
}

TEST_CASE("a status tells which names to hide", "[cli][unit]") {
  Redaction names;
  names.hide_names_of(boost::json::parse(
      R"({"gateway":{"id":"zhaoxiang-03"},"upstreams":[{"name":"street"}],
          "devices":[{"device":"0x00158d","name":"Li's bed"}],
          "alarms":[{"device":"cord-7","place":"Lane 5 no. 12","name":"cord"}],
          "cards":[{"household":"Zhang 3-501","contact":"Mei 13800001111","group":"alone"}],
          "clients":[{"client_id":"esp-bath","peer":"192.168.1.20:5000"}]})"));
  const std::string text = names.of(
      "zhaoxiang-03 street 0x00158d Li's bed cord-7 Lane 5 no. 12 esp-bath 192.168.1.20:5000 "
      "Zhang 3-501 Mei 13800001111 alone");
  CHECK(text.find("zhaoxiang-03 street ") == 0);
  for (const char* hidden :
       {"0x00158d", "Li's", "cord-7", "Lane", "esp-bath", "192.168", "Zhang", "Mei", "alone"}) {
    CAPTURE(hidden);
    CHECK(text.find(hidden) == std::string::npos);
  }
}
