// Remarks on values that are accepted and still worth a look.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "settings/remarks.hpp"
#include "unit/settings/rows.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

TEST_CASE("what is accepted and likely meant otherwise is a note", "[settings][unit]") {
  const std::string street = "[[upstream]]\nname = \"street\"\nurl = \"mqtt://s\"\n";
  check_notes(config_of("[console]\nport = 8080\n"), "there is no web page in this version",
              "还没有网页");
  check_notes(config_of(street), "no other box has", "主机名");
  check_notes(config_of("[gateway]\nid = \"zhaoxiang-03\"\n" + street), "the one of the examples",
              "示例");
  check_notes(config_of("[[upstream]]\nname = \"a\"\nurl = \"mqtts://mqtt.street.example:8883\"\n"),
              "leads nowhere", "并不存在");
  check_notes(config_of("[[upstream]]\nname = \"a\"\nurl = \"mqtt://s:8883\"\n"), "usually",
              "通常");
  const auto low = config_of("[[listener]]\nport = 883\n");
  check_notes(low, "883 is below 1024", "883 小于 1024");
  check_notes(low, "AmbientCapabilities=CAP_NET_BIND_SERVICE",
              "AmbientCapabilities=CAP_NET_BIND_SERVICE");
  check_notes(low, "PrivateUsers=no", "PrivateUsers=no");
  for (const Words& note : config_of("[[listener]]\nport = 1024\n").notes()) {
    CHECK(note.english.find("below 1024") == std::string::npos);
  }
  check_notes(config_of("[service]\nstop_deadline = \"1 min\"\n"), "TimeoutStopSec",
              "TimeoutStopSec");
  check_notes(config_of("[store]\ndirectory = \"/tmp/wp\"\n"), "removed with all records", "删除");
  check_notes(config_of("[store]\ndirectory = \"/root/../root/wp\"\n"), "hidden from the service",
              "不可见");
  // The codec's own name has underscores, people write hyphens; both near names are offered.
  check_notes(config_of("[[device]]\nid = \"24e1\"\nprofile = \"milesight_em400_ud\"\n"),
              "milesight-em400-mud, milesight-em400-udl", "milesight-em400-udl");
  check_notes(config_of("[[device]]\nid = \"24e1\"\nname = \"河口\"\nprofile = \"thing\"\n"),
              "device 河口 (24e1)", "sos-button");
  for (const auto* known :
       {"sos_button", "milesight-em400-udl", "Milesight_EM400_UDL", "dragino ldds75"}) {
    const auto config = config_of("[[device]]\nid = \"24e124136b502217\"\nprofile = \"" +
                                  std::string(known) + "\"\n");
    for (const Words& note : config.notes()) {
      CHECK(note.english.find("profile") == std::string::npos);
    }
  }
}

TEST_CASE("a level of the water without its datum is a note", "[settings][unit]") {
  for (const std::string key : {"warning_level", "guarantee_level"}) {
    const std::string device = "[[device]]\nid = \"river\"\n" + key + " = 3.8\n";
    check_notes(config_of(device), "device river: " + key + " without datum",
                "设备 river：有 " + key + "，没有 datum");
    for (const Words& note : config_of(device + "datum = \"Wusong\"\n").notes())
      CHECK(note.english.find("datum") == std::string::npos);
  }
}

TEST_CASE("a socket where the watchpost command does not look is a note of the service's file",
          "[settings][unit]") {
  auto around = surroundings();
  const auto at = [&around](const std::string& socket) {
    return parse_config_text(ConfigText{"[local]\nsocket = \"" + socket + "\"\n"}, "/w.toml",
                             around)
        .value();
  };
  const auto is_silent = [](const Config& config) {
    const auto notes = config.notes();
    return std::none_of(notes.begin(), notes.end(), [](const Words& note) {
      return note.english.find("local.socket") != std::string::npos;
    });
  };
  CHECK(is_silent(at("/tmp/wp.sock")));
  around.is_installed_config = true;
  check_notes(at("/tmp/wp.sock"), "where no command finds it", "任何命令都找不到");
  check_notes(at("/run/other/wp.sock"), "--socket /run/other/wp.sock",
              "--socket /run/other/wp.sock");
  CHECK(is_silent(at("/run/watchpost/watchpost.sock")));
}

