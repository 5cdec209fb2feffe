// Parts of fire alarm systems: what a platform writes of them means what their frames mean.
#include "danger/fire_parts.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "danger/fire_codes.hpp"
#include "gb26875/states.hpp"
#include "gb26875/type_names.hpp"
#include "support/catch.hpp"

namespace watchpost::danger {
namespace {

std::optional<CodedFirePart> coded(std::string_view text) {
  const auto value = boost::json::parse({text.data(), text.size()});
  return coded_fire_part(value.get_object());
}

}  // namespace

TEST_CASE("a part tells of a fire by its name as by its number in a frame", "[danger][unit]") {
  for (int type = 0; type <= 255; ++type) {
    const auto* name = gb26875::part_name(static_cast<std::uint8_t>(type));
    if (name == nullptr) continue;
    INFO(name->english << " " << name->chinese);
    const bool tells = gb26875::tells_of_fire(static_cast<std::uint8_t>(type));
    CHECK(part_telling_of_fire(name->english).has_value() == tells);
    CHECK(part_telling_of_fire(name->chinese).has_value() == tells);
  }
  for (int type = 0; type <= 255; ++type) {
    const auto* name = gb26875::system_name(static_cast<std::uint8_t>(type));
    if (name == nullptr) continue;
    INFO(name->english << " " << name->chinese);
    const bool tells = gb26875::puts_out_fires(static_cast<std::uint8_t>(type));
    CHECK(part_telling_of_fire(name->english).has_value() == tells);
    CHECK(part_telling_of_fire(name->chinese).has_value() == tells);
  }
}

TEST_CASE("a part is read by the standard's numbers in JSON as in a frame", "[danger][unit]") {
  for (int type = 0; type <= 255; ++type) {
    for (const int bits : {0, 1, 2, 3, 4, 33, 65, 17, 0x8001}) {
      const auto text = fmt::format(R"({{"partType":{},"partState":{}}})", type, bits);
      const auto part = coded(text);
      INFO(text);
      const auto number = static_cast<std::uint8_t>(type);
      REQUIRE(part.has_value() == (gb26875::part_name(number) != nullptr));
      if (!part) continue;
      sdk::Observation framed;
      gb26875::describe({gb26875::StateOf::part, static_cast<std::uint16_t>(bits),
                         gb26875::tells_of_fire(number), 0},
                        framed);
      CHECK(part->observation.state() == framed.state());
      CHECK(part->observation.kind() == gb26875::kind_of_part(number));
      CHECK(part->unread.empty() == (bits != 0x8001));
    }
  }
}

TEST_CASE("a state by the standard may be written in any everyday form", "[danger][unit]") {
  for (const std::string_view state :
       {"2", "\"2\"", "2.0", "\"0x0002\"", "\"0000000000000010\"", "[2,0]", "\"火警\""}) {
    INFO(state);
    const auto part = coded(fmt::format(R"({{"部件类型":40,"部件状态":{}}})", state));
    REQUIRE(part);
    CHECK(part->observation.state() == WATCHPOST_ALARM);
  }
  for (const std::string_view state : {"-1", "70000", "2.5", "true", "null", "\"\"", "[2]",
                                       "[2,0,0]", "[2,300]", "{}", "\"0x\"", "\"0x12345\""}) {
    INFO(state);
    CHECK_FALSE(coded(fmt::format(R"({{"部件类型":40,"部件状态":{}}})", state)));
  }
}

TEST_CASE("a coded part has the name that its frame would give it", "[danger][unit]") {
  const auto part = coded(
      R"({"systemType":1,"systemAddr":2,"partType":40,"partArea":1,"partPlace":7,"status":2})");
  REQUIRE(part);
  CHECK(part->below == ":1.2:1.7");
  CHECK(part->observation.value_of("part_type") == 40);
  const auto system = coded(R"({"sysType":13,"sysAddr":"2","sysState":33})");
  REQUIRE(system);
  CHECK(system->below == ":13.2");
  CHECK(system->observation.state() == WATCHPOST_SUSPECTED);
  // A word for both is read as words.
  CHECK_FALSE(coded(R"({"部件类型":"水流指示器","部件状态":"反馈"})"));
  // "unit" and "component" are names of much else, and a system is one at an address.
  CHECK_FALSE(coded(R"({"componentType":40,"componentState":2})"));
  CHECK(coded(R"({"componentType":40,"componentAddress":1,"componentState":2})"));
  CHECK_FALSE(coded(R"({"systemType":1,"systemState":2})"));
}

}  // namespace watchpost::danger
