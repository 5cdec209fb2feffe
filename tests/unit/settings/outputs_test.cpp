// [[output]]: what is read of it, and which mistakes are told, with their lines.
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

constexpr std::string_view kSiren = R"([[output]]
name = "yard"
topic = "local/siren/yard/set"
on = "ON"
off = "OFF"
)";

ConfigMistake mistake_with(std::string_view more) {
  return mistake_of(std::string(kSiren) + std::string(more));
}

}  // namespace

TEST_CASE("a siren is read, printed and read back", "[settings][unit]") {
  const auto config = config_of(std::string(kSiren) +
                                "lasts = \"1 min\"\nstate_topic = \"a/b\"\nstate_on = \"1\"\n"
                                "state_off = '\"output\":false'\n");
  REQUIRE(config.outputs.size() == 1);
  CHECK(config.outputs[0].kind == OutputKind::mqtt);
  CHECK(config.outputs[0].broker.empty());
  CHECK(config.outputs[0].lasts == std::chrono::minutes{1});
  CHECK(config.outputs[0].state_off == "\"output\":false");
  CHECK(config_of(print_config(config)) == config);
  CHECK(config_of(kSiren).outputs[0].lasts == std::chrono::seconds{30});
}

TEST_CASE("what a siren needs and does not have is told with its line", "[settings][unit]") {
  const auto without = mistakes_of("[[output]]\nname = \"yard\"\n");
  REQUIRE(without.size() == 3);
  CHECK(without[0].line == 1);
  CHECK(without[0].key == "output.topic");

  const auto broker = mistake_with("broker = \"office\"\n");
  CHECK(broker.line == 6);
  CHECK(broker.key == "output.broker");
  CHECK(broker.what.english == "no [[broker]] has the name \"office\"");
  CHECK(broker.what.chinese == "没有名为 \"office\" 的 [[broker]]");
  CHECK(config_of(std::string(kSiren) +
                  "broker = \"office\"\n[[broker]]\nname = \"office\"\nurl = \"mqtt://s\"\ntopics "
                  "= [\"zigbee2mqtt/#\"]\n")
            .outputs[0]
            .broker == "office");

  const auto state = mistakes_of(std::string(kSiren) + "state_topic = \"a/b\"\n");
  REQUIRE(state.size() == 2);
  CHECK(state[0].key == "output.state_on");
  CHECK(state[1].key == "output.state_off");
  CHECK(mistake_with("state_topic = \"a/b\"\nstate_on = \"1\"\nstate_off = \"1\"\n").line == 8);
  CHECK(mistake_with("state_topic = \"a/+\"\nstate_on = \"1\"\nstate_off = \"0\"\n").key ==
        "output.state_topic");
  CHECK(mistake_with("kind = \"gpio\"\n").key == "output.kind");
  CHECK(mistake_with("lasts = \"1 s\"\n").key == "output.lasts");

  CHECK(mistake_with("step = 4\n").line == 6);
  const auto twice = mistake_with(kSiren);
  CHECK(twice.line == 7);
  CHECK(twice.key == "output.name");

  const auto nowhere = mistake_with("[[listener]]\nprotocol = \"gb26875\"\nport = 5000\n");
  CHECK(nowhere.key == "output.topic");
  CHECK(nowhere.line == 3);
}
