#include "decode/mapping.hpp"

#include "decode/mapping_decoder.hpp"
#include "mapping_bench.hpp"
#include "rules/verdict.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
using namespace testing;

TEST_CASE("a mapping's mistakes are named with file, line and nearest spelling", "[decode][unit]") {
  CHECK(mistake_in("name = \"m\"\nkind = \"water_levl\"\n") ==
        "m.toml:2: \"water_levl\" is no kind. Did you mean \"water_level\"?");
  CHECK(mistake_in(kWellHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscal = 2\n") ==
        "m.toml:8: there is no key \"scal\" here. Did you mean \"scale\"?");
  CHECK(mistake_in("name = \n").starts_with("m.toml:1: not valid TOML"));
  CHECK(mistake_in(kWellHead + "[[reading]]\nquantity = \"q\"\npointer = \"a\"\n")
            .starts_with("m.toml:5: a JSON pointer begins with '/'"));
  CHECK(mistake_in(kWellHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscale = \"2\"\n")
            .starts_with("m.toml:8: \"scale\" must be a number"));
  CHECK(mistake_in(byte_mapping("offset = 0\ntype = \"u16\"\n"))
            .starts_with("m.toml:9: \"u16\" is no type"));
  CHECK(mistake_in("name = \"m\"\nkind = \"fall\"\n").find("[device]") != std::string::npos);
  CHECK(mistake_in(kWellHead).find("no reading") != std::string::npos);
}

TEST_CASE("a mapping's mistakes are told in Chinese too, at the same place", "[decode][unit]") {
  for (const std::string& toml :
       {std::string("name = \"m\"\nkind = \"water_levl\"\n"), std::string("name = \n"),
        std::string("kind = 1\n"), std::string("name = \"m\"\nkind = \"fall\"\n"), kWellHead,
        kWellHead + "[[reading]]\nquantity = \"q\"\npointer = \"a\"\n",
        kWellHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscal = 2\n",
        kWellHead + "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\nscale = \"2\"\n",
        byte_mapping("offset = 0\ntype = \"u16\"\n"), byte_mapping("offset = 0\nbit = 32\n"),
        byte_mapping("offset = 0\ntype = \"ascii\"\n"), byte_mapping("pointer = \"/a\"\n")}) {
    const auto mapping = Mapping::parse({toml, "m.toml"});
    REQUIRE(mapping.has_error());
    INFO(mapping.error().what);
    INFO(mapping.error().chinese);
    CHECK(mapping.error().chinese.starts_with("m.toml"));
    CHECK(mapping.error().chinese.find("。") != std::string::npos);
  }
}

TEST_CASE("a mapping is told apart by what it is used for", "[decode][unit]") {
  const std::string head = "name = \"m\"\nkind = \"fall\"\n";
  const std::string reading = "[[reading]]\nquantity = \"q\"\npointer = \"/a\"\n";
  const auto used = [](const std::string& toml, MappingUse use) {
    return Mapping::parse({toml, "m.toml", use});
  };
  CHECK_FALSE(used(head + reading, MappingUse::decoder).has_value());
  CHECK(used(head + reading, MappingUse::profile).has_value());
  const auto two = used(head + "port = [2, 3]\n" + reading, MappingUse::profile);
  CHECK(two.value().ports == std::vector<std::uint32_t>{2, 3});
  CHECK(used(head + "port = 2\n" + reading, MappingUse::profile).value().ports.size() == 1);
  for (const auto* wrong : {"0", "256", "\"2\"", "[]", "[2, 0]", "2.0"}) {
    INFO(wrong);
    const auto refused = used(head + "port = " + wrong + "\n" + reading, MappingUse::profile);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().sentence().starts_with("m.toml:3: \"port\" is an fPort"));
  }
  const auto bound = used(kWellHead + reading, MappingUse::decoder);
  CHECK(bound.has_value());
  CHECK(mistake_in("port = 2\n" + kWellHead + reading)
            .starts_with("m.toml:1: \"port\" is of a LoRaWAN"));
  CHECK(mistake_in("topics = [\"a/#/b\"]\n" + kWellHead + reading)
            .starts_with("m.toml:1: \"topics\" lists topic filters"));
}

