// The store folder as the service's user finds it, before the service is started.
#include "app/store_check.hpp"

#include <unistd.h>

#include "app/as_user.hpp"
#include "spool/reader/open_for_reading.hpp"
#include "unit/settings/sample.hpp"

using namespace watchpost;
using namespace watchpost::app;
using settings::testing::Folder;

namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65'534;

void check_says(const std::optional<settings::Words>& words, std::string_view english,
                std::string_view chinese) {
  REQUIRE(words.has_value());
  INFO(words->english);
  CHECK(words->english.find(english) != std::string::npos);
  INFO(words->chinese);
  CHECK(words->chinese.find(chinese) != std::string::npos);
}

void give_to(const fs::path& path, uid_t owner) {
  REQUIRE(::chown(path.c_str(), owner, owner) == 0);
}

}  // namespace

TEST_CASE("a file in place of the store folder is a mistake for everybody", "[app][unit]") {
  const Folder folder;
  const auto file = folder.write("store", "x");
  check_says(unusable_store({file}), file.string() + " is a file, and no folder", "不是目录");
  check_says(unusable_store({file / "below"}), "is a file, and no folder", "不是目录");
  CHECK_FALSE(unusable_store({folder.path()}));
  CHECK_FALSE(unusable_store({folder.path() / "not" / "yet"}));
}

TEST_CASE("a file system that nobody can write is a mistake for everybody", "[app][unit]") {
  // The one that is read-only wherever these tests run, root or not.
  if (::access("/sys/fs/cgroup", W_OK) == 0 || errno != EROFS) return;
  check_says(unusable_store({"/sys/fs/cgroup"}), "is read-only. Mount it for writing", "只读");
}

TEST_CASE("a store folder is judged with the rights of the service's user", "[app][unit]") {
  if (geteuid() != 0) return;  // another user cannot become the service's user
  const Folder folder;
  fs::permissions(folder.path(), fs::perms{0755});
  const auto store = folder.path() / "store";
  const auto judged = [&](bool is_made_by_systemd = false) {
    return unusable_store_for("nobody", {store, is_made_by_systemd});
  };
  check_says(judged(),
             "mount that disk; for a new store: sudo install -d -o nobody -g nobody -m 700 " +
                 store.string(),
             "也无权创建");
  CHECK_FALSE(judged(true));

  fs::create_directories(store);
  check_says(judged(), "may not write in " + store.string() + ": sudo chown -R nobody:nobody",
             "不能写入");
  check_says(judged(true), "may not write in", "不能写入");
  give_to(store, kNobody);
  CHECK_FALSE(judged());

  const auto database = folder.write("store/watchpost.db", "x");
  fs::permissions(database, fs::perms{0600});
  check_says(judged(), "holds files of another user", "属于其他用户");
  give_to(database, kNobody);
  CHECK_FALSE(judged());

  fs::permissions(folder.path(), fs::perms{0700});
  check_says(judged(),
             "cannot enter the folder " + folder.path().string() + ": sudo chown root:nobody",
             "进不了目录 " + folder.path().string());
  CHECK_FALSE(unusable_store({store}));
}

TEST_CASE("a store that this user may not look at is not called missing", "[app][unit]") {
  if (geteuid() != 0) return;  // another user cannot become the service's user
  const Folder folder;
  const auto file = folder.write("watchpost.db", "x");
  const auto told = [&file](std::string_view part) {
    return as_user("nobody", [&] {
      const auto opened = spool::open_for_reading(file);
      return !opened && opened.error().sentence().find(part) != std::string::npos ? 1 : 0;
    });
  };
  fs::permissions(folder.path(), fs::perms{0700});
  CHECK(told("may not look at " + file.string() + ". Run this with sudo") == 1);
  fs::permissions(folder.path(), fs::perms{0755});
  fs::permissions(file, fs::perms{0600});
  CHECK(told("may not look at " + file.string()) == 1);
  fs::permissions(file, fs::perms{0644});
  CHECK(told("may not look at") == 0);
}
