#include <sys/stat.h>

#include "settings/device_profiles.hpp"
#include "settings/keys.hpp"
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kEverything = R"(
[gateway]
id = "zhaoxiang-03"
area = "310118106203"
timezone = "-03:30"
[log]
level = "debug"
sink = "stderr"
[store]
directory = "spool"
quota = "3 GB"
history = "0 B"
commit_queue = "1 MiB"
linger = "250 ms"
[[listener]]
address = "::1"
port = 1890
max_connections = 7
max_packet_size = "64 KiB"
receive_maximum = 9
topic_alias_maximum = 0
keep_alive_max = "90 s"
session_expiry_max = "0 s"
max_unacknowledged = 11
[[listener]]
address = "0.0.0.0"
anonymous = true
[[upstream]]
name = "street"
url = "mqtts://[::2]:99"
required = false
classes = ["patrol", "alarm"]
raw = "always"
protocol = "3.1.1"
client = "paho"
client_id = "odd \"id\" \u0001"
username = "u"
tls_verify = false
keep_alive = "7 s"
acknowledge_timeout = "1500 ms"
reconnect_first = "100 ms"
reconnect_ceiling = "2 s"
window = 5
alarm_slots = 0
[[broker]]
url = "mqtt://office"
topics = ["zigbee2mqtt/#", "+/x"]
session_expiry = "24 h"
[[output]]
name = "yard"
topic = "siren/set"
on = '{"duration":30}'
off = "OFF"
lasts = "40 s"
step = 2
state_topic = "siren"
state_on = "ON"
state_off = "OFF"
[[output]]
name = "hook"
kind = "command"
command = ["/bin/true", "a b"]
timeout = "5 s"
[[output]]
name = "chat"
kind = "webhook"
url_file = "/etc/passwd"
format = "wecom"
language = "en"
per_minute = 9
[[escalation]]
levels = ["red"]
step_1 = ["yard"]
[[decoder]]
topics = ["a/#"]
use = "senml"
options = { deep = { list = [1, 2.5, 3.0, true, "x \"y\""] }, when = 2026-11-23, "odd key" = -1 }
[[device]]
id = "a84041"
profile = "em400"
name = "昭巷河口"
domain = "water"
options = { datum = 2.0 }
warning_level = 4.2
guarantee_level = 5
datum = "吴淞"
mount_elevation = 7.125
surveyed = "2026-05-01"
level_reading = "depth"
level_deadband = 0.05
[[rule]]
name = "fast-rise"
devices = ["a84041"]
place = "昭巷"
kind = "water_level"
quantity = "level"
unit = "m"
rise = 0.3
deadband = 0.1
on_delay = "30 s"
off_delay = "10 min"
within = "10 min"
readings = 4
level = "yellow"
latching = true
text = "The river rises fast"
text_zh = "河水上涨快"
[[rule]]
name = "door"
quantity = "contact"
equals = false
level = "blue"
[local]
socket = "/run/wp.sock"
[service]
stop_deadline = "5 s"
)";

}  // namespace

TEST_CASE("without a file the daemon listens on loopback, stores locally and forwards nowhere",
          "[settings][unit]") {
  const auto config = default_config(surroundings());
  REQUIRE(config.listeners.size() == 1);
  CHECK(config.listeners[0].address == "127.0.0.1");
  CHECK(config.listeners[0].port == 1883);
  CHECK(config.listeners[0].anonymous);
  CHECK(config.store.directory == "/var/lib/watchpost");
  CHECK(config.local.socket == "/var/lib/watchpost/watchpost.sock");
  CHECK(config.gateway.id == "zhaoxiang-03-local");
  CHECK(config.upstreams.empty());
  CHECK(mentions(config.notes(), "forwarded nowhere"));
  CHECK(parsed("").value() == config);
}

