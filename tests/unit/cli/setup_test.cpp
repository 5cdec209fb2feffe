#include "cli/setup/site.hpp"
#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::cli;

TEST_CASE("what a site says of itself reads back as its configuration", "[cli][unit]") {
  Site site;
  site.id = "zhaoxiang-03";
  site.area = "310118106203";
  site.street = "mqtts://mqtt.street.example:8884";
  site.username = "a \"name\" \\ with marks";
  site.password = "secret";
  site.is_old_protocol = true;

  // The password is in a file of its own, never in this text.
  CHECK(config_text(site).find("secret") == std::string::npos);
  CHECK(config_text(site).find("password_file = \"street.password\"") != std::string::npos);
  const auto config = config_of(site, "/etc/watchpost/watchpost.toml");
  REQUIRE(config.has_value());
  CHECK(config->gateway.id == site.id);
  CHECK(config->gateway.area == site.area);
  REQUIRE(config->upstreams.size() == 1);
  const settings::LinkConfig& street = config->upstreams.front().link;
  CHECK(street.name == "street");
  CHECK(street.url.text() == site.street);
  CHECK(street.username == site.username);
  CHECK(street.protocol == MqttVersion::v3_1_1);
}

TEST_CASE("a site without a street has no upstream, and wrong values are refused in words",
          "[cli][unit]") {
  Site site;
  site.id = "zhaoxiang-03";
  site.area = "310118106203";
  const auto config = config_of(site, "/etc/watchpost/watchpost.toml");
  REQUIRE(config.has_value());
  CHECK(config->upstreams.empty());

  site.area = "31011810620";
  const auto wrong = config_of(site, "/etc/watchpost/watchpost.toml");
  REQUIRE(wrong.has_error());
  CHECK(wrong.error().text().find("gateway.area") != std::string::npos);
}
