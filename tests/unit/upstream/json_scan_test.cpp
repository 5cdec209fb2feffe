// What is passed on as JSON, held against a parser of others.
#include <boost/json.hpp>
#include <random>
#include <string>

#include "base/json_text.hpp"
#include "support/catch.hpp"

namespace watchpost {
namespace {

TEST_CASE("whatever the scanner accepts, a parser of others reads in an event",
          "[upstream][unit]") {
  const auto seed = Catch::rngSeed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const std::string whole =
      R"({"a":[1,-2.5e3,"\ud83d\ude00","\u00e9\n"],"b":{"c":null,"d":true},"e":"x" , "f":0e1})";
  constexpr std::string_view kLikely = "\"\\{}[],:u0dD8eE+-. \n9";
  std::size_t accepted = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string text = whole;
    for (std::uint64_t hits = 1 + random() % 3; hits > 0; --hits) {
      text[random() % text.size()] = kLikely[random() % kLikely.size()];
    }
    if (!scan_json(text).valid) continue;
    ++accepted;
    std::string event = R"([{"data":{"raw":)";
    append_compact_json(event, text);
    event += "}}]";
    CAPTURE(text);
    boost::json::error_code error;
    boost::json::parse(event, error);
    REQUIRE_FALSE(error);
    REQUIRE(event.find('\n') == std::string::npos);
  }
  REQUIRE(accepted > 100);
}

TEST_CASE("a UID that looks like a number no reader can hold stays text", "[upstream][unit]") {
  CHECK_FALSE(scan_json("12E45678").valid);
  CHECK_FALSE(scan_json("[1e-99999]").valid);
  CHECK(scan_json("12E4").valid);
  CHECK(scan_json("0.5").valid);
}

TEST_CASE("a number is JSON up to what a double holds, however it is written", "[upstream][unit]") {
  CHECK(scan_json(std::string(300, '9')).valid);
  CHECK(scan_json(std::string(308, '9')).valid);
  CHECK_FALSE(scan_json(std::string(310, '9')).valid);
  CHECK_FALSE(scan_json("9e308").valid);
  CHECK(scan_json("0." + std::string(297, '0') + "1").valid);
  CHECK_FALSE(scan_json("0." + std::string(400, '0') + "1").valid);
}

TEST_CASE("a text ends at its quote, wherever in a machine word that stands", "[upstream][unit]") {
  // Each of these once at every place of texts of up to three words.
  for (const std::string_view special :
       {"\"", "\\", "\x01", "\x1f", "\xc3\xa9", "\x7f", " ", "!"}) {
    for (std::size_t length = 0; length <= 24; ++length) {
      for (std::size_t at = 0; at <= length; ++at) {
        const std::string text =
            std::string(at, 'a') + std::string(special) + std::string(length - at, 'z');
        std::string written;
        append_json_string(written, text);
        INFO(written);
        CHECK(boost::json::parse(written).as_string() == text);
        CHECK(scan_json(written).valid);
        const std::string bare = '"' + text + '"';
        boost::system::error_code error;
        (void)boost::json::parse(bare, error);
        CHECK(scan_json(bare).valid == !error);
      }
    }
  }
}

}  // namespace
}  // namespace watchpost