TEST_CASE("the store is where the command line says, else the file, else the service manager",
          "[settings][unit]") {
  ConfigSurroundings around;
  const auto directory = [&around](std::string_view text) {
    return parse_config_text(ConfigText{text}, "/etc/wp/w.toml", around).value().store.directory;
  };
  CHECK(directory("") == std::filesystem::current_path() / "watchpost-data");
  around.state_directory = "/var/lib/watchpost";
  CHECK(directory("") == "/var/lib/watchpost");
  CHECK(directory("[store]\ndirectory = \"mine\"\n") == "/etc/wp/mine");
  around.store_directory = "/mnt/card";
  CHECK(directory("[store]\ndirectory = \"mine\"\n") == "/mnt/card");
  around.runtime_directory = "/run/watchpost";
  CHECK(parse_config_text(ConfigText{""}, "/w.toml", around).value().local.socket ==
        "/run/watchpost/watchpost.sock");
}

TEST_CASE("the keys that tools outside rely on are read as written", "[settings][unit]") {
  const auto config = config_of(R"(
[gateway]
id   = "zhaoxiang-03"
area = "310118106203"
[store]
directory = "/var/lib/watchpost"
quota     = "2 GiB"
[[listener]]
address = "127.0.0.1"
port    = 1883
[[upstream]]
name = "street"
url  = "mqtt://127.0.0.1:1884"
raw  = "always"
[[broker]]
url    = "mqtt://127.0.0.1:1885"
topics = ["zigbee2mqtt/#"]
[console]
address = "127.0.0.1"
port    = 8080
)");
  CHECK(config.gateway.area == "310118106203");
  REQUIRE(config.upstreams.size() == 1);
  CHECK(config.upstreams[0].raw == RawPolicy::always);
  CHECK(config.upstreams[0].link.client_id == "watchpost-zhaoxiang-03-street");
  REQUIRE(config.brokers.size() == 1);
  CHECK(config.brokers[0].link.name == "127-0-0-1-1885");
  CHECK(config.brokers[0].topics[0].text() == "zigbee2mqtt/#");
}

