#include "decode/mapping.hpp"

#include "decode/mapping_decoder.hpp"
#include "rules/judgement.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
namespace {

const std::string kHead = R"(name = "m"
kind = "water_level"
[device]
fixed = "well"
)";

std::string error_in(const std::string& toml) {
  const auto mapping = Mapping::parse({toml, "m.toml"});
  REQUIRE_FALSE(mapping.has_value());
  return mapping.error().sentence();
}

Decoding decode(const std::string& toml, std::string_view payload, bool retained = false) {
  auto mapping = Mapping::parse({toml, "m.toml"});
  INFO((mapping ? std::string{} : mapping.error().sentence()));
  REQUIRE(mapping.has_value());
  MappingDecoder decoder(std::move(*mapping), 480);
  const auto topic = *Topic::parse("a/b/c");
  const auto now = *from_rfc3339("2026-11-23T12:00:00Z", std::chrono::minutes{0});
  return decoder.decode({topic, payload, retained, now});
}

std::string bytes_mapping(const std::string& reading, const std::string& rest = {}) {
  return "format = \"bytes\"\n" + kHead + "[[reading]]\nquantity = \"q\"\n" + reading + rest;
}

Reading::Value only_value(const Decoding& decoding) {
  INFO(decoding.why);
  REQUIRE(decoding.observations.size() == 1);
  return decoding.observations[0].readings.at(0).value;
}

}  // namespace

