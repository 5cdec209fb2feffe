#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

TEST_CASE("an unknown key is reported with its place and the nearest spelling",
          "[settings][unit]") {
  const auto mistake = mistake_of("[store]\nquota = \"2 GiB\"\n  qouta_x = 1\n");
  CHECK(mistake.line == 3);
  CHECK(mistake.column == 3);
  CHECK(mistake.key == "store.qouta_x");
  CHECK(mistake.file == "/etc/watchpost/watchpost.toml");

  const auto slip = mistake_of("[store]\nqouta = \"2 GiB\"\n");
  CHECK(slip.next.english == "Did you mean quota?");
  CHECK(slip.sentence().find("/etc/watchpost/watchpost.toml:2:1: store.qouta: [store] has no such "
                             "key; it has directory, quota,") == 0);
}

TEST_CASE("an unknown section is reported with the nearest spelling in its brackets",
          "[settings][unit]") {
  CHECK(mistake_of("[[upstreem]]\nname = \"a\"\n").next.english == "Did you mean [[upstream]]?");
  CHECK(mistake_of("[gatway]\n").next.english == "Did you mean [gateway]?");
  CHECK(mistake_of("zzzzzz = 1\n").next.empty());
}

TEST_CASE("the wrong number of brackets is explained", "[settings][unit]") {
  const auto single = mistake_of("[upstream]\nname = \"a\"\nurl = \"mqtt://a\"\n");
  CHECK(single.what.english.find("write [[upstream]]") != std::string::npos);
  CHECK(single.next.english.find("two brackets") != std::string::npos);
  const auto twice = mistake_of("[[gateway]]\nid = \"a\"\n");
  CHECK(twice.next.english.find("one bracket") != std::string::npos);
}

TEST_CASE("all mistakes of a file are reported in one run, in the order of the file",
          "[settings][unit]") {
  const auto list = mistakes_of(R"([gateway]
id = "Big Name"
area = 310118106203
[log]
level = "warn"
[store]
quota = 2
[[listener]]
port = 70000
anonymous = "yes"
[[upstream]]
url = "mqtt://u:p@street"
raw = "allways"
classes = ["alarm", "patrols"]
window = 0
[[broker]]
url = "mqtt://b"
topics = "zigbee2mqtt/#"
keep_alive = 30
)");
  std::vector<std::string> keys;
  for (const auto& mistake : list) keys.push_back(mistake.key);
  CHECK(keys == std::vector<std::string>{"gateway.id", "gateway.area", "log.level", "store.quota",
                                         "listener.port", "listener.anonymous", "upstream.name",
                                         "upstream.url", "upstream.raw", "upstream.classes",
                                         "upstream.window", "broker.topics", "broker.keep_alive"});
  CHECK(list[0].next.english == "Write \"big-name\"");
  CHECK(list[2].next.english == "Did you mean \"warning\"?");
  CHECK(list[3].next.english.find("\"2 B\"") != std::string::npos);
  CHECK(list[8].next.english == "Did you mean \"always\"?");
  CHECK(list[9].next.english == "Did you mean \"patrol\"?");
  CHECK(list[11].next.english == "Write [\"zigbee2mqtt/#\"]");
  CHECK(list[12].next.english.find("\"30 s\"") != std::string::npos);
  for (const auto& mistake : list) {
    CAPTURE(mistake.sentence());
    CHECK(mistake.line > 0);
    CHECK_FALSE(mistake.what.english.empty());
    CHECK_FALSE(mistake.what.chinese.empty());
    CHECK(mistake.next.english.empty() == mistake.next.chinese.empty());
  }
}

TEST_CASE("a password is never repeated in a message", "[settings][unit]") {
  const auto in_url = mistake_of("[[upstream]]\nname = \"a\"\nurl = \"mqtt://u:hunter2@street\"\n");
  CHECK(in_url.sentence().find("hunter2") == std::string::npos);
  const auto as_key =
      mistake_of("[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\npassword = [\"hunter2\"]\n");
  CHECK(as_key.sentence().find("hunter2") == std::string::npos);
}

TEST_CASE("a syntax error names line and column", "[settings][unit]") {
  const auto mistake = mistake_of("[gateway]\nid = \"zhao\n");
  CHECK(mistake.line == 2);
  CHECK(mistake.column > 0);
  CHECK(mistake.sentence().find("quotation mark") != std::string::npos);
  CHECK(mistake_of("[store]\nquota = \"1 GiB\"\nquota = \"2 GiB\"\n").line == 3);
}