TEST_CASE("a mapping that is not there is named", "[decode][unit]") {
  const auto mapping = Mapping::load("/nowhere/m.toml");
  REQUIRE_FALSE(mapping.has_value());
  CHECK(mapping.error().what == "the mapping /nowhere/m.toml cannot be read");
}

TEST_CASE("numbers are read from bytes in every layout", "[decode][unit]") {
  const std::string payload("\x01\x82\xff\x38\x00\x00\x48\x41", 8);
  const auto number = [&](const std::string& place) {
    return std::get<double>(sole_value(read_by(byte_mapping(place), payload)));
  };
  CHECK(number("offset = 0\n") == 1);
  CHECK(number("offset = 0\ntype = \"u16be\"\n") == 0x0182);
  CHECK(number("offset = 0\ntype = \"u16le\"\n") == 0x8201);
  CHECK(number("offset = 2\ntype = \"i16be\"\n") == -200);
  CHECK(number("offset = 2\ntype = \"i8\"\n") == -1);
  CHECK(number("offset = 0\ntype = \"u24be\"\n") == 0x0182FF);
  CHECK(number("offset = -4\ntype = \"f32le\"\n") == 12.5);
  CHECK(number("offset = 1\nmask = 0x7F\nscale = 0.5\nadd = 10\n") == 11);
  CHECK(std::get<bool>(sole_value(read_by(byte_mapping("offset = 1\nbit = 7\n"), payload))));
}

TEST_CASE("a payload shorter than the mapping is malformed", "[decode][unit]") {
  const auto mapping = byte_mapping("offset = 6\ntype = \"u32be\"\n");
  CHECK(read_by(mapping, "123456789").outcome == Outcome::malformed);
  CHECK(read_by(mapping, "").outcome == Outcome::malformed);
  CHECK(read_by(mapping, "1234567890").outcome == Outcome::decoded);
}

TEST_CASE("null stays null and a sentinel becomes null with a flag", "[decode][unit]") {
  const std::string mapping = kWellHead +
                              "[[reading]]\nquantity = \"level\"\nunit = \"mm\"\n"
                              "pointer = \"/v\"\nsentinels = [65535]\n";
  CHECK(std::holds_alternative<std::monostate>(sole_value(read_by(mapping, R"({"v":null})"))));
  const auto missing = read_by(mapping, R"({"v":65535})");
  CHECK(std::holds_alternative<std::monostate>(sole_value(missing)));
  CHECK(missing.observations[0].flags == std::vector<std::string>{"sentinel"});
  CHECK(std::get<double>(sole_value(read_by(mapping, R"({"v":"12.5"})"))) == 12.5);
  CHECK(read_by(mapping, R"({"v":"high"})").outcome == Outcome::malformed);
  CHECK(read_by(mapping, R"({"v":)").outcome == Outcome::malformed);
}

TEST_CASE("a payload that is no JSON is malformed, and its device is that of the topic",
          "[decode][unit]") {
  const std::string mapping =
      "name = \"m\"\nkind = \"water_level\"\n[device]\ntopic_level = 1\n"
      "[[reading]]\nquantity = \"level\"\npointer = \"/v\"\n";
  const auto broken = read_by(mapping, "{");
  CHECK(broken.outcome == Outcome::malformed);
  CHECK(broken.device == "b");
}

TEST_CASE("a message without a required member is left to the next decoder", "[decode][unit]") {
  const std::string mapping = "requires = [\"/SR04\"]\n" + kWellHead +
                              "[[reading]]\nquantity = \"distance\"\npointer = \"/SR04/D\"\n";
  CHECK(read_by(mapping, R"({"RC522":{}})").outcome == Outcome::not_mine);
  CHECK(read_by(mapping, R"({"SR04":{"D":1}})").outcome == Outcome::decoded);
}