TEST_CASE("a mapping's mistakes are named with file, line and nearest spelling", "[decode][unit]") {
  CHECK(error_in("name = \"m\"\nkind = \"water_levl\"\n") ==
        "m.toml:2: \"water_levl\" is no kind. Did you mean \"water_level\"?");
  CHECK(error_in(kHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscal = 2\n") ==
        "m.toml:8: there is no key \"scal\" here. Did you mean \"scale\"?");
  CHECK(error_in("name = \n").starts_with("m.toml:1: not valid TOML"));
  CHECK(error_in(kHead + "[[reading]]\nquantity = \"q\"\npointer = \"a\"\n")
            .starts_with("m.toml:5: a JSON pointer begins with '/'"));
  CHECK(error_in(kHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscale = \"2\"\n")
            .starts_with("m.toml:8: \"scale\" must be a number"));
  CHECK(error_in(bytes_mapping("offset = 0\ntype = \"u16\"\n"))
            .starts_with("m.toml:9: \"u16\" is no type"));
  CHECK(error_in("name = \"m\"\nkind = \"fall\"\n").find("[device]") != std::string::npos);
  CHECK(error_in(kHead).find("no reading") != std::string::npos);
}

TEST_CASE("a mapping's mistakes are told in Chinese too, at the same place", "[decode][unit]") {
  for (const std::string& toml :
       {std::string("name = \"m\"\nkind = \"water_levl\"\n"), std::string("name = \n"),
        std::string("kind = 1\n"), std::string("name = \"m\"\nkind = \"fall\"\n"), kHead,
        kHead + "[[reading]]\nquantity = \"q\"\npointer = \"a\"\n",
        kHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscal = 2\n",
        kHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscale = \"2\"\n",
        bytes_mapping("offset = 0\ntype = \"u16\"\n"), bytes_mapping("offset = 0\nbit = 32\n"),
        bytes_mapping("offset = 0\ntype = \"ascii\"\n"), bytes_mapping("pointer = \"/a\"\n")}) {
    const auto mapping = Mapping::parse({toml, "m.toml"});
    REQUIRE(mapping.has_error());
    INFO(mapping.error().what);
    INFO(mapping.error().chinese);
    CHECK(mapping.error().chinese.starts_with("m.toml"));
    CHECK(mapping.error().chinese.find("。") != std::string::npos);
  }
}

TEST_CASE("a mapping that is not there is named", "[decode][unit]") {
  const auto mapping = Mapping::load("/nowhere/m.toml");
  REQUIRE_FALSE(mapping.has_value());
  CHECK(mapping.error().what == "the mapping /nowhere/m.toml cannot be read");
}

TEST_CASE("numbers are read from bytes in every layout", "[decode][unit]") {
  const std::string payload("\x01\x82\xff\x38\x00\x00\x48\x41", 8);
  const auto number = [&](const std::string& place) {
    return std::get<double>(only_value(decode(bytes_mapping(place), payload)));
  };
  CHECK(number("offset = 0\n") == 1);
  CHECK(number("offset = 0\ntype = \"u16be\"\n") == 0x0182);
  CHECK(number("offset = 0\ntype = \"u16le\"\n") == 0x8201);
  CHECK(number("offset = 2\ntype = \"i16be\"\n") == -200);
  CHECK(number("offset = 2\ntype = \"i8\"\n") == -1);
  CHECK(number("offset = 0\ntype = \"u24be\"\n") == 0x0182FF);
  CHECK(number("offset = -4\ntype = \"f32le\"\n") == 12.5);
  CHECK(number("offset = 1\nmask = 0x7F\nscale = 0.5\nadd = 10\n") == 11);
  CHECK(std::get<bool>(only_value(decode(bytes_mapping("offset = 1\nbit = 7\n"), payload))));
}

TEST_CASE("a payload shorter than the mapping is malformed", "[decode][unit]") {
  const auto mapping = bytes_mapping("offset = 6\ntype = \"u32be\"\n");
  CHECK(decode(mapping, "123456789").outcome == Outcome::malformed);
  CHECK(decode(mapping, "").outcome == Outcome::malformed);
  CHECK(decode(mapping, "1234567890").outcome == Outcome::decoded);
}

TEST_CASE("null stays null and a sentinel becomes null with a flag", "[decode][unit]") {
  const std::string mapping = kHead +
                              "[[reading]]\nquantity = \"level\"\nunit = \"mm\"\n"
                              "pointer = \"/v\"\nsentinels = [65535]\n";
  CHECK(std::holds_alternative<std::monostate>(only_value(decode(mapping, R"({"v":null})"))));
  const auto missing = decode(mapping, R"({"v":65535})");
  CHECK(std::holds_alternative<std::monostate>(only_value(missing)));
  CHECK(missing.observations[0].flags == std::vector<std::string>{"sentinel"});
  CHECK(std::get<double>(only_value(decode(mapping, R"({"v":"12.5"})"))) == 12.5);
  CHECK(decode(mapping, R"({"v":"high"})").outcome == Outcome::malformed);
  CHECK(decode(mapping, R"({"v":)").outcome == Outcome::malformed);
}

TEST_CASE("a payload that is no JSON is malformed, and its device is that of the topic",
          "[decode][unit]") {
  const std::string mapping =
      "name = \"m\"\nkind = \"water_level\"\n[device]\ntopic_level = 1\n"
      "[[reading]]\nquantity = \"level\"\npointer = \"/v\"\n";
  const auto broken = decode(mapping, "{");
  CHECK(broken.outcome == Outcome::malformed);
  CHECK(broken.device == "b");
}

TEST_CASE("a message without a required member is left to the next decoder", "[decode][unit]") {
  const std::string mapping = "requires = [\"/SR04\"]\n" + kHead +
                              "[[reading]]\nquantity = \"distance\"\npointer = \"/SR04/D\"\n";
  CHECK(decode(mapping, R"({"RC522":{}})").outcome == Outcome::not_mine);
  CHECK(decode(mapping, R"({"SR04":{"D":1}})").outcome == Outcome::decoded);
}

TEST_CASE("the first state rule that fits decides, and a retained alarm is history",
          "[decode][unit]") {
  const std::string mapping = kHead +
                              "[[reading]]\nquantity = \"alarm\"\npointer = \"/a\"\n"
                              "[[state_when]]\npointer = \"/a\"\nequals = \"1\"\nstate = "
                              "\"alarm\"\n[[state_when]]\npointer = \"/a\"\nequals = "
                              "\"0\"\nstate = \"normal\"\n";
  CHECK(rules::judge(decode(mapping, R"({"a":1})").observations.at(0)).alarm.has_value());
  CHECK(rules::judge(decode(mapping, R"({"a":"1"})").observations.at(0)).alarm.has_value());
  CHECK(decode(mapping, R"({"a":0})").observations.at(0).state == DeclaredState::normal);
  CHECK(decode(mapping, R"({"a":7})").observations.at(0).state == DeclaredState::info);
  CHECK_FALSE(
      rules::judge(decode(mapping, R"({"a":1})", true).observations.at(0)).alarm.has_value());
}

TEST_CASE("a null where a state is read from is unknown, unless a rule says what null means",
          "[decode][unit]") {
  const std::string reading = "[[reading]]\nquantity = \"wet\"\npointer = \"/wet\"\n";
  const std::string rule =
      "[[state_when]]\npointer = \"/wet\"\nequals = \"true\"\nstate = \"alarm\"\n";
  const std::string other = "[[state_when]]\npointer = \"/b\"\nequals = \"1\"\nstate = \"alarm\"\n";
  const std::string null_rule =
      "[[state_when]]\npointer = \"/wet\"\nequals = \"null\"\nstate = \"normal\"\n";
  const auto state_of = [&](const std::string& rules, const std::string& payload) {
    return decode("state = \"normal\"\n" + kHead + reading + rules, payload)
        .observations.at(0)
        .state;
  };
  CHECK(state_of(rule, R"({"wet":false})") == DeclaredState::normal);
  CHECK(state_of(rule, R"({"wet":null})") == DeclaredState::unknown);
  CHECK(state_of(rule + other, R"({"wet":null,"b":1})") == DeclaredState::alarm);
  CHECK(state_of(rule + other, R"({"wet":false})") == DeclaredState::normal);
  CHECK(state_of(rule + null_rule, R"({"wet":null})") == DeclaredState::normal);
}

TEST_CASE("text payloads are one value, hexadecimal ones are bytes", "[decode][unit]") {
  const std::string text = "format = \"text\"\n" + kHead +
                           "[[reading]]\nquantity = \"level\"\n"
                           "unit = \"m\"\n";
  CHECK(std::get<double>(only_value(decode(text, " 1.25\n"))) == 1.25);
  CHECK(decode(text, "\xff").outcome == Outcome::malformed);

  const std::string hex = "format = \"hex\"\n" + kHead +
                          "[check]\nlength = 2\nstarts_with = \"0a\"\n"
                          "[[reading]]\nquantity = \"level\"\noffset = 1\n";
  CHECK(std::get<double>(only_value(decode(hex, "0A10"))) == 16);
  CHECK(decode(hex, "0B10").outcome == Outcome::malformed);
  CHECK(decode(hex, "0A1").outcome == Outcome::malformed);
  CHECK(decode(hex, "0A1011").outcome == Outcome::malformed);
}

}  // namespace watchpost::decode