TEST_CASE("bytes that are not UTF-8 are refused before anything is parsed", "[settings][unit]") {
  CHECK(mistake_of("[gateway]\nid = \"\xFF\"\n").next.english == "Save the file as UTF-8");
}

TEST_CASE("a default never contradicts a key that is given", "[settings][unit]") {
  const std::string street = "[[upstream]]\nname = \"street\"\nurl = \"mqtt://s\"\n";
  const auto small = config_of("[store]\nquota = \"64 MiB\"\n").store;
  CHECK(small.history == ByteCount{32U << 20U});
  CHECK(small.reserve == ByteCount{16U << 20U});
  CHECK(config_of(street + "window = 1\n").upstreams.at(0).alarm_slots == 0);
  CHECK(config_of(street + "window = 8\n").upstreams.at(0).alarm_slots == 4);
  CHECK(
      config_of(street + "reconnect_first = \"2 min\"\n").upstreams.at(0).link.reconnect_ceiling ==
      std::chrono::minutes{2});
  CHECK(config_of("[[listener]]\nport = 8080\n").listeners.at(0).port == 8080);
}

TEST_CASE("a file that is missing or a folder is reported with what to do", "[settings][unit]") {
  const Folder folder;
  const auto missing = parse_config(folder.path() / "absent.toml", surroundings());
  REQUIRE(missing.has_error());
  const auto sentence = missing.error().text();
  CHECK(sentence.find("absent.toml") != std::string::npos);
  CHECK(sentence.find("No such file") != std::string::npos);
  CHECK(sentence.find("--print-config") != std::string::npos);

  const auto directory = parse_config(folder.path(), surroundings());
  REQUIRE(directory.has_error());
  CHECK(directory.error().text().find("a folder") != std::string::npos);
}

TEST_CASE("a file that is too large to be a configuration is refused", "[settings][unit]") {
  const Folder folder;
  const auto file = folder.write("large.toml", std::string(8'388'609, '#'));
  const auto result = parse_config(file, surroundings());
  REQUIRE(result.has_error());
  CHECK(result.error().text().find("8 MiB") != std::string::npos);
}

TEST_CASE("a named file that does not exist is a mistake of its key", "[settings][unit]") {
  const auto mistake =
      mistake_of("[[upstream]]\nname = \"a\"\nurl = \"mqtts://s\"\nca_file = \"absent.pem\"\n");
  CHECK(mistake.key == "upstream.ca_file");
  CHECK(mistake.next.english.find("/etc/watchpost/absent.pem") != std::string::npos);
  const auto plugin = mistake_of("[[decoder]]\ntopics = [\"a/#\"]\nuse = \"my.so\"\n");
  CHECK(plugin.key == "decoder.use");
}

TEST_CASE("a decoder that is not built in is a mistake with the nearest spelling",
          "[settings][unit]") {
  const auto slip = mistake_of("[[decoder]]\ntopics = [\"a/#\"]\nuse = \"zigbee2mqt\"\n");
  CHECK(slip.key == "decoder.use");
  CHECK(slip.line == 3);
  CHECK(slip.next.english == "Did you mean \"zigbee2mqtt\"?");
  const auto stranger = mistake_of("[[decoder]]\ntopics = [\"a/#\"]\nuse = \"xyzzyplugh\"\n");
  CHECK(stranger.next.english.find("senml") != std::string::npos);
}

