#include "receiver/open_received.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "receiver/schema.hpp"
#include "receiver/statements.hpp"

namespace watchpost::receiver {
namespace {

Failure cannot_look(const std::filesystem::path& file, std::string_view why) {
  return in_both(Failure::Kind::not_found,
                 English{fmt::format("{}: {}", file.string(), why),
                         "Name the file that was given to `watchpost receive --store`"},
                 Chinese{fmt::format("{}：{}", file.string(), why),
                         "请写明 `watchpost receive --store` 所用的文件"});
}

Failure none_of_ours(const std::filesystem::path& file, const Phrase& why) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("{} is no file of `watchpost receive`: {}", file.string(), why.english),
              "Nothing was changed. Name the file that was given to it with --store"},
      Chinese{fmt::format("{} 不是 `watchpost receive` 的文件：{}", file.string(), why.chinese),
              "没有改动任何内容。请写明它的 --store 所用的文件"});
}

Failure no_database(const std::filesystem::path& file) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("{} is no file of `watchpost receive`, or a damaged one: it is no SQLite "
                          "database",
                          file.string()),
              "Nothing was changed. Name the file that was given to it with --store; if it is that "
              "one, "
              "save what can be read with `sqlite3 FILE .recover`"},
      Chinese{
          fmt::format("{} 不是 `watchpost receive` 的文件，或已损坏：它不是 SQLite 数据库",
                      file.string()),
          "没有改动任何内容。请写明它的 --store 所用的文件；如果就是这个文件，请用 `sqlite3 文件 "
          ".recover` 抢救还能读出的内容"});
}

Failure no_permission(const std::filesystem::path& file) {
  const std::string why = std::strerror(errno);
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("{} may not be read: {}", file.string(), why),
              "Run this as a user who may read it, such as the one the receiver runs as"},
      Chinese{fmt::format("没有权限读 {}：{}", file.string(), why),
              "请用有权读它的用户运行，例如接收程序所用的用户"});
}

// SQLite makes a file of its own beside one that it reads while others write it.
Failure closed_folder(const std::filesystem::path& file, const Failure& why) {
  return in_both(
      Failure::Kind::environment,
      English{
          fmt::format("{} cannot be read where it is, since this user may not write to its folder "
                      "({})",
                      file.string(), why.what),
          "Nothing was changed. Run this with sudo, or copy the file, and those beside it with "
          "-wal "
          "and -shm, to a folder of yours"},
      Chinese{fmt::format("{} 无法在原处读取，因为这个用户不能写它所在的目录（{}）", file.string(),
                          why.what),
              "没有改动任何内容。请加 sudo 运行，或把这个文件以及旁边带 -wal、-shm "
              "的文件复制到自己的目录"});
}

Failure of_version_1(const std::filesystem::path& file) {
  return in_both(Failure::Kind::refused,
                 English{fmt::format("{} was written by an earlier watchpost", file.string()),
                         "Start `watchpost receive` with it once: that brings it up to date"},
                 Chinese{fmt::format("{} 由较早的 watchpost 写成", file.string()),
                         "请用它启动一次 `watchpost receive`，即可更新"});
}

}  // namespace

Result<sqlite::Database> open_received(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return cannot_look(file, std::strerror(errno));
  if (S_ISDIR(found.st_mode)) return none_of_ours(file, {"it is a folder", "它是目录"});
  if (!S_ISREG(found.st_mode)) {
    return none_of_ours(file, {"it is no regular file", "它不是普通文件"});
  }
  if (found.st_size == 0) return none_of_ours(file, {"it is empty", "它是空的"});
  if (::access(file.c_str(), R_OK) != 0) return no_permission(file);
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_only);
  if (!database) return database.error();
  const auto version = database->query_integer(sql::kUserVersion);
  if (!version && sqlite::is_damage(version.error())) return no_database(file);
  if (!version && ::access(absolute(file).parent_path().c_str(), W_OK) != 0) {
    return closed_folder(file, version.error());
  }
  if (!version) return version.error();
  if (*version == 1) return of_version_1(file);
  if (*version != kSchemaVersion) {
    return none_of_ours(file, {fmt::format("its version is {}, not {}", *version, kSchemaVersion),
                               fmt::format("它的版本是 {}，不是 {}", *version, kSchemaVersion)});
  }
  auto gateway = database->prepare("SELECT first_alarm FROM gateway");
  if (!gateway) {
    return none_of_ours(file, {"it is another program's database", "它是别的程序的数据库"});
  }
  if (auto done = database->execute(sql::kConfigureReader); !done) return done.error();
  return database;
}

}  // namespace watchpost::receiver