TEST_CASE("every key reaches the place it is meant for", "[settings][unit]") {
  const auto config = config_of(kEverything);
  CHECK(config.gateway.timezone == -210min);
  CHECK(config.log.level == LogLevel::debug);
  CHECK(config.log.sink == LogSink::standard_error);
  CHECK(config.store.directory == "/etc/watchpost/spool");
  CHECK(config.store.quota == ByteCount{3'000'000'000});
  CHECK(config.store.history == ByteCount{0});
  CHECK(config.store.commit_queue == ByteCount{1'048'576});
  CHECK(config.store.linger == std::chrono::milliseconds{250});
  REQUIRE(config.listeners.size() == 2);
  const auto& listener = config.listeners[0];
  CHECK(listener.port == 1890);
  CHECK(listener.anonymous);
  CHECK(listener.max_connections == 7);
  CHECK(listener.max_packet_size == ByteCount{65'536});
  CHECK(listener.receive_maximum == 9);
  CHECK(listener.topic_alias_maximum == 0);
  CHECK(listener.keep_alive_max == 90s);
  CHECK(listener.session_expiry_max == 0s);
  CHECK(listener.max_unacknowledged == 11);
  // Where the key is absent, the limit is what fits in the commit queue.
  CHECK(config.listeners[1].max_packet_size == ByteCount{1'048'576});
  const auto& upstream = config.upstreams.at(0);
  CHECK(upstream.link.url == MqttUrl{"::2", 99, true});
  CHECK_FALSE(upstream.required);
  CHECK(upstream.classes == PerClass<bool>{true, true, false, false});
  CHECK(upstream.link.protocol == MqttVersion::v3_1_1);
  CHECK(upstream.link.client == MqttLibrary::paho);
  CHECK(upstream.link.client_id == "odd \"id\" \x01");
  CHECK_FALSE(upstream.link.tls_verify);
  CHECK(upstream.link.keep_alive == 7s);
  CHECK(upstream.acknowledge_timeout == 1500ms);
  CHECK(upstream.link.reconnect_first == 100ms);
  CHECK(upstream.link.reconnect_ceiling == 2s);
  CHECK(upstream.window == 5);
  CHECK(upstream.alarm_slots == 0);
  CHECK(config.brokers[0].topics.size() == 2);
  CHECK(config.brokers[0].session_expiry == 24h);
  CHECK(config.devices.at(0).domain == Domain::water);
  CHECK(config.devices[0].options.text.find("\"datum\"") != std::string::npos);
  CHECK(config.decoders.at(0).options.text.find("\"2026-11-23\"") != std::string::npos);
  CHECK_FALSE(config.decoders[0].is_file());
  CHECK(config.local.socket == "/run/wp.sock");
  CHECK(config.service.stop_deadline == 5s);
}

TEST_CASE("what print_config prints reads back as the same configuration", "[settings][unit]") {
  for (const auto text : {kEverything, std::string_view{}, std::string_view{"listener = []\n"}}) {
    const auto config = config_of(text);
    const auto printed = print_config(config);
    CAPTURE(printed);
    ConfigSurroundings elsewhere;
    elsewhere.host_name = "another";
    const auto again = parse_config_text(ConfigText{printed}, "/tmp/printed.toml", elsewhere);
    REQUIRE(again.has_value());
    CHECK(*again == config);
    CHECK(print_config(*again) == printed);
  }
}

TEST_CASE("print_config never shows a password, and says that one is set", "[settings][unit]") {
  const auto printed =
      print_config(config_of("[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\nusername = "
                             "\"u\"\npassword = \"hunter2\"\n"));
  CHECK(printed.find("hunter2") == std::string::npos);
  CHECK(printed.find("# password is set and not shown") != std::string::npos);
}

TEST_CASE("print_config explains every key of every section it prints", "[settings][unit]") {
  const auto printed = print_config(config_of(kEverything));
  for (const auto& section : sections()) {
    CHECK(printed.find(section.heading()) != std::string::npos);
    for (const auto& key : section.keys) {
      CAPTURE(section.name, key.name);
      CHECK(printed.find(key.sentence) != std::string::npos);
      CHECK(key.sentence.ends_with('.'));
    }
  }
}

TEST_CASE("anonymous clients are accepted on loopback only, unless the file says otherwise",
          "[settings][unit]") {
  const Folder folder;
  folder.write("clients", "a:b\n");
  const auto read = [&folder](std::string_view text) {
    return parse_config(folder.write("w.toml", text), surroundings()).value().listeners.at(0);
  };
  CHECK(read("[[listener]]\naddress = \"127.8.8.8\"\n").anonymous);
  CHECK(read("[[listener]]\naddress = \"::1\"\n").anonymous);
  CHECK_FALSE(read("[[listener]]\naddress = \"::\"\npassword_file = \"clients\"\n").anonymous);
  CHECK_FALSE(read("[[listener]]\nanonymous = false\npassword_file = \"clients\"\n").anonymous);
  CHECK(read("[[listener]]\naddress = \"10.0.0.1\"\nanonymous = true\n").anonymous);
}

TEST_CASE("notes tell what an operator would want to know", "[settings][unit]") {
  const auto open = config_of("[[listener]]\naddress = \"10.0.0.1\"\nanonymous = true\n");
  CHECK(mentions(open.notes(), "without a password"));
  CHECK(mentions(open.notes(), "gateway.area"));
  CHECK(mentions(config_of("listener = []\n").notes(), "nothing can come in"));
  const auto lax = config_of(
      "[[upstream]]\nname = \"a\"\nurl = \"mqtts://s\"\ntls_verify = false\nrequired = false\n");
  CHECK(mentions(lax.notes(), "tls_verify is off for a"));
  CHECK_FALSE(mentions(lax.notes(), "is required"));  // it is the only one: records wait for it
  const auto two = config_of(
      "[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\nrequired = false\n"
      "[[upstream]]\nname = \"b\"\nurl = \"mqtt://t\"\nrequired = false\n");
  CHECK(mentions(two.notes(), "no [[upstream]] is required: a record may be removed once one"));
  const auto sound = config_of(
      "[gateway]\nid = \"xicen-7\"\narea = \"310118106203\"\n[[upstream]]\nname = \"a\"\nurl = "
      "\"mqtt://s\"\n");
  CHECK(sound.notes().empty());
}

TEST_CASE("a password comes from the file's first line or from the key", "[settings][unit]") {
  const Folder folder;
  LinkConfig link;
  CHECK(password_of(link).value().empty());
  link.password = "inline";
  CHECK(password_of(link).value() == "inline");
  link.password.clear();
  link.password_file = folder.write("secret", "first line\r\nsecond\n");
  CHECK(password_of(link).value() == "first line");
  link.password_file = folder.write("empty", "");
  CHECK(password_of(link).error().what.find("empty") != std::string::npos);
}

TEST_CASE("a decoder file is found beside the configuration and handed on with its full path",
          "[settings][unit]") {
  const Folder folder;
  folder.write("level.toml", "");
  const auto file = folder.write("w.toml", "[[decoder]]\ntopics = [\"a\"]\nuse = \"level.toml\"\n");
  const auto config = parse_config(file, surroundings()).value();
  CHECK(config.decoders.at(0).use == (folder.path() / "level.toml").string());
  CHECK(config.decoders[0].is_file());
}

TEST_CASE("a mapping named without a folder is one beside the configuration, else an installed one",
          "[settings][unit]") {
  const Folder folder;
  const Folder installed;
  installed.write("level.toml", "");
  installed.write("river.toml", "");
  folder.write("level.toml", "");
  auto around = surroundings();
  around.mappings = installed.path();
  const auto use_of = [&](const std::string& use) {
    const auto file =
        folder.write("w.toml", "[[decoder]]\ntopics = [\"a\"]\nuse = \"" + use + "\"\n");
    return parse_config(file, around);
  };

  CHECK(use_of("level.toml").value().decoders.at(0).use == folder.path() / "level.toml");
  CHECK(use_of("river.toml").value().decoders.at(0).use == installed.path() / "river.toml");

  // A path means exactly that place, and a plugin is never looked for elsewhere.
  CHECK_FALSE(use_of("./river.toml").has_value());
  CHECK_FALSE(use_of("river.so").has_value());
  const auto absent = use_of("lake.toml");
  REQUIRE_FALSE(absent.has_value());
  CHECK(absent.error().text().find(installed.path().string()) != std::string::npos);
  CHECK(absent.error().text().find((folder.path() / "lake.toml").string()) != std::string::npos);
}

TEST_CASE("the profile of a device may be a mapping, which is found as that of a decoder is",
          "[settings][unit]") {
  const Folder folder;
  const Folder installed;
  installed.write("river.toml", "");
  folder.write("level.toml", "");
  auto around = surroundings();
  around.mappings = installed.path();
  const auto profile_of = [&](const std::string& profile) {
    const auto file =
        folder.write("w.toml", "[[device]]\nid = \"a\"\nprofile = \"" + profile + "\"\n");
    return parse_config(file, around);
  };
  const auto own = profile_of("level.toml").value();
  CHECK(own.devices.at(0).profile == folder.path() / "level.toml");
  CHECK(profile_of("river.toml").value().devices.at(0).profile == installed.path() / "river.toml");
  CHECK(profile_of("some-model").value().devices.at(0).profile == "some-model");
  CHECK(unknown_profiles(own).empty());
  for (const Words& note : own.notes()) CHECK(note.english.find("profile") == std::string::npos);

  const auto absent = profile_of("lake.toml");
  REQUIRE_FALSE(absent.has_value());
  CHECK(absent.error().text().find("w.toml:3:") != std::string::npos);
  CHECK(absent.error().text().find("There is no " + (folder.path() / "lake.toml").string()) !=
        std::string::npos);
  const auto plugin = profile_of("level.so");
  REQUIRE_FALSE(plugin.has_value());
  CHECK(plugin.error().text().find("A plugin is no profile") != std::string::npos);
  CHECK(plugin.error().text(Language::chinese).find("插件不能作为 profile") != std::string::npos);
}