TEST_CASE("the first state rule that fits decides, and a retained alarm is history",
          "[decode][unit]") {
  const std::string mapping = kWellHead +
                              "[[reading]]\nquantity = \"alarm\"\npointer = \"/a\"\n"
                              "[[state_when]]\npointer = \"/a\"\nequals = \"1\"\nstate = "
                              "\"alarm\"\n[[state_when]]\npointer = \"/a\"\nequals = "
                              "\"0\"\nstate = \"normal\"\n";
  CHECK(rules::judge(read_by(mapping, R"({"a":1})").observations.at(0)).alarm.has_value());
  CHECK(rules::judge(read_by(mapping, R"({"a":"1"})").observations.at(0)).alarm.has_value());
  CHECK(read_by(mapping, R"({"a":0})").observations.at(0).state == DeclaredState::normal);
  CHECK(read_by(mapping, R"({"a":7})").observations.at(0).state == DeclaredState::info);
  CHECK_FALSE(
      rules::judge(read_by(mapping, R"({"a":1})", true).observations.at(0)).alarm.has_value());
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
    return read_by("state = \"normal\"\n" + kWellHead + reading + rules, payload)
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
  const std::string text = "format = \"text\"\n" + kWellHead +
                           "[[reading]]\nquantity = \"level\"\n"
                           "unit = \"m\"\n";
  CHECK(std::get<double>(sole_value(read_by(text, " 1.25\n"))) == 1.25);
  CHECK(read_by(text, "\xff").outcome == Outcome::malformed);

  const std::string hex = "format = \"hex\"\n" + kWellHead +
                          "[check]\nlength = 2\nstarts_with = \"0a\"\n"
                          "[[reading]]\nquantity = \"level\"\noffset = 1\n";
  CHECK(std::get<double>(sole_value(read_by(hex, "0A10"))) == 16);
  CHECK(read_by(hex, "0B10").outcome == Outcome::malformed);
  CHECK(read_by(hex, "0A1").outcome == Outcome::malformed);
  CHECK(read_by(hex, "0A1011").outcome == Outcome::malformed);
}

TEST_CASE("a state rule compares numbers, and what is no number there is loud", "[decode][unit]") {
  const std::string reading =
      "[[reading]]\nquantity = \"level\"\npointer = \"/l\"\nsentinels = [999]\n";
  const auto decoded = [&](const std::string& bounds, const std::string& value) {
    const std::string rule =
        "[[state_when]]\npointer = \"/l\"\nstate = \"alarm\"\n" + bounds + "\n";
    return read_by("state = \"normal\"\n" + kWellHead + reading + rule, "{\"l\":" + value + "}")
        .observations.at(0);
  };
  const auto alarms = [&](const std::string& bounds, const std::string& value) {
    return decoded(bounds, value).state == DeclaredState::alarm;
  };
  CHECK(alarms("at_least = 2", "2"));
  CHECK_FALSE(alarms("at_least = 2", "1.99"));
  CHECK(alarms("above = 2", "2.01"));
  CHECK_FALSE(alarms("above = 2", "2"));
  CHECK(alarms("below = 2", "1.99"));
  CHECK_FALSE(alarms("below = 2", "2"));
  CHECK(alarms("at_most = 2", "2"));
  CHECK(alarms("between = [1, 2]", "1"));
  CHECK(alarms("between = [1, 2]", "2"));
  CHECK_FALSE(alarms("between = [1, 2]", "2.5"));
  CHECK(alarms("at_least = 2", "\"2.5 m\""));
  CHECK(decoded("at_least = 2", "null").state == DeclaredState::unknown);
  CHECK(decoded("at_least = 2", "999").state == DeclaredState::unknown);  // "no value" is no flood
  const auto loud = decoded("at_least = 2", "\"high\"");
  CHECK(rules::may_be_alarm(loud));

  for (const char* wrong : {"", "equals = \"1\"\nabove = 1", "between = [2, 1]", "between = [1]",
                            "between = [1, 2]\nat_least = 1"}) {
    INFO(wrong);
    CHECK(mistake_in(kWellHead + reading + "[[state_when]]\npointer = \"/l\"\nstate = \"alarm\"\n" +
                     wrong + "\n")
              .starts_with("m.toml:"));
  }
}

