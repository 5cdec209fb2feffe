#include "spool/reader/open_for_reading.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <string>

#include "spool/tables/all_tables.hpp"
#include "spool/tables/pragmas.hpp"

namespace watchpost::spool {
namespace {

constexpr const char* kCountTables = "SELECT count(*) FROM sqlite_schema";
// Each version of the store has had this one.
constexpr const char* kOurTable = "SELECT count(*) FROM sqlite_schema WHERE name = 'log_alarm'";

Failure closed_to_us(const std::string& file) {
  return in_both(Failure::Kind::environment,
                 English{fmt::format("This user may not look at {}", file), "Run this with sudo"},
                 Chinese{fmt::format("这个用户无权查看 {}", file), "请加 sudo 运行"});
}

Failure none_there(const std::string& file) {
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("There is no store {}", file),
              "Name the folder of store.directory; run this as a user who may read it (sudo)"},
      Chinese{fmt::format("没有数据文件 {}", file),
              "请写明 store.directory 的目录，并以有权读它的用户运行（sudo）"});
}

Failure no_store(const std::string& file) {
  return in_both(
      Failure::Kind::invalid_input,
      English{
          fmt::format("{} is no store of watchpostd, or a damaged one: it is no SQLite database",
                      file),
          "Nothing was changed. Name the folder of store.directory; if it is that one, start its "
          "daemon: it saves what can be read"},
      Chinese{fmt::format("{} 不是 watchpostd 的数据文件，或已损坏：它不是 SQLite 数据库", file),
              "没有改动任何内容。请写明 store.directory "
              "的目录；如果就是它，请启动它的服务：服务会抢救还能"
              "读出的内容"});
}

Failure store_of_another(const std::string& file) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("{} is no store of watchpostd, but another program's database", file),
              "Nothing was changed. Name the folder of store.directory"},
      Chinese{fmt::format("{} 不是 watchpostd 的数据文件，而是别的程序的数据库", file),
              "没有改动任何内容。请写明 store.directory 的目录"});
}

Failure empty_store(const std::string& file) {
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("{} is no store of watchpostd: there is nothing in it", file),
                         "Nothing was changed. Name the folder of store.directory"},
                 Chinese{fmt::format("{} 不是 watchpostd 的数据文件：里面没有内容", file),
                         "没有改动任何内容。请写明 store.directory 的目录"});
}

Failure of_version(const std::string& file, std::int64_t version) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("The store {} has schema version {}, this program knows {}", file,
                          version, kSchemaVersion),
              "An older one is brought up to date by starting its daemon; for a newer one use the "
              "watchpost that came with its daemon"},
      Chinese{
          fmt::format("数据文件 {} 的结构版本是 {}，本程序认识 {}", file, version, kSchemaVersion),
          "较旧的在启动它的服务时更新；较新的请用与它的服务一同安装的 watchpost"});
}

// SQLite makes a file of its own beside one that it reads while others write it.
Failure folder_is_closed(const std::string& file, const Failure& why) {
  return in_both(
      Failure::Kind::environment,
      English{
          fmt::format("{} cannot be read where it is, since this user may not write to its folder "
                      "({})",
                      file, why.what),
          "Nothing was changed. Run this with sudo, or copy the folder to a place of yours"},
      Chinese{
          fmt::format("{} 无法在原处读取，因为这个用户不能写它所在的目录（{}）", file, why.what),
          "没有改动任何内容。请加 sudo 运行，或把这个目录复制到自己的地方"});
}

Failure cannot_read_store(const std::filesystem::path& file, const Failure& why) {
  if (sqlite::is_damage(why)) return no_store(file.string());
  if (::access(absolute(file).parent_path().c_str(), W_OK) != 0) {
    return folder_is_closed(file.string(), why);
  }
  return why;
}

}  // namespace

Result<sqlite::Database> open_for_reading(const std::filesystem::path& database_file) {
  const std::string file = database_file.string();
  std::error_code error;
  const bool is_there = std::filesystem::is_regular_file(database_file, error);
  if (error == std::errc::permission_denied) return closed_to_us(file);
  if (!is_there) return none_there(file);
  if (::access(database_file.c_str(), R_OK) != 0) return closed_to_us(file);
  auto database = sqlite::Database::open(database_file, sqlite::Database::Access::read_only);
  if (!database) return cannot_read_store(database_file, database.error());
  if (auto done = database->execute(sql::kConfigureReader); !done) {
    return cannot_read_store(database_file, done.error());
  }
  const auto version = database->query_integer(sql::kUserVersion);
  if (!version) return cannot_read_store(database_file, version.error());
  const auto tables = database->query_integer(kCountTables);
  if (!tables) return cannot_read_store(database_file, tables.error());
  const auto ours = database->query_integer(kOurTable);
  if (!ours) return cannot_read_store(database_file, ours.error());
  if (*tables == 0 && *version == 0) return empty_store(file);
  if (*tables > 0 && *ours == 0) return store_of_another(file);
  if (*version != kSchemaVersion) return of_version(file, *version);
  return database;
}

}  // namespace watchpost::spool
