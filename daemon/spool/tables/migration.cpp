#include "spool/tables/migration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "spool/tables/log_row.hpp"
#include "spool/tables/row_sum.hpp"
#include "spool/tables/schema.hpp"
#include "spool/tables/statements.hpp"

namespace watchpost::spool {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::array kRenamed{"store",         "log_alarm", "log_patrol", "log_status",
                              "log_telemetry", "cursor",    "session",    "session_packet_id"};

Result<Epoch> epoch_of_1(Database& database) {
  auto select = database.prepare("SELECT epoch FROM old_store WHERE one = 1");
  if (!select) return select.error();
  auto row = select->step();
  if (!row) return row.error();
  if (!*row) return sqlite::damage("it has no epoch");
  return Epoch(select->text(0));
}

// Columns of version 1: seq, domain, severity, decoded, clock, received_at, observed_at, device,
// topic, payload, annotation, sum.
std::optional<Record> read_row_1(const Statement& row, EventClass event_class) {
  Record record;
  record.event_class = event_class;
  record.seq = Seq{static_cast<std::uint64_t>(row.integer(0))};
  record.domain = static_cast<Domain>(row.integer(1));
  record.severity_number = static_cast<std::uint8_t>(row.integer(2));
  record.clock = static_cast<ClockQuality>(row.integer(4));
  record.received_at = WallTime{std::chrono::nanoseconds{row.integer(5)}};
  if (const auto observed_at = row.optional_integer(6)) {
    record.observed_at = WallTime{std::chrono::nanoseconds{*observed_at}};
  }
  record.device = row.text(7);
  record.topic = row.text(8);
  record.payload = row.bytes(9);
  record.annotation = row.text(10);
  record.type = record_type_from(row.integer(3), record);
  if (row_sum_1(record) != row.integer(11)) return std::nullopt;
  return record;
}

Result<std::uint64_t> copy_log(Database& database, EventClass event_class, const Epoch& epoch) {
  auto select = database.prepare(fmt::format(
      "SELECT seq, domain, severity, decoded, clock, received_at, observed_at, device, topic,"
      " payload, annotation, sum FROM old_log_{} ORDER BY seq",
      to_string(event_class)));
  if (!select) return select.error();
  auto insert = database.prepare(sql::insert_record(event_class));
  if (!insert) return insert.error();
  std::uint64_t left_behind = 0;
  std::uint64_t position = 0;
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    auto record = read_row_1(*select, event_class);
    if (!record) {
      ++left_behind;
      continue;
    }
    record->epoch = epoch;
    const auto size = bind_row(*insert, *record, position);
    if (auto done = insert->run(); !done) return done.error();
    position += size;
  }
  if (!more) return more.error();
  return left_behind;
}

// Small tables: text, number, and their sum.
Result<void> copy_pairs(Database& database, std::string_view table, const char* insert_sql) {
  auto select = database.prepare(fmt::format("SELECT * FROM old_{}", table));
  if (!select) return select.error();
  auto insert = database.prepare(insert_sql);
  if (!insert) return insert.error();
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const std::string name(select->text(0));
    insert->bind(1, name);
    insert->bind(2, select->integer(1));
    insert->bind(3, row_sum(table, {name, select->integer(1)}));
    if (auto done = insert->run(); !done) return done;
  }
  if (!more) return more.error();
  return {};
}

Result<void> copy_cursors(Database& database) {
  auto select = database.prepare("SELECT upstream, class, settled FROM old_cursor");
  if (!select) return select.error();
  auto insert = database.prepare(sql::kSaveCursor);
  if (!insert) return insert.error();
  auto more = select->step();
  for (; more && *more; more = select->step()) {
    const std::string upstream(select->text(0));
    insert->bind(1, upstream);
    insert->bind(2, select->integer(1));
    insert->bind(3, select->integer(2));
    insert->bind(4, row_sum("cursor", {upstream, select->integer(1), select->integer(2)}));
    if (auto done = insert->run(); !done) return done;
  }
  if (!more) return more.error();
  return {};
}

Result<void> save_epoch(Database& database, const Epoch& epoch) {
  auto save = database.prepare(sql::kSaveStore);
  if (!save) return save.error();
  const std::int64_t number{number_of(epoch)};
  constexpr std::int64_t kFirst = 1;
  save->bind(1, number);
  for (int i = 2; i <= 5; ++i) save->bind(i, kFirst);
  save->bind(6, row_sum("store", {number, kFirst, kFirst, kFirst, kFirst}));
  return save->run();
}

Result<std::uint64_t> move_everything(Database& database) {
  for (const char* table : kRenamed) {
    const auto rename = fmt::format("ALTER TABLE {0} RENAME TO old_{0}", table);
    if (auto done = database.execute(rename.c_str()); !done) return done.error();
  }
  if (auto done = database.execute(kSchema); !done) return done.error();
  auto epoch = epoch_of_1(database);
  if (!epoch) return epoch.error();
  if (auto done = save_epoch(database, *epoch); !done) return done.error();
  std::uint64_t left_behind = 0;
  for (const auto event_class : kEventClasses) {
    auto copied = copy_log(database, event_class, *epoch);
    if (!copied) return copied.error();
    left_behind += *copied;
  }
  auto done = copy_cursors(database);
  if (done) done = copy_pairs(database, "session", sql::kOpenSession);
  if (done) done = copy_pairs(database, "session_packet_id", sql::kRememberPacketId);
  if (!done) return done.error();
  for (const char* table : kRenamed) {
    const auto drop = fmt::format("DROP TABLE old_{}", table);
    if (auto dropped = database.execute(drop.c_str()); !dropped) return dropped.error();
  }
  return left_behind;
}

}  // namespace

Result<void> migrate_from_1(Database& database, Log& log) {
  log.info("The store is of version 1 and becomes version {}: this takes a while", kSchemaVersion);
  if (auto done = database.execute(sql::kBegin); !done) return done;
  auto left_behind = move_everything(database);
  if (!left_behind) return left_behind.error();
  if (auto done = database.execute(sql::set_user_version(kSchemaVersion).c_str()); !done) {
    return done;
  }
  if (auto done = database.execute(sql::kCommit); !done) return done;
  if (*left_behind > 0) {
    log.error("{} rows of the old store were damaged and could not be taken over. Check the disk",
              *left_behind);
  }
  return {};
}

}  // namespace watchpost::spool