TEST_CASE("a quota that the disk does not have and an address that the box does not have are notes",
          "[settings][unit]") {
  auto around = surroundings();
  around.own_addresses = {"127.0.0.1", "192.168.1.5"};
  around.disk_size = [](const std::filesystem::path& path) {
    return path == "/var/lib/watchpost" ? std::optional(ByteCount{12U << 20U}) : std::nullopt;
  };
  const auto text = "[[listener]]\naddress = \"192.168.1.6\"\nanonymous = true\n";
  const auto config = parse_config_text(ConfigText{text}, "/w.toml", around).value();
  check_notes(config, "the disk of /var/lib/watchpost has 12 MiB in all", "一共只有 12 MiB");
  check_notes(config, "The least quota is 64 MiB: put the store on a larger disk", "更大的磁盘");
  check_notes(config, "192.168.1.6 is no address of this box", "192.168.1.6 不是本机的地址");
  check_notes(config, "it has now: 127.0.0.1, 192.168.1.5. Correct it, or write \"0.0.0.0\"",
              "请改正，或写 \"0.0.0.0\"");
}

TEST_CASE("a secret that everybody may read, and a file of the wrong kind, are notes",
          "[settings][unit]") {
  const Folder folder;
  const auto file = folder.write("street.password", "zhao:$7$101$abc$def\n");
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  const auto text =
      "[[upstream]]\nname = \"a\"\nurl = \"mqtt://s\"\npassword_file = \"street.password\"\n";
  const auto config = parse_config(folder.write("w.toml", text), surroundings()).value();
  check_notes(config, "can be read by everybody on this box: sudo chown", "本机所有用户都能读");
  check_notes(config, "looks like a file of mosquitto_passwd", "mosquitto_passwd");
  std::filesystem::permissions(file, std::filesystem::perms{0640});
  const auto closed = parse_config(folder.path() / "w.toml", surroundings()).value();
  for (const Words& note : closed.notes()) {
    CHECK(note.english.find("everybody on this box") == std::string::npos);
  }
}

namespace {

void check_no_note(const Config& config, std::string_view part) {
  for (const Words& note : config.notes()) {
    INFO(note.english);
    CHECK(note.english.find(part) == std::string::npos);
  }
}

const std::string kStreet = "[[upstream]]\nname = \"street\"\nurl = \"mqtt://s\"\n";
const std::string kOffice = "[[broker]]\nname = \"office\"\nurl = \"mqtt://b\"\n";

}  // namespace

TEST_CASE("alarms that no upstream gets, or that none must keep, are a note", "[settings][unit]") {
  const std::string district = "[[upstream]]\nname = \"district\"\nurl = \"mqtt://d\"\n";
  check_notes(config_of(kStreet + "classes = [\"status\"]\n"), "no [[upstream]] gets alarms",
              "没有一个 [[upstream]] 接收报警");
  const std::string city = "[[upstream]]\nname = \"city\"\nurl = \"mqtt://c\"\n";
  const std::string none_keeps =
      kStreet + "classes = [\"status\"]\n" + district + "required = false\n";
  check_no_note(config_of(none_keeps), "alarms");  // an alarm waits for the only one
  check_notes(config_of(none_keeps + city + "required = false\n"),
              "no [[upstream]] that gets alarms is required", "都不是必需的");
  check_no_note(config_of(kStreet + "classes = [\"status\"]\n" + district), "alarms");
  check_no_note(config_of(kStreet), "alarms");
}

TEST_CASE("an alarm that counts as delivered although nobody may read it is a note",
          "[settings][unit]") {
  check_notes(config_of(kStreet + "protocol = \"3.1.1\"\n"), "counts as delivered. Set protocol",
              "无法说明报警没有人接收");
  check_notes(config_of(kStreet + "client = \"paho\"\n"),
              "does not hear that nobody reads an alarm", "听不到");
  check_notes(config_of(kStreet + "custody = \"receipt\"\nreceipt_classes = [\"patrol\"]\n"),
              "receipt_classes has no \"alarm\"", "receipt_classes 里没有");
  for (const auto* proof :
       {"protocol = \"3.1.1\"\ncustody = \"receipt\"\n", "custody = \"receipt\"\n",
        "client = \"paho\"\nclasses = [\"status\"]\n", ""}) {
    check_no_note(config_of(kStreet + proof), "counts as delivered");
  }
}