TEST_CASE("values that contradict each other are mistakes", "[settings][unit]") {
  const std::string street = "[[upstream]]\nname = \"street\"\nurl = \"mqtt://s\"\n";

  CHECK(mistake_of(street + "[[upstream]]\nname = \"street\"\nurl = \"mqtt://t\"\n").key ==
        "upstream.name");
  CHECK(mistake_of(street + "window = 10\nalarm_slots = 10\n").key == "upstream.alarm_slots");
  CHECK(mistake_of(street + "reconnect_first = \"2 min\"\nreconnect_ceiling = \"1 min\"\n").key ==
        "upstream.reconnect_ceiling");
  const auto untold =
      mistake_of(street + "batch_events = 9\nprotocol = \"3.1.1\"\ncompression = \"zstd\"\n");
  CHECK(untold.key == "upstream.compression");
  CHECK(untold.line == 6);
  CHECK(untold.next.english.find("protocol = \"5\"") != std::string::npos);
  const auto alone = mistake_of(street + "compression = \"deflate\"\n");
  CHECK(alone.key == "upstream.compression");
  CHECK(alone.next.english.find("batch_events") != std::string::npos);
  CHECK(mistake_of(street + "password = \"x\"\nprotocol = \"3.1.1\"\n").key == "upstream.username");
  CHECK(mistake_of(street + "client_id = \"x\"\n[[upstream]]\nname = \"b\"\nurl = \"mqtt://s\"\n"
                            "client_id = \"x\"\n")
            .key == "upstream.client_id");
  CHECK(mistake_of("[store]\nquota = \"100 MiB\"\nhistory = \"101 MiB\"\n").line == 3);
  CHECK(mistake_of("[store]\nquota = \"100 MiB\"\nreserve = \"26 MiB\"\n").line == 3);
  CHECK(
      mistake_of("[store]\ncommit_queue = \"64 KiB\"\n[[listener]]\nmax_packet_size = \"65 KiB\"\n")
          .key == "listener.max_packet_size");
  CHECK(mistake_of("[[listener]]\nmax_packet_size = \"9 MiB\"\n").key ==
        "listener.max_packet_size");
  CHECK(mistake_of("[[listener]]\n[[listener]]\n").key == "listener.port");
  CHECK(mistake_of("[[listener]]\nanonymous = true\naddress = \"0.0.0.0\"\n[[listener]]\n").key ==
        "listener.port");
  CHECK(mistake_of("[[listener]]\naddress = \"0.0.0.0\"\n").key == "listener.password_file");
  CHECK(mistake_of("[[broker]]\nurl = \"mqtt://127.0.0.1\"\ntopics = [\"#\"]\n").key ==
        "broker.url");
  CHECK(mistake_of("[[device]]\nid = \"a\"\n[[device]]\nid = \"a\"\n").line == 4);
  CHECK(mistake_of("[local]\nsocket = \"/" + std::string(110, 'a') + "\"\n").key == "local.socket");
}

TEST_CASE("TLS files without TLS, and a certificate without its key, are mistakes",
          "[settings][unit]") {
  const Folder folder;
  folder.write("ca.pem", "x");
  const auto read = [&folder](std::string_view scheme, std::string_view more) {
    const auto text = "[[upstream]]\nname = \"a\"\nurl = \"" + std::string(scheme) + "://s\"\n" +
                      std::string(more);
    const auto result = parse_config(folder.write("w.toml", text), surroundings());
    return result ? std::string{} : result.error().list.front().key;
  };
  CHECK(read("mqtts", "ca_file = \"ca.pem\"\n").empty());
  CHECK(read("mqtt", "ca_file = \"ca.pem\"\n") == "upstream.ca_file");
  CHECK(read("mqtts", "cert_file = \"ca.pem\"\n") == "upstream.cert_file");
  CHECK(read("mqtts", "key_file = \"ca.pem\"\n") == "upstream.key_file");
  CHECK(read("mqtt", "password = \"x\"\npassword_file = \"ca.pem\"\n") == "upstream.password_file");
}

TEST_CASE("more sections than the bound are refused once", "[settings][unit]") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "[[listener]]\nport = " + std::to_string(2000 + i) + "\n";
  CHECK(mistake_of(text).what.english.find("more than 32") != std::string::npos);
}

TEST_CASE("receipts are refused where events of other gateways are relayed", "[settings][unit]") {
  const std::string relay = "[[decoder]]\ntopics = [\"wp/v1/310118/106/#\"]\nuse = \"relay\"\n";
  const std::string upstream =
      "[[upstream]]\nname = \"district\"\nurl = \"mqtt://d\"\ncustody = \"receipt\"\n";
  CHECK(mistake_of(relay + upstream).key == "upstream.custody");
}

TEST_CASE("a rule of local traffic that takes what sensors report is a mistake",
          "[settings][unit]") {
  const std::string filter = GENERATE("#", "zigbee2mqtt/#", "+/tele/+", "shellies/#", "+/+/+/state",
                                      "gb26875/+", "wp/in/#", "wp/#", "homeassistant/#");
  CAPTURE(filter);
  const auto commands = mistake_of("[local_traffic]\ncommands = [\"a/b\", \"" + filter + "\"]\n");
  CHECK(commands.key == "local_traffic.commands");
  CHECK(commands.line == 2);
  CHECK(commands.what.english.find("alarms would not be seen") != std::string::npos);
  CHECK(commands.what.chinese.find(filter) != std::string::npos);
  const auto lists = mistake_of("[local_traffic]\nlists = [\"" + filter + "\"]\n");
  CHECK(lists.what.english.find("would not go upstream") != std::string::npos);
  CHECK(mistakes_of("[local_traffic]\ncommands = [\"siren/+/order\", \"+/+/set\"]\n").empty());
}
