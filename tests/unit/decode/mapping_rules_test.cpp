// What the state rules of a mapping make of a message: no alarm is lost, and none that could never
// come is accepted.
#include "decode/mapping_decoder.hpp"
#include "mapping_bench.hpp"
#include "support/catch.hpp"

namespace watchpost::decode {
using namespace testing;

TEST_CASE("what a state rule says is heard without a reading beside it", "[decode][unit]") {
  const std::string gas = kWellHead +
                          "[[reading]]\nquantity = \"level\"\npointer = \"/lvl\"\n[[also]]\n"
                          "kind = \"combustible_gas\"\n[[also.reading]]\nquantity = \"gas\"\n"
                          "pointer = \"/gas\"\n[[also.state_when]]\npointer = \"/code\"\n"
                          "equals = \"3\"\nstate = \"alarm\"\n[[also.state_when]]\n"
                          "pointer = \"/code\"\nequals = \"0\"\nstate = \"normal\"\n";
  const auto states = [&gas](std::string_view payload) {
    std::vector<std::pair<Kind, DeclaredState>> all;
    for (const auto& each : read_by(gas, payload).observations) {
      all.emplace_back(each.kind, each.state);
    }
    return all;
  };
  using States = std::vector<std::pair<Kind, DeclaredState>>;
  const States alarm{{Kind::combustible_gas, DeclaredState::alarm}};
  CHECK(states(R"({"code":3})") == alarm);
  const States clear{{Kind::water_level, DeclaredState::info},
                     {Kind::combustible_gas, DeclaredState::normal}};
  CHECK(states(R"({"lvl":1,"code":0})") == clear);
  // Neither a reading nor a rule of the gas: it is not what this message is about.
  const States level{{Kind::water_level, DeclaredState::info}};
  CHECK(states(R"({"lvl":1})") == level);
  CHECK(read_by(gas, R"({"code":7})").outcome == Outcome::malformed);
}

TEST_CASE("an alarm is heard where something beside it cannot be read", "[decode][unit]") {
  const std::string well = kWellHead +
                           "[[reading]]\nquantity = \"level\"\nunit = \"m\"\n"
                           "pointer = \"/lvl\"\n[[reading]]\nquantity = \"battery\"\n"
                           "unit = \"%EL\"\npointer = \"/bat\"\n[[state_when]]\n"
                           "pointer = \"/a\"\nequals = \"1\"\nstate = \"alarm\"\n";
  const auto raised = read_by(well, R"({"lvl":2,"bat":"worn","a":1})");
  INFO(raised.why);
  REQUIRE(raised.observations.size() == 1);
  CHECK(raised.observations[0].state == DeclaredState::alarm);
  CHECK(raised.observations[0].readings.size() == 1);
  CHECK(raised.observations[0].flags == std::vector<std::string>{"partly_read"});
  CHECK(raised.why == "the reading \"battery\" is no number");
  CHECK(read_by(well, R"({"lvl":2,"bat":"worn","a":0})").outcome == Outcome::malformed);
}

TEST_CASE("a code that no rule knows is loud where the mapping calls the rest unknown",
          "[decode][unit]") {
  const auto coded = [](const std::string& state, std::string_view payload) {
    return read_by("state = \"" + state + "\"\n" + kWellHead +
                       "[[reading]]\nquantity = \"q\"\npointer = \"/c\"\nsentinels = [255]\n"
                       "[[state_when]]\npointer = \"/c\"\nequals = \"2\"\n"
                       "state = \"alarm\"\n",
                   payload);
  };
  const auto seven = coded("unknown", R"({"c":7})");
  CHECK(seven.observations.at(0).flags == std::vector<std::string>{"not_understood"});
  CHECK(seven.why == "no state rule knows \"7\"");
  CHECK(coded("info", R"({"c":7})").observations.at(0).flags.empty());
  // What means "no value", and the other side of yes, are understood.
  CHECK(coded("unknown", R"({"c":255})").why.empty());
  CHECK(coded("unknown", R"({"c":null})").why.empty());
  CHECK(coded("unknown", R"({"c":false})").why.empty());
}

TEST_CASE("a number is equal however it is written", "[decode][unit]") {
  const auto state = [](const std::string& equals, std::string_view payload) {
    return read_by(kWellHead +
                       "[[reading]]\nquantity = \"q\"\npointer = \"/c\"\n[[state_when]]\n"
                       "pointer = \"/c\"\nstate = \"alarm\"\nequals = \"" +
                       equals + "\"\n",
                   payload)
        .observations.at(0)
        .state;
  };
  CHECK(state("0.5", R"({"c":0.5})") == DeclaredState::alarm);
  CHECK(state("0.50", R"({"c":0.5})") == DeclaredState::alarm);
  CHECK(state("2.0", R"({"c":2})") == DeclaredState::alarm);
  CHECK(state("0.5", R"({"c":0.25})") == DeclaredState::info);
}

TEST_CASE("bits are read from numbers in JSON as from bytes", "[decode][unit]") {
  const std::string bits = kWellHead +
                           "[[reading]]\nquantity = \"fault\"\npointer = \"/s\"\nbit = 1\n"
                           "[[state_when]]\npointer = \"/s\"\nbit = 0\nequals = \"1\"\n"
                           "state = \"alarm\"\n";
  for (const auto* payload : {R"({"s":3})", R"({"s":"3"})"}) {
    const auto decoding = read_by(bits, payload);
    CHECK(std::get<bool>(sole_value(decoding)));
    CHECK(decoding.observations[0].state == DeclaredState::alarm);
  }
  CHECK_FALSE(std::get<bool>(sole_value(read_by(bits, R"({"s":4})"))));
  CHECK(read_by(bits, R"({"s":4})").observations[0].state == DeclaredState::info);
  // What has no bits may hide the danger.
  const auto text = read_by(kWellHead +
                                "[[reading]]\nquantity = \"q\"\npointer = \"/q\"\n"
                                "[[state_when]]\npointer = \"/s\"\nbit = 0\nequals = \"true\"\n"
                                "state = \"alarm\"\n",
                            R"({"q":1,"s":"on"})");
  CHECK(text.observations.at(0).flags == std::vector<std::string>{"not_understood"});
  // Also where it is a reading too, which then cannot be read.
  CHECK(read_by(bits, R"({"s":1.5})").observations.size() == 1);
}

TEST_CASE("a mapping that could never raise what it names is refused", "[decode][unit]") {
  const std::string rule = "[[state_when]]\noffset = 0\ntype = \"u8\"\nstate = \"alarm\"\n";
  const auto refused = [&rule](const std::string& rest) {
    return mistake_in(byte_mapping("offset = 0\ntype = \"u8\"\n", rule + rest));
  };
  CHECK(refused("bit = 8\nequals = \"1\"\n").find("\"bit\" is 0 to 7 here") != std::string::npos);
  CHECK(refused("mask = 0x100\nequals = \"1\"\n").find("\"mask\"") != std::string::npos);
  CHECK(refused("bit = 0\nequals = \"on\"\n").find("never \"on\"") != std::string::npos);
  CHECK(refused("at_least = 5\nbelow = 5\n").find("no number lies") != std::string::npos);
  CHECK(refused("above = 5\nat_most = 4\n").find("no number lies") != std::string::npos);
  CHECK(refused("equals = \"1\"\n" + rule + "equals = \"1\"\n").find("a rule above has decided") !=
        std::string::npos);
  CHECK(refused("equal = \"1\"\n").find("Did you mean \"equals\"") != std::string::npos);
  CHECK(mistake_in(kWellHead + "[[reading]]\nquantitty = \"q\"\npointer = \"/a\"\n")
            .find("Did you mean \"quantity\"") != std::string::npos);
  CHECK(mistake_in(byte_mapping("offset = 0\ntype = \"u8\"\nscale = 0\n")).find("scale = 0") !=
        std::string::npos);
  CHECK(mistake_in(byte_mapping("offset = 0\ntype = \"f32le\"\nbit = 0\n"))
            .find("this type has no bits") != std::string::npos);
  CHECK(mistake_in(byte_mapping("offset = 0\ntype = \"u8\"\nbit = 0\nenum = { 1 = \"on\" }\n"))
            .find("never comes") != std::string::npos);
  const auto fits = Mapping::parse(
      {byte_mapping("offset = 0\ntype = \"u8\"\n", rule + "at_least = 5\nat_most = 5\n"),
       "m.toml"});
  CHECK(fits.has_value());
}

TEST_CASE("hexadecimal text may have gaps between its digits", "[decode][unit]") {
  const std::string hex = "format = \"hex\"\n" + kWellHead +
                          "[[reading]]\nquantity = \"q\"\noffset = 1\ntype = \"u8\"\n";
  for (const auto* payload : {"A501", "a5 01", "0xA5:01", "A5-01\n"}) {
    CHECK(std::get<double>(sole_value(read_by(hex, payload))) == 1);
  }
  CHECK(read_by(hex, "a5 0").outcome == Outcome::malformed);
}

}  // namespace watchpost::decode
