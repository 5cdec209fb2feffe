// How the Writer opens its store: configure, migrate, prepare, load.
#include <fmt/format.h>

#include <algorithm>

#include "base/invariant.hpp"
#include "spool/tables/epoch.hpp"
#include "spool/tables/migration.hpp"
#include "spool/tables/schema.hpp"
#include "spool/tables/statements.hpp"
#include "spool/writer/writer.hpp"

namespace watchpost::spool {
namespace {

// SQLite goes on with another journal where the filesystem has no shared memory, and says so to
// nobody.
Result<void> require_wal(sqlite::Database& database, const std::filesystem::path& file) {
  auto mode = database.prepare(sql::kJournalMode);
  if (!mode) return mode.error();
  auto row = mode->step();
  if (!row) return row.error();
  if (*row && mode->text(0) == "wal") return {};
  return Failure{Failure::Kind::environment,
                 fmt::format("The filesystem of {} does not support SQLite's WAL", file.string()),
                 "Put store.directory on a disk of this machine, not on a network share"};
}

}  // namespace

Result<void> Writer::open_database() {
  auto database = sqlite::Database::open(file_, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  database_ = std::move(*database);
  database_.checkpoint_when_closed(false);
  if (auto done = database_.execute(sql::kConfigureWriter); !done) return done;
  database_.watch_wal();
  auto synchronous = database_.query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  WATCHPOST_INVARIANT(*synchronous == 2);  // FULL: promise 1 rests on it
  if (auto done = require_wal(database_, file_); !done) return done;
  if (auto done = make_recovered_durable(); !done) return done;
  if (auto done = migrate(); !done) return done;
  if (auto done = limit_size(); !done) return done;
  auto prepared = Prepared::prepare(database_);
  if (!prepared) return prepared.error();
  statements_ = std::move(*prepared);
  if (auto done = load(); !done) return done;
  if (auto done = measure(); !done) return done;
  if (auto opened = checkpointer_->open(file_); !opened) return opened;
  directory_.remember_files();
  is_open_ = true;
  return {};
}

// What SQLite finds in the WAL may be in the kernel's cache only: after a failed sync the kernel
// takes those pages for clean and never writes them. A commit behind them would be acknowledged and
// could not be read after a power cut; a checkpoint of them cut short would leave a mixture. So
// the WAL is written again and synced before anything is built on it, or moved out of it.
Result<void> Writer::make_recovered_durable() {
  // SQLite opens the WAL with the first reading.
  if (auto read = database_.query_integer(sql::kUserVersion); !read) return read.error();
  if (auto done = database_.rewrite_wal(); !done) return done;
  auto left = database_.checkpoint(sqlite::Database::Checkpoint::truncate);
  if (!left) return left.error();
  // A reader keeps the WAL from being emptied. What a failed commit left at its end would look like
  // acknowledged commits behind a break once a later commit is cut short in front of it.
  const auto page_size = database_.query_integer(sql::kPageSize);
  if (!page_size) return page_size.error();
  if (auto done = database_.cut_wal(*page_size); !done) return done;
  database_.checkpoint_when_closed(true);
  return {};
}

Result<void> Writer::migrate() {
  auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version == kSchemaVersion) return {};
  if (*version == 0) return create_schema();
  if (*version == 1) return migrate_from_1(database_, *log_);
  // Its rows are read as they are (log_row.cpp); earlier programs must not read ours.
  if (*version == 2) return database_.execute(sql::set_user_version(kSchemaVersion).c_str());
  return Failure{Failure::Kind::refused,
                 fmt::format("The store {} has schema version {}, this watchpostd knows up to {}",
                             file_.string(), *version, kSchemaVersion),
                 "Install the newer watchpostd that wrote it; the store was not touched"};
}

Result<void> Writer::create_schema() {
  if (auto done = database_.execute(sql::kBegin); !done) return done;
  if (auto done = database_.execute(kSchema); !done) return done;
  auto save = database_.prepare(sql::kSaveStore);
  if (!save) return save.error();
  statements_.save_store = std::move(*save);
  epoch_ = draw_epoch();
  first_.fill(Seq{1});
  if (auto done = save_store(); !done) return done;
  if (auto done = database_.execute(sql::set_user_version(kSchemaVersion).c_str()); !done) {
    return done;
  }
  return database_.execute(sql::kCommit);
}

Result<void> Writer::limit_size() {
  auto page_size = database_.query_integer(sql::kPageSize);
  if (!page_size) return page_size.error();
  page_size_ = static_cast<std::uint64_t>(*page_size);
  auto limit = database_.query_integer(
      sql::limit_pages(static_cast<std::int64_t>(options_.space.quota.value / page_size_)));
  if (!limit) return limit.error();
  return {};
}

Result<void> Writer::begin_epoch(NewEpoch change, const std::vector<Loss>& losses) {
  drops_.clear();
  drops_written_ = 0;
  if (auto done = statements_.begin.run(); !done) return done;
  for (const Loss& loss : losses) {
    if (auto done = write(loss); !done) return done;
  }
  change.lost = 0;
  for (const Drop& drop : drops_) change.lost += drop.count();
  epoch_ = change.epoch;
  for (const auto event_class : kEventClasses) {
    first_[index_of(event_class)] = logs_[index_of(event_class)].newest.next();
  }
  if (auto done = save_store(); !done) return done;
  Record record = store_record(change, options_.now());
  if (auto done = insert(record); !done) return done;
  if (auto done = write_drops(); !done) return done;
  if (auto done = statements_.commit.run(); !done) return done;
  salvage_.saved += change.saved;
  salvage_.lost += change.lost;
  salvage_.reason = change.reason;
  testify();
  return {};
}

}  // namespace watchpost::spool
