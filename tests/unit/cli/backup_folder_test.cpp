#include "cli/backup/backup_folder.hpp"

#include <unistd.h>

#include <filesystem>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::cli;

namespace fs = std::filesystem;

namespace {

struct Stick {
  fs::path path;
  Stick() {
    std::string pattern = (fs::temp_directory_path() / "wp-stick-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Stick() { fs::remove_all(path); }
  Stick(const Stick&) = delete;
  Stick& operator=(const Stick&) = delete;
  void put(const std::string& name) const { fs::create_directory(path / name); }
};

}  // namespace

TEST_CASE("only whole backups of one gateway are its backups, the oldest first", "[cli][unit]") {
  const Stick stick;
  for (const char* name :
       {"watchpost-box-20261130T211005Z", "watchpost-box-20261129T211005Z",
        "watchpost-box-20261201T211005Z.part", "watchpost-box-2-20261130T211005Z",
        "watchpost-other-20261130T211005Z", "holiday-pictures"}) {
    stick.put(name);
  }
  const auto found = BackupFolder(stick.path).of("box");
  REQUIRE(found.size() == 2);
  CHECK(found[0].filename() == "watchpost-box-20261129T211005Z");
  CHECK(found[1].filename() == "watchpost-box-20261130T211005Z");
}

TEST_CASE("where no store can be copied nothing is left, and no older backup goes", "[cli][unit]") {
  const Stick stick;
  stick.put("watchpost-box-20261129T211005Z");
  const auto done = BackupFolder(stick.path)
                        .make({.source = {"box", stick.path / "no-store", stick.path / "w.toml"},
                               .now = {},
                               .keep = 1});
  REQUIRE(done.has_error());
  CHECK(BackupFolder(stick.path).of("box").size() == 1);
  CHECK(std::distance(fs::directory_iterator(stick.path), fs::directory_iterator()) == 1);

  const auto nowhere = BackupFolder(stick.path / "absent").make({.source = {"box", "", ""}});
  REQUIRE(nowhere.has_error());
  CHECK(nowhere.error().remedy.find("sudo install -d") == 0);
}
