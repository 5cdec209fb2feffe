// What an upstream may ask for, as a person writes it.
#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

constexpr std::string_view kUpstreamAlone =
    "[gateway]\nid = \"village-9\"\n[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\n";

std::string granting(std::string_view list) {
  return std::string(kUpstreamAlone) + "commands = " + std::string(list) + "\n";
}

DutyActionSet granted_in(std::string_view list) {
  return config_of(granting(list)).upstreams.front().commands;
}

}  // namespace

TEST_CASE("an upstream may ask for what is named, and for nothing by default", "[settings][unit]") {
  CHECK(config_of(kUpstreamAlone).upstreams.front().commands.none());
  CHECK(granted_in("[]").none());
  CHECK(granted_in("[\"all\"]") == upstream_actions());
  const auto two = granted_in("[\"acknowledge\", \"note\"]");
  CHECK(two.count() == 2);
  CHECK(two.test(static_cast<std::size_t>(DutyAction::take)));
  CHECK(two.test(static_cast<std::size_t>(DutyAction::note)));
}

TEST_CASE("what is granted is printed as it is read", "[settings][unit]") {
  for (const auto* list : {"[]", "[\"all\"]", "[\"take\", \"note\"]"}) {
    const auto printed = print_config(config_of(granting(list)));
    CHECK(printed.find(std::string("commands = ") + list) != std::string::npos);
  }
  const auto printed = print_config(config_of(granting("[\"acknowledge\"]")));
  CHECK(printed.find("commands = [\"take\"]") != std::string::npos);
}

TEST_CASE("a name that grants nothing is a mistake that says what was meant", "[settings][unit]") {
  const std::vector<Row> rows{
      {"misspelt", "[\"tkae\"]", 6, {"\"take\""}, {"是不是"}},
      {"abbreviated", "[\"take\", \"esc\"]", 6, {"escalate"}, {"escalate"}},
      {"for those who are there", "[\"shelve\"]", 6, {"cannot be granted"}, {"不能授权"}},
      {"no list", "\"take\"", 6, {"[\"take\"]"}, {"[\"take\"]"}},
      {"no name", "[1]", 6, {"a list of actions"}, {"动作的列表"}},
  };
  for (Row row : rows) {
    const std::string text = granting(row.text);
    row.text = text;
    check_row(row);
  }
}
