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

namespace {

// Line 6 is the first of `more`.
std::string with_escalation(std::string_view more) {
  return std::string(kSiren) + "[[escalation]]\n" + std::string(more);
}

}  // namespace

TEST_CASE("an escalation is read, printed and read back", "[settings][unit]") {
  const auto config = config_of(
      with_escalation("levels = [\"red\", \"orange\"]\nalarms = [\"smoke\", \"fault\"]\nplaces = "
                      "[\"Building 3\"]\nat_once = [\"yard\"]\nstep_2_after = \"2 min\"\n"));
  REQUIRE(config.escalations.size() == 1);
  const EscalationConfig& one = config.escalations[0];
  CHECK(one.which.levels == std::vector<std::string>{"red", "orange"});
  CHECK(one.which.places == std::vector<std::string>{"Building 3"});
  CHECK(one.at_once == std::vector<std::string>{"yard"});
  CHECK(one.step_1_after == std::chrono::seconds{60});
  CHECK(one.step_2_after == std::chrono::seconds{120});
  CHECK(one.step_3_after == std::chrono::seconds{300});
  CHECK(config_of(print_config(config)) == config);
}

TEST_CASE("mistakes in an escalation are told with their line, and what was meant",
          "[settings][unit]") {
  const auto name = mistake_of(with_escalation("step_1 = [\"yrad\"]\n"));
  CHECK(name.line == 7);
  CHECK(name.key == "escalation.step_1");
  CHECK(name.what.english == "no [[output]] has the name \"yrad\"");
  CHECK(name.next.english == "Did you mean \"yard\"?");

  const auto level = mistake_of(with_escalation("levels = [\"ornage\"]\n"));
  CHECK(level.key == "escalation.levels");
  CHECK(level.next.english == "Did you mean \"orange\"?");
  CHECK(mistake_of(with_escalation("alarms = [\"smok\"]\n")).next.english ==
        "Did you mean \"smoke\"?");

  const auto time = mistake_of(with_escalation("step_1_after = \"3 min\"\n"));
  CHECK(time.key == "escalation.step_2_after");
  CHECK(time.what.chinese == "step_2_after 是 3 min，而它的前一步是 3 min");
  CHECK(mistake_of(with_escalation("step_2_after = \"400 s\"\n")).key == "escalation.step_3_after");
  CHECK(mistake_of(with_escalation("step_1_after = \"0 s\"\n")).key == "escalation.step_1_after");
}

TEST_CASE("a command and a webhook are read, printed and read back", "[settings][unit]") {
  const auto config = config_of(
      "[[output]]\nname = \"hook\"\nkind = \"command\"\ncommand = [\"/bin/echo\", \"a b\"]\n"
      "[[output]]\nname = \"chat\"\nkind = \"webhook\"\nurl = "
      "\"https://chat.example/send?key=s3cret\"\nformat = "
      "\"feishu\"\nstep = 2\n");
  CHECK(config.outputs[0].command == std::vector<std::string>{"/bin/echo", "a b"});
  CHECK(config.outputs[0].timeout == std::chrono::seconds{10});
  CHECK(config.outputs[1].format == OutputFormat::feishu);
  CHECK(config.outputs[1].per_minute == 15);
  const auto hook = config_of(
      "[[output]]\nname = \"hook\"\nkind = \"command\"\ncommand = [\"/bin/echo\", \"a b\"]\n");
  CHECK(config_of(print_config(hook)) == hook);
  // Who knows the url of a robot may write in its group.
  const std::string printed = print_config(config);
  CHECK(printed.find("s3cret") == std::string::npos);
  CHECK(printed.find("# url is set and not shown") != std::string::npos);
}

TEST_CASE("what a command or a webhook needs and does not have is told", "[settings][unit]") {
  const std::string hook = "[[output]]\nname = \"hook\"\nkind = \"command\"\n";
  CHECK(mistake_of(hook).key == "output.command");
  CHECK(mistakes_of(hook + "command = [\"tell\"]\n")[0].key == "output.command");
  CHECK(mistake_of(hook + "command = [\"/bin/true\"]\ntopic = \"a\"\n").line == 5);
  const std::string chat = "[[output]]\nname = \"chat\"\nkind = \"webhook\"\n";
  CHECK(mistake_of(chat).key == "output.url");
  const auto odd = mistake_of(chat + "url = \"ftp://secret-key@a\"\n");
  CHECK(odd.key == "output.url");
  CHECK(odd.sentence().find("secret-key") == std::string::npos);
  CHECK(mistake_of(chat + "url = \"http://a\"\nper_minute = 2\n").key == "output.per_minute");
  CHECK(mistake_of(chat + "url = \"http://a\"\nformat = \"slack\"\n").key == "output.format");
  const std::string secret = "url = \"http://a\"\nsecret_file = \"/etc/passwd\"\n";
  CHECK(mistake_of(chat + secret).key == "output.secret_file");
  CHECK(mistake_of(chat + secret + "format = \"wecom\"\n").key == "output.secret_file");
  CHECK(mistakes_of(chat + secret + "format = \"feishu\"\n").empty());
}
