#include "spool/tables/row_content.hpp"

#include <random>

#include "base/encoding.hpp"
#include "support/catch.hpp"
#include "support/records.hpp"

using namespace watchpost;
using namespace watchpost::spool;
using watchpost::support::noise;

TEST_CASE("what was packed comes out as it went in", "[spool][unit]") {
  const std::string smoke = R"([{"bn":"kitchen:","n":"smoke","vb":true}])";
  const std::string said =
      R"({"kind":"smoke","state":"raised","readings":[{"n":"smoke","vb":true}]})";
  const std::string zeros(300'000, '\0');
  for (const auto& [payload, annotation] :
       std::vector<std::pair<std::string, std::string>>{{smoke, said},
                                                        {"", said},
                                                        {smoke, ""},
                                                        {"", ""},
                                                        {zeros, said},
                                                        {noise(200'000), noise(50'000)},
                                                        {std::string("\xFF\x00\x01", 3), "{}"}}) {
    const std::string packed(pack({payload, annotation}));
    const auto content = unpack(packed);
    REQUIRE(content);
    CHECK(content->payload == payload);
    CHECK(content->annotation == annotation);
  }
}

TEST_CASE("the dictionary is as it was when the first stores were written", "[spool][unit]") {
  // A store written today must be readable for ever; with another dictionary these bytes would
  // become another text.
  const std::string payload = R"([{"n":"temperature","u":"Cel","v":19.25}])";
  const std::string annotation =
      R"({"kind":"measurement","state":"info","timesource":"received","readings":[{"n":)"
      R"("temperature","u":"Cel","v":19.25}],"decoder":"senml"})";
  const std::string written =
      from_hex("01298104125b84000f2802085731392e32358b010f7800330f71000f0afc00506e6d6c227d")
          .value();
  const auto content = unpack(written);
  REQUIRE(content);
  CHECK(content->payload == payload);
  CHECK(content->annotation == annotation);
}

TEST_CASE("an ordinary message takes less than a third", "[spool][unit]") {
  const std::string payload =
      R"([{"bn":"river-7:","n":"level","u":"m","v":1.234},{"n":"temperature","u":"Cel","v":21.57},)"
      R"({"n":"battery","u":"%EL","v":87}])";
  const std::string annotation =
      R"({"kind":"water_level","state":"info","timesource":"received","readings":[{"n":"level",)"
      R"("u":"m","v":1.234},{"n":"temperature","u":"Cel","v":21.57},{"n":"battery","u":"%EL",)"
      R"("v":87}],"decoder":"senml"})";
  CHECK(pack({payload, annotation}).size() * 3 < payload.size() + annotation.size());
}

TEST_CASE("damage to packed content gives nothing or something, and asks for little memory",
          "[spool][unit]") {
  const std::string whole(pack({noise(300), R"({"kind":"smoke"})"}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(unpack(whole.substr(0, size)));
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = whole;
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    const auto content = unpack(damaged);
    if (content) CHECK(content->payload.size() + content->annotation.size() < 256 * whole.size());
  }
  // The block claims sizes that no block of this length can have.
  CHECK_FALSE(unpack(std::string("\x01\x8F\xFF\xFF\x7F\x00\x00", 7)));
  CHECK_FALSE(unpack("\x02rest"));
  CHECK_FALSE(unpack(""));
}
