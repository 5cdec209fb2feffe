#include "spool/tables/all_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "spool/tables/alarm_table.hpp"
#include "spool/tables/command_table.hpp"
#include "spool/tables/cursor_table.hpp"
#include "spool/tables/deadline_table.hpp"
#include "spool/tables/device_table.hpp"
#include "spool/tables/drop_ledger.hpp"
#include "spool/tables/duty_table.hpp"
#include "spool/tables/log_table.hpp"
#include "spool/tables/memory_table.hpp"
#include "spool/tables/queue_table.hpp"
#include "spool/tables/session_tables.hpp"
#include "spool/tables/set_aside_table.hpp"
#include "spool/tables/store_table.hpp"
#include "spool/tables/subscriber_tables.hpp"
#include "spool/tables/will_table.hpp"

namespace watchpost::spool {
namespace {

std::string without_blanks(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c != ' ' && c != '\n') bare += c;
  }
  return bare;
}

}  // namespace

const std::vector<const Table*>& all_tables() {
  // The ledger before the logs: what was dropped goes from them before they are counted. Telemetry
  // first: most rows a salvage meets are its.
  static const std::vector<const Table*> kTables{
      &drop_ledger_table(),
      &log_table(EventClass::telemetry),
      &log_table(EventClass::status),
      &log_table(EventClass::patrol),
      &log_table(EventClass::alarm),
      &cursor_table(),
      &set_aside_table(),
      &session_table(),
      &packet_id_table(),
      &subscription_table(),
      &queue_table(),
      &retained_table(),
      &deadline_table(),
      &will_table(),
      &memory_table(),
      &alarm_table(),
      &device_table(),
      &command_table(),
      &duty_table(),
      &store_table(),
  };
  return kTables;
}

Result<void> create_tables(sqlite::Database& database) {
  std::set<std::string, std::less<>> there;
  {
    auto select = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'");
    if (!select) return select.error();
    auto more = select->step();
    for (; more && *more; more = select->step()) there.emplace(select->text(0));
    if (!more) return more.error();
  }
  for (const Table* table : all_tables()) {
    if (there.count(table->name()) > 0) continue;
    if (auto done = database.execute(table->create_sql().c_str()); !done) return done;
  }
  return {};
}

Result<void> set_version(sqlite::Database& database) {
  return database.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion).c_str());
}

Failure unknown_version(const std::filesystem::path& file, std::int64_t version) {
  const bool is_newer = version > kSchemaVersion;
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("The store {} has schema version {}, this watchpostd knows {} to {}",
                          file.string(), version, kFirstVersion, kSchemaVersion),
              fmt::format("Install the {}watchpostd that wrote it; the store was not touched",
                          is_newer ? "newer " : "")},
      Chinese{fmt::format("数据文件 {} 的结构版本是 {}，这个 watchpostd 只认识 {} 到 {}",
                          file.string(), version, kFirstVersion, kSchemaVersion),
              fmt::format("请安装写它的那个{} watchpostd；数据文件没有动过",
                          is_newer ? "（更新的）" : "")});
}

bool is_present_table(std::string_view create_sql) {
  const std::string bare = without_blanks(create_sql);
  return std::any_of(all_tables().begin(), all_tables().end(), [&bare](const Table* table) {
    return without_blanks(table->create_sql()) == bare;
  });
}

}  // namespace watchpost::spool
