// The form of an upstream's topics in the configuration: what is refused, and what it costs.
#include <algorithm>

#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

std::string upstream_with(const std::string& lines) {
  return "[gateway]\nid = \"village-9\"\n[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\n" + lines;
}

bool has_note(const Config& config, std::string_view part) {
  const auto notes = config.notes();
  return std::any_of(notes.begin(), notes.end(), [part](const Words& note) {
    return note.english.find(part) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a form of topics that no server could take is refused with what to write",
          "[settings][unit]") {
  const std::vector<Row> rows{
      {"a slip of the pen",
       "topic = \"wp/{clas}/{device}\"",
       6,
       {"Did you mean {class}?"},
       {"是不是 {class}"}},
      {"capital letters",
       "topic = \"wp/{Gateway}\"",
       6,
       {"Did you mean {gateway}?"},
       {"{gateway}"}},
      {"no part of a topic",
       "topic = \"wp/{severity}\"",
       6,
       {"there are {district}", "{device}"},
       {"可用的有 {district}"}},
      {"a wildcard",
       "topic = \"wp/+/{class}\"",
       6,
       {"'+' is for those who subscribe"},
       {"只用于订阅"}},
      {"half a placeholder", "topic = \"wp/{class\"", 6, {"with both braces"}, {"两个花括号"}},
      {"too long", "", 6, {"at most 512 bytes"}, {"最多 512 字节"}},
      {"too deep", "", 6, {"at most 64 levels"}, {"最多 64 层"}},
      {"nothing", "topic = \"\"", 6, {"Leave the key out"}, {"删掉"}},
      {"no text", "topic = 5", 6, {"quotation marks"}, {"引号"}},
      {"another way of being there",
       "presence = \"retain\"",
       6,
       {"Did you mean \"retained\"?"},
       {"retained"}},
  };
  for (Row row : rows) {
    std::string line(row.text);
    if (row.what == "too long") line = "topic = \"" + std::string(600, 'x') + "\"";
    if (row.what == "too deep") line = "topic = \"" + std::string(80, '/') + "\"";
    const std::string text = upstream_with(line + "\n");
    row.text = text;
    check_row(row);
  }
}

TEST_CASE("the default form of topics and what is said of this box cost no note",
          "[settings][unit]") {
  const auto config = config_of(upstream_with(""));
  CHECK_FALSE(has_note(config, "topic"));
  CHECK(config.upstreams.front().topic == kContractTopics);
  CHECK(config.upstreams.front().presence == Presence::retained);
  CHECK(config.upstreams.front().will);
  CHECK(config.upstreams.front().heard_classes == PerClass<bool>{true, true, false, false});
}

TEST_CASE("what another form of topics costs is noted", "[settings][unit]") {
  check_notes(config_of(upstream_with("topic = \"x/{area}/{gateway}/{domain}/{device}\"\n")),
              "nobody can subscribe to alarms alone", "无法只订阅报警");
  check_notes(config_of(upstream_with("topic = \"x/{area}/{gateway}/{class}\"\n")),
              "without {domain}, {device} in topic", "没有 {domain}, {device}");
  check_notes(config_of(upstream_with("topic = \"x/{area}/{class}/{domain}/{device}\"\n")),
              "two boxes publish on the same topics", "两台主机会用同一主题");
  check_notes(config_of(upstream_with("topic = \"$aws/rules/r/{gateway}/{class}\"\n")),
              "begins with '$'", "以 '$' 开头");
  const std::string short_form = "topic = \"x/{area}/{gateway}/{class}/{domain}/{device}\"\n";
  check_notes(config_of(upstream_with(short_form)), "`watchpost receive`", "`watchpost receive`");
  check_notes(config_of(upstream_with(short_form + "custody = \"receipt\"\n")),
              "nothing ever counts as delivered", "都不算送达");
  const auto named =
      config_of(upstream_with("client_id = \"box-7\"\ntopic = \"/p/box-7/{class}\"\n"));
  CHECK_FALSE(has_note(named, "two boxes publish"));
}

TEST_CASE("classes that nobody has to hear, and a state that a receiver needs, are noted",
          "[settings][unit]") {
  const auto none = config_of(upstream_with("heard_classes = []\n"));
  CHECK(none.upstreams.front().heard_classes == PerClass<bool>{});
  check_notes(none, "an alarm that nobody has subscribed to counts as delivered",
              "没有人订阅的报警");
  check_notes(config_of(upstream_with("presence = \"off\"\ncustody = \"receipt\"\n")),
              "does not learn which numbers it will never get", "无法得知哪些编号不会再来");
}

TEST_CASE("a broker's topics that take in an upstream's own form are a mistake",
          "[settings][unit]") {
  const auto text = upstream_with("topic = \"zigbee2mqtt/{gateway}/{class}\"\n") +
                    "[[broker]]\nurl = \"mqtt://s\"\ntopics = [\"zigbee2mqtt/#\"]\n";
  const auto list = mistakes_of(text);
  REQUIRE(list.size() == 1);
  CHECK(list.front().sentence().find("also takes what [[upstream]] a publishes") !=
        std::string::npos);
  CHECK(mistakes_of(upstream_with("topic = \"out/{gateway}/{class}\"\n") +
                    "[[broker]]\nurl = \"mqtt://s\"\ntopics = [\"wp/v1/#\"]\n")
            .empty());
}
