// Keys, sections and files that stand in the wrong place, or twice.
#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {
const std::vector<Row> kMisplaced{
    {"the heading above it is still a comment",
     "[store]\n#quota = \"2 GiB\"\n\n#[[listener]]\naddress = \"0.0.0.0\"\n",
     5,
     {"address belongs to [[listener]]", "line 4 still begins with #", "remove that #"},
     {"address 属于 [[listener]]", "第 4 行行首还有 #"}},
    {"with a blank after the #",
     "[store]\n# [[upstream]]\nurl = \"mqtt://s\"\n",
     3,
     {"url belongs to [[upstream]]", "line 2 still begins with #"},
     {"第 2 行"}},
    {"of another section altogether",
     "[gateway]\nid = \"a-1\"\nquota = \"2 GiB\"\n",
     3,
     {"[gateway] has no such key", "quota belongs to [store]", "below that heading"},
     {"quota 属于 [store]"}},
    {"above the first section",
     "id = \"a-1\"\n[store]\n",
     1,
     {"id: this key stands above the first section", "below [gateway] or [[device]]"},
     {"写在第一个段之前", "[gateway]"}},
    {"above the first section, and no key of ours",
     "colour = \"red\"\n",
     1,
     {"no such key, and no section stands above it", "gateway, log, store"},
     {"没有这个键"}},
    {"in capitals, with a hyphen",
     "[[listener]]\nMax-Packet-Size = \"1 MiB\"\n",
     2,
     {"Did you mean max_packet_size?"},
     {"是不是 max_packet_size？"}},
    {"misspelt",
     "[gateway]\naera = \"310118106203\"\n",
     2,
     {"Did you mean area?"},
     {"是不是 area？"}},
    {"a section that does not exist",
     "[lisener]\nport = 1\n",
     1,
     {"Did you mean [[listener]]?"},
     {"是不是 [[listener]]？"}},
    {"one bracket where two belong",
     "[upstream]\nname = \"a\"\nurl = \"mqtt://s\"\n",
     1,
     {"write [[upstream]]", "two brackets"},
     {"两层括号"}},
    {"two brackets where one belongs",
     "[[store]]\nquota = \"1 GiB\"\n",
     1,
     {"write [store]", "one bracket"},
     {"一层括号"}},
    {"a needed key is missing",
     "[[upstream]]\nname = \"a\"\n",
     1,
     {"upstream.url: this key is missing", "mqtt://host:port"},
     {"缺少这个键"}},
};
}  // namespace

TEST_CASE("a key at the wrong place is told where it belongs", "[settings][unit]") {
  for (const Row& row : kMisplaced) check_row(row);
}

TEST_CASE("what stands twice is named with its first line", "[settings][unit]") {
  const std::vector<Row> rows{
      {"an example pasted at the end of the shipped file",
       "[gateway]\n\n[store]\n\n[gateway]\nid = \"a-1\"\n",
       5,
       {"[gateway] stands here a second time; the first is line 1", "below line 1",
        "remove this line"},
       {"[gateway] 在这里重复出现；第一处在第 1 行"}},
      {"a key",
       "[store]\nquota = \"1 GiB\"\n# more\nquota = \"2 GiB\"\n",
       4,
       {"quota stands here a second time; the first is line 2", "Keep one"},
       {"第一处在第 2 行"}},
      {"once with one bracket, once with two",
       "[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\n[upstream]\nname = \"b\"\n",
       4,
       {"second time", "line 1", "same brackets"},
       {"括号要一样"}},
      {"two upstreams of one name",
       "[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\n[[upstream]]\nname = \"a\"\nurl = "
       "\"mqtt://t\"\n",
       5,
       {"has the name \"a\" already, in line 2"},
       {"已经叫 \"a\"", "第 2 行"}},
      {"one device twice, in other letters",
       "[[device]]\nid = \"24E1\"\n[[device]]\nid = \"24e1\"\n",
       4,
       {"has a [[device]] already, in line 2", "Join the two"},
       {"第 2 行"}},
      {"one port twice",
       "[[listener]]\nport = 1899\n[[listener]]\nport = 1899\n",
       4,
       {"127.0.0.1 port 1899 already", "Change the port"},
       {"端口 1899"}},
  };
  for (const Row& row : rows) check_row(row);
  // All repeated headings are reported at once.
  CHECK(mistakes_of("[gateway]\n[store]\n[gateway]\nid = \"a-1\"\n[store]\n").size() == 2);
}

TEST_CASE("an upstream that is our own listener is found under every name of this box",
          "[settings][unit]") {
  const auto said = [](std::string_view listener, std::string_view url) {
    auto around = surroundings();
    around.host_name = "box";
    around.own_addresses = {"127.0.0.1", "::1", "192.168.1.5", "fe80::5"};
    const auto text = "[[listener]]\naddress = \"" + std::string(listener) +
                      "\"\nanonymous = true\n[[upstream]]\nname = \"a\"\nurl = \"mqtt://" +
                      std::string(url) + "\"\n";
    const auto result = parse_config_text(ConfigText{text}, "/w.toml", around);
    return result ? std::string{} : result.error().text();
  };
  for (const auto* url : {"127.0.0.1", "localhost", "192.168.1.5", "box", "[::1]", "127.9.9.9"}) {
    CAPTURE(url);
    CHECK(said("0.0.0.0", url).find("our own [[listener]]") != std::string::npos);
  }
  CHECK(said("127.0.0.1", "localhost").find("different ports") != std::string::npos);
  CHECK(said("0.0.0.0", "192.168.1.6").empty());
  CHECK(said("127.0.0.1", "192.168.1.5").empty());
  CHECK(said("0.0.0.0", "localhost:1884").empty());
}

TEST_CASE("a broker that would give us back our own events is refused", "[settings][unit]") {
  const std::string street =
      "[gateway]\nid = \"a-1\"\narea = \"310118106203\"\n[[upstream]]\nname = \"street\"\nurl = "
      "\"mqtt://s\"\n[[broker]]\nurl = \"mqtt://s\"\n";
  for (const auto* topics : {"[\"#\"]", "[\"a/#\", \"wp/#\"]", "[\"wp/v1/310118/106/#\"]"}) {
    const auto mistake = mistake_of(street + "topics = " + topics + "\n");
    check_parts(mistake.sentence(), {"[[upstream]] street", "sensors' topics only"});
  }
  CHECK(mistakes_of(street + "topics = [\"zigbee2mqtt/#\"]\n").empty());
}

TEST_CASE("a file that is refused has one mistake, with the two commands that repair it",
          "[settings][unit]") {
  const Folder folder;
  const auto text = "[[listener]]\naddress = \"0.0.0.0\"\npassword_file = \"absent\"\n";
  const auto result = parse_config(folder.write("w.toml", text), surroundings());
  REQUIRE(result.has_error());
  REQUIRE(result.error().list.size() == 1);
  check_parts(result.error().text(), {"There is no", "absent", "create it or correct the path"});
  if (geteuid() == 0) return;  // root reads everything
  const auto closed = folder.write("closed", "x\n");
  std::filesystem::permissions(closed, std::filesystem::perms::none);
  const auto refused = parse_config(
      folder.write("w.toml", "[[listener]]\naddress = \"0.0.0.0\"\npassword_file = \"closed\"\n"),
      surroundings());
  REQUIRE(refused.has_error());
  CHECK(refused.error().list.size() == 1);
  check_parts(refused.error().text(), {"sudo chown root:watchpost", "sudo chmod 640"});
  CHECK(refused.error().text().find(".\n") == std::string::npos);
}