TEST_CASE("a broker that keeps nothing for us, or sends only a part, is a note",
          "[settings][unit]") {
  check_notes(config_of(kOffice + "topics = [\"a/#\"]\nsession_expiry = \"0 s\"\n"),
              "session_expiry is 0 s: what sensors send while this box is away for longer, alarms "
              "too, is lost",
              "会丢失");
  check_notes(config_of(kOffice + "topics = [\"$share/g/zigbee2mqtt/#\"]\n"), "only some of them",
              "只能收到一部分");
  check_notes(config_of(kOffice + "topics = [\"zigbee2mqtt/#\", \"zigbee2mqtt/a\"]\n"),
              "may come twice", "收到两次");
  const auto plain = config_of(kOffice + "topics = [\"zigbee2mqtt/#\", \"application/#\"]\n");
  check_no_note(plain, "office");
}

TEST_CASE("keys without effect, and half a login, are notes", "[settings][unit]") {
  check_notes(config_of(kStreet + "username = \"a\"\n"), "a username without a password",
              "没有密码");
  check_notes(config_of(kStreet + "password = \"a\"\n"), "a password without a username",
              "没有用户名");
  check_notes(config_of(kStreet + "receipt_classes = [\"alarm\"]\n"),
              "receipt_classes does nothing without custody", "不起作用");
  check_notes(config_of(kStreet + "receipt_timeout = \"1 min\"\n"), "receipt_timeout does nothing",
              "不起作用");
  check_notes(config_of(kStreet + "batch_bytes = \"8 KiB\"\n"), "batch_bytes does nothing",
              "不起作用");
  check_notes(config_of("[store]\nlinger = \"5 s\"\n"), "store.linger is 5 s",
              "store.linger 是 5 s");
  check_notes(config_of("[local]\nsocket = \"/nowhere/wp.sock\"\n"), "there is no folder /nowhere",
              "没有目录 /nowhere");
  check_no_note(config_of("[local]\nsocket = \"/run/watchpost/watchpost.sock\"\n"), "local.socket");
}

TEST_CASE("decoders that take from others, and a dev EUI that is none, are notes",
          "[settings][unit]") {
  const std::string narrow = "[[decoder]]\ntopics = [\"tele/+/SENSOR\"]\nuse = \"senml\"\n";
  const std::string wide = "[[decoder]]\ntopics = [\"tele/#\"]\nuse = \"zigbee2mqtt\"\n";
  check_notes(config_of(wide + narrow), "[[decoder]] senml is asked first about", "先交给它");
  check_notes(config_of(narrow + narrow), "[[decoder]] senml is asked first about", "先交给它");
  check_no_note(config_of(narrow + wide), "asked");
  check_notes(config_of("[[decoder]]\ntopics = [\"#\"]\nuse = \"senml\"\n"),
              "before the built-in decoders", "而不是内置的解码器");
  const std::string gas = "profile = \"milesight-gs101\"\n";
  check_notes(config_of("[[device]]\nid = \"24e124136b50221\"\n" + gas), "It has 15 characters",
              "15 个字符");
  check_notes(config_of("[[device]]\nid = \"24:e1:24:13:6b:50:22:17\"\n" + gas),
              "Write id = \"24e124136b502217\"", "应写 id = \"24e124136b502217\"");
  check_no_note(config_of("[[device]]\nid = \"24E124136B502217\"\n" + gas), "dev EUI");
  check_no_note(config_of("[[device]]\nid = \"knob\"\nprofile = \"sos-button\"\n"), "dev EUI");
}

TEST_CASE("what a mapping says and perhaps does not mean is a note", "[settings][unit]") {
  const auto file = std::filesystem::temp_directory_path() /
                    ("watchpost-note-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(file) << "name = \"m\"\nkind = \"water_level\"\n[[reading]]\npointer = \"/l\"\n"
                         "quantity = \"strokes_per_dive\"\n[[state_when]]\npointer = \"/t\"\n"
                         "equals = \"1\"\nstate = \"test\"\n[[state_when]]\npointer = \"/c\"\n"
                         "equals = \"3\"\nstate = \"alarm\"\n";
  const auto device = "[[device]]\nid = \"p1\"\nprofile = \"" + file.string() + "\"\n";
  check_notes(config_of(device), "no decoder has the quantity \"strokes_per_dive\"",
              "没有解码器使用名为 \"strokes_per_dive\" 的量");
  check_notes(config_of(device), ":10: where the rule of line 6 fits too", "这条报警就不会发出");
  std::filesystem::remove(file);
}

TEST_CASE("by hand the configuration of the service has the store of the service",
          "[settings][unit]") {
  ConfigSurroundings around;
  around.is_installed_config = true;
  CHECK(parse_config_text(ConfigText{""}, "/etc/watchpost/watchpost.toml", around)
            .value()
            .store.directory == "/var/lib/watchpost");
}