TEST_CASE("a number may have its unit behind it in a text", "[decode][unit]") {
  const auto value_of = [](const std::string& value, const std::string& more = {}) {
    return read_by(
        kWellHead + "[[reading]]\nquantity = \"q\"\nunit = \"cm\"\npointer = \"/v\"\n" + more,
        "{\"v\":\"" + value + "\"}");
  };
  for (const char* same : {"153", "153 cm", "153cm", " 153.0 cm ", "+153 cm", "1.53e2"}) {
    INFO(same);
    CHECK(std::get<double>(sole_value(value_of(same))) == 153);
  }
  for (const char* none :
       {"cm", "12:30", "2026-11-23", "1.2.3 cm", "153 cm of water in the well"}) {
    INFO(none);
    CHECK(value_of(none).outcome == Outcome::malformed);
  }
  CHECK(value_of("153 mm", "text_unit = \"cm\"\n").outcome == Outcome::malformed);
  CHECK(value_of("153 mm", "text_unit = \"cm\"\n").why.ends_with("is no number in cm"));
}

TEST_CASE("one message says several kinds", "[decode][unit]") {
  const std::string also =
      "[[reading]]\nquantity = \"level\"\npointer = \"/l\"\n"
      "[[also]]\nkind = \"smoke\"\nstate = \"normal\"\n"
      "[[also.reading]]\nquantity = \"smoke\"\npointer = \"/s\"\n"
      "[[also.state_when]]\npointer = \"/s\"\nequals = \"true\"\nstate = \"alarm\"\n";
  const auto both = read_by(kWellHead + also, R"({"l":1,"s":true})");
  REQUIRE(both.observations.size() == 2);
  CHECK(both.observations[0].kind == Kind::water_level);
  CHECK(both.observations[1].kind == Kind::smoke);
  CHECK(both.observations[1].state == DeclaredState::alarm);
  CHECK(both.observations[1].device == "well");
  const auto one = read_by(kWellHead + also, R"({"s":false})");
  REQUIRE(one.observations.size() == 1);
  CHECK(one.observations[0].kind == Kind::smoke);
  CHECK(read_by(kWellHead + also, R"({"x":1})").outcome == Outcome::malformed);
  CHECK(mistake_in(kWellHead + also + "[[also]]\nkind = \"fall\"\n").find("no reading") !=
        std::string::npos);
}

TEST_CASE("the elements of a list are read one after the other", "[decode][unit]") {
  const std::string each =
      "name = \"m\"\nkind = \"water_level\"\nstate = \"normal\"\n[device]\npointer = \"/id\"\n"
      "[time]\npointer = \"/t\"\nformat = \"epoch\"\n"
      "[[reading]]\nquantity = \"level\"\npointer = \"/l\"\n"
      "[[state_when]]\npointer = \"/l\"\nat_least = 2\nstate = \"alarm\"\n"
      "[each]\npointer = \"/records\"\n";
  constexpr std::string_view kPayload =
      R"({"id":"well","records":[{"t":1763899200,"l":1},{"t":1763902800,"l":3,"id":"pond"}]})";
  const auto both = read_by(each, kPayload);
  REQUIRE(both.observations.size() == 2);
  CHECK(both.device == "well");
  CHECK(both.observations[0].device == "well");
  CHECK(both.observations[1].device == "pond");
  CHECK(to_rfc3339(*both.observations[0].observed_at).starts_with("2025-11-23T12:00:00"));
  CHECK(both.observations[1].state == DeclaredState::alarm);
  CHECK(rules::judge(both.observations[1]).alarm);

  const auto late = read_by(each + "history = true\n", kPayload);
  REQUIRE(late.observations.size() == 2);
  CHECK(late.observations[1].history);
  CHECK_FALSE(rules::judge(late.observations[1]).alarm);

  CHECK(read_by(each, R"({"id":"well","records":[]})").outcome == Outcome::ignored);
  CHECK(read_by(each, R"({"id":"well","records":{}})").outcome == Outcome::malformed);
  CHECK(read_by(each, R"({"id":"well"})").outcome == Outcome::not_mine);
  CHECK(read_by(each, R"({"id":"well","records":[{"l":1},{"x":2}]})").outcome ==
        Outcome::malformed);
  CHECK(
      mistake_in("format = \"text\"\n" + kWellHead + "[each]\npointer = \"/a\"\n").find("[each]") !=
      std::string::npos);
}

}  // namespace watchpost::decode
