// Remarks on values that are accepted and still worth a look.
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
  check_notes(config_of("[[listener]]\nport = 883\n"), "below 1024", "小于 1024");
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
    const auto config =
        config_of("[[device]]\nid = \"24e1\"\nprofile = \"" + std::string(known) + "\"\n");
    for (const Words& note : config.notes()) {
      CHECK(note.english.find("profile") == std::string::npos);
    }
  }
}

TEST_CASE("a quota that the disk does not have and an address that the box does not have are notes",
          "[settings][unit]") {
  auto around = surroundings();
  around.own_addresses = {"127.0.0.1", "192.168.1.5"};
  around.disk_size = [](const std::filesystem::path& path) {
    return path == "/var/lib/watchpost" ? std::optional(ByteCount{12U << 20U}) : std::nullopt;
  };
  const auto text = "[[listener]]\naddress = \"192.168.1.6\"\nanonymous = true\n";
  const auto config = parse_config_text(text, "/w.toml", around).value();
  check_notes(config, "the disk of /var/lib/watchpost has 12 MiB in all", "一共只有 12 MiB");
  check_notes(config, "192.168.1.6 is no address of this box; it has now: 127.0.0.1, 192.168.1.5",
              "192.168.1.6 不是本机的地址");
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

TEST_CASE("by hand the configuration of the service has the store of the service",
          "[settings][unit]") {
  ConfigSurroundings around;
  around.is_installed_config = true;
  CHECK(parse_config_text("", "/etc/watchpost/watchpost.toml", around).value().store.directory ==
        "/var/lib/watchpost");
}
