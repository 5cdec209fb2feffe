#include "accounts/password_edit.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "accounts/credentials.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::accounts {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

UserChange set(std::string user, std::string_view password) {
  return {std::move(user), PasswordHash::made(password)};
}

TEST_CASE("a user is added, changed and removed, and every other line stays", "[accounts][unit]") {
  const std::string others = "# of the office\n\nbell:" + PasswordHash::made("b")->text() + "\n";
  const auto added = edited({"p", others}, set("tank", "one")).value();
  CHECK(added.what == Changed::added);
  CHECK(added.text.starts_with(others + "tank:$7$1000$"));
  CHECK(Credentials::parse({"p", added.text}).value().verify({"tank", "one"}));
  const auto changed = edited({"p", "tank:$9$bad\n" + others}, set("tank", "two")).value();
  CHECK(changed.what == Changed::replaced);
  CHECK(changed.text.ends_with(others));
  CHECK(Credentials::parse({"p", changed.text}).value().verify({"tank", "two"}));
  const auto removed = edited({"p", added.text}, {"tank", std::nullopt}).value();
  CHECK(removed.what == Changed::removed);
  CHECK(removed.text == others);
  // Neither a longer nor a shorter name is meant.
  CHECK(edited({"p", added.text}, {"tan", std::nullopt}).has_error());
  CHECK(edited({"p", added.text}, {"tank2", std::nullopt}).has_error());
  // A last line without its end.
  const auto joined = edited({"p", others.substr(0, others.size() - 1)}, set("tank", "one"));
  CHECK(Credentials::parse({"p", joined.value().text}).value().size() == 2);
}

TEST_CASE("a password file may be named without its folder", "[accounts][unit]") {
  const support::TempDirectory directory;
  const auto before = fs::current_path();
  fs::current_path(directory.path());
  const auto made =
      edit_password_file("clients.passwd", set("tank", "one"), GroupName{"watchpost"});
  const auto again =
      edit_password_file("clients.passwd", set("tank", "two"), GroupName{"watchpost"});
  fs::current_path(before);
  REQUIRE(made.has_value());
  CHECK(*again == Changed::replaced);
  CHECK(text_of(directory.path() / "clients.passwd").starts_with("tank:"));
}

TEST_CASE("a file that is no password file is not rewritten", "[accounts][unit]") {
  const auto refused = edited({"/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n"}, set("u", "p"));
  REQUIRE(refused.has_error());
  CHECK(refused.error().what.starts_with("/etc/passwd:1:"));
}

TEST_CASE("names that a file or Mosquitto would read as another are refused", "[accounts][unit]") {
  for (const char* name : {"", "a:b", "a\nb", "#a", " a", "a ", "\xff", "a\x7f"}) {
    INFO(name);
    CHECK(unfit_user_name(name).has_value());
  }
  CHECK(unfit_user_name(std::string(65'536, 'a')).has_value());
  for (const char* name : {"tank", "水位一号", "a b", "a#b", "$7$"})
    CHECK_FALSE(unfit_user_name(name).has_value());
}

TEST_CASE("the file is replaced as a whole and keeps its mode and owner", "[accounts][unit]") {
  const support::TempDirectory folder;
  const fs::path file = folder.path() / "clients";
  CHECK(edit_password_file(file, set("a", "1"), GroupName{"no-such-group"}).value() ==
        Changed::added);
  struct stat found {};
  REQUIRE(::stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 07777U) == 0640);
  REQUIRE(::chmod(file.c_str(), 0604) == 0);
  const bool is_root = ::geteuid() == 0;
  if (is_root) REQUIRE(::chown(file.c_str(), 12'345, 23'456) == 0);
  const auto inode = found.st_ino;
  // A link is followed: it stays, and what it names is replaced.
  const fs::path link = folder.path() / "link";
  fs::create_symlink("clients", link);
  CHECK(edit_password_file(link, set("a", "2"), GroupName{"x"}).value() == Changed::replaced);
  CHECK(fs::is_symlink(link));
  REQUIRE(::stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 07777U) == 0604);
  if (is_root) CHECK((found.st_uid == 12'345 && found.st_gid == 23'456));
  CHECK(found.st_ino != inode);
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 2);  // nothing else is left
  CHECK(Credentials::load(file).value().verify({"a", "2"}));
  const auto before = text_of(file);
  CHECK(edit_password_file(file, {"b", std::nullopt}, GroupName{"x"}).has_error());
  CHECK(text_of(file) == before);
  CHECK(
      edit_password_file(folder.path() / "none", {"b", std::nullopt}, GroupName{"x"}).has_error());
  CHECK_FALSE(fs::exists(folder.path() / "none"));
}

TEST_CASE("changes at the same time follow each other", "[accounts][unit]") {
  const support::TempDirectory folder;
  const fs::path file = folder.path() / "clients";
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back([&file, i] {
      (void)edit_password_file(file, set("u" + std::to_string(i), "p"), GroupName{"x"});
    });
  }
  for (auto& one : all) one.join();
  CHECK(Credentials::load(file).value().size() == 8);
}

}  // namespace
}  // namespace watchpost::accounts
