#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::settings;
using namespace watchpost::settings::testing;

namespace {

// /etc/watchpost of a box.
struct Site {
  Folder folder;
  ConfigSurroundings around = surroundings();

  Site() {
    std::filesystem::create_directory(folder.path() / "conf.d");
    around.is_installed_config = true;
  }
  [[nodiscard]] std::filesystem::path file() const { return folder.path() / "watchpost.toml"; }
  [[nodiscard]] ParsedConfig read() const { return parse_config(file(), around); }
  [[nodiscard]] Config config() const {
    auto result = read();
    if (!result) FAIL(result.error().text());
    return *result;
  }
};

}  // namespace

TEST_CASE("files in conf.d are read in the order of their names: keys anew, sections added",
          "[settings][unit]") {
  const Site site;
  site.folder.write("watchpost.toml",
                    "[gateway]\nid = \"one\"\n[[upstream]]\nname = \"street\"\nurl = "
                    "\"mqtt://street\"\n[[listener]]\nport = 1901\n");
  site.folder.write("conf.d/20-b.toml",
                    "[store]\nquota = \"4 GiB\"\n[[device]]\nid = \"second\"\n");
  site.folder.write(
      "conf.d/10-a.toml",
      "[store]\nquota = \"3 GiB\"\n[[device]]\nid = \"first\"\n[[listener]]\nport = 1902\n");
  site.folder.write("conf.d/10-a.toml.bak", "no toml");
  site.folder.write("conf.d/.#20-b.toml", "no toml");

  const Config config = site.config();
  CHECK(config.gateway.id == "one");
  CHECK(config.store.quota == ByteCount{4ULL << 30U});
  REQUIRE(config.devices.size() == 2);
  CHECK(config.devices[0].id == "first");
  CHECK(config.devices[1].id == "second");
  REQUIRE(config.listeners.size() == 2);
  CHECK(config.listeners[0].port == 1901);
  CHECK(config.listeners[1].port == 1902);
  CHECK(config.is_set_up);
}

TEST_CASE("a mistake in conf.d names its own file and line, and all files are looked at",
          "[settings][unit]") {
  const Site site;
  site.folder.write("watchpost.toml", "[gateway]\nid = \"NOT GOOD\"\n");
  site.folder.write("conf.d/a.toml", "\n[store]\nqota = \"3 GiB\"\n");
  site.folder.write("conf.d/b.toml", "[[device]]\nid = \"x\"\n");
  site.folder.write("conf.d/c.toml", "[[device]]\nid = \"X\"\n");

  const auto result = site.read();
  REQUIRE(result.has_error());
  const auto& list = result.error().list;
  REQUIRE(list.size() == 3);
  CHECK(list[0].file == site.file().string());
  CHECK(list[1].file == (site.folder.path() / "conf.d/a.toml").string());
  CHECK(list[1].line == 3);
  CHECK(list[1].sentence().find("quota") != std::string::npos);
  CHECK(list[2].file == (site.folder.path() / "conf.d/c.toml").string());
  CHECK(list[2].what.english.find("line 2 of " + (site.folder.path() / "conf.d/b.toml").string()) !=
        std::string::npos);
  CHECK(list[2].what.chinese.find("第 2 行") != std::string::npos);
}

TEST_CASE("a file of conf.d that is no TOML is named with its line", "[settings][unit]") {
  const Site site;
  site.folder.write("watchpost.toml", "[gateway]\nid = \"one\"\n");
  site.folder.write("conf.d/a.toml", "[store]\nquota = 3 GiB\n");
  const auto result = site.read();
  REQUIRE(result.has_error());
  CHECK(result.error().list.front().file == (site.folder.path() / "conf.d/a.toml").string());
  CHECK(result.error().list.front().line == 2);
}

TEST_CASE("relative paths in conf.d start in the folder of the configuration", "[settings][unit]") {
  const Site site;
  site.folder.write("street.password", "secret\n");
  site.folder.write("watchpost.toml", "");
  site.folder.write(
      "conf.d/street.toml",
      "[[upstream]]\nname = \"street\"\nurl = \"mqtt://street\"\nusername = \"u\"\npassword_file = "
      "\"street.password\"\n");
  CHECK(site.config().upstreams.at(0).link.password_file == site.folder.path() / "street.password");
}

TEST_CASE("the service starts without a configuration, and says that it is not set up",
          "[settings][unit]") {
  const Site site;
  const Config config = site.config();
  CHECK_FALSE(config.is_set_up);
  REQUIRE(config.listeners.size() == 1);
  CHECK(config.listeners[0].address == "127.0.0.1");
  CHECK(config.upstreams.empty());

  site.folder.write("conf.d/a.toml", "[gateway]\nid = \"one\"\n");
  CHECK(site.config().is_set_up);

  // Any other file that is named must be there.
  ConfigSurroundings other = site.around;
  other.is_installed_config = false;
  CHECK(parse_config(site.file(), other).has_error());
}
