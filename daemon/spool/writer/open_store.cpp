#include "spool/writer/open_store.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/invariant.hpp"
#include "spool/tables/all_tables.hpp"
#include "spool/tables/epoch.hpp"
#include "spool/tables/pragmas.hpp"
#include "spool/tables/queue_before_7.hpp"
#include "spool/tables/store_table.hpp"

namespace watchpost::spool {
namespace {

// SQLite goes on with another journal where the filesystem has no shared memory, and says so to
// nobody.
Result<void> require_wal(sqlite::Database& database, const std::filesystem::path& file) {
  auto mode = database.prepare("PRAGMA journal_mode");
  if (!mode) return mode.error();
  auto row = mode->step();
  if (!row) return row.error();
  if (*row && mode->text(0) == "wal") return {};
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("The filesystem of {} does not support SQLite's WAL", file.string()),
              "Put store.directory on a disk of this machine, not on a network share"},
      Chinese{fmt::format("{} 所在的文件系统不支持 SQLite 的 WAL", file.string()),
              "请把 store.directory 放在本机磁盘上，不要放在网络共享上"});
}

Result<void> create_store(sqlite::Database& database, const Epoch& epoch) {
  if (auto done = database.execute(sql::kBegin); !done) return done;
  if (auto done = create_tables(database); !done) return done;
  StoreRow row{epoch, {}};
  row.first.fill(Seq{1});
  if (auto done = save_store_row(database, row); !done) return done;
  if (auto done = set_version(database); !done) return done;
  return database.execute(sql::kCommit);
}

// The version comes last: a start that is interrupted begins with this again.
Result<void> upgrade(sqlite::Database& database) {
  auto done = database.execute(sql::kBegin);
  if (done) done = create_tables(database);
  if (done) done = database.execute(sql::kCommit);
  if (done) done = move_queue_before_7(database);
  if (done) done = set_version(database);
  return done;
}

}  // namespace

Result<std::unique_ptr<OpenStore>> OpenStore::open(const std::filesystem::path& file,
                                                   ByteCount quota,
                                                   const std::function<Epoch()>& draw_epoch) {
  std::unique_ptr<OpenStore> store(new OpenStore);
  auto done = store->connect(file);
  if (done) done = store->make_recovered_durable();
  if (done) done = store->bring_up_to_date(file, draw_epoch);
  if (done) done = store->limit_size(quota);
  if (done) done = store->prepare();
  if (done) done = store->measure();
  if (done) return store;
  store->keep_files();
  return done.error();
}

Result<void> OpenStore::connect(const std::filesystem::path& file) {
  auto database = sqlite::Database::open(file, sqlite::Database::Access::read_write_create);
  if (!database) return database.error();
  database_ = std::move(*database);
  keep_files();
  if (auto done = database_.execute(sql::kConfigureWriter); !done) return done;
  database_.watch_wal();
  auto synchronous = database_.query_integer(sql::kSynchronous);
  if (!synchronous) return synchronous.error();
  WATCHPOST_INVARIANT(*synchronous == 2);  // FULL: promise 1 rests on it
  return require_wal(database_, file);
}

// What SQLite finds in the WAL may be in the kernel's cache only: after a failed sync the kernel
// takes those pages for clean and never writes them. A commit behind them would be acknowledged and
// could not be read after a power cut; a checkpoint of them cut short would leave a mixture. So
// the WAL is written again and synced before anything is built on it, or moved out of it.
Result<void> OpenStore::make_recovered_durable() {
  // SQLite opens the WAL with the first reading.
  if (auto read = database_.query_integer(sql::kUserVersion); !read) return read.error();
  if (auto done = database_.rewrite_wal(); !done) return done;
  auto left = database_.checkpoint(sqlite::Database::Checkpoint::truncate);
  if (!left && !sqlite::is_full(left.error())) return left.error();
  // A reader keeps the WAL from being emptied, or a disk without room for what is to be moved: all
  // of it is read from the WAL as well. What a failed commit left at its end would look like
  // acknowledged commits behind a break once a later commit is cut short in front of it.
  const auto page_size = database_.query_integer(sql::kPageSize);
  if (!page_size) return page_size.error();
  if (auto done = database_.cut_wal(*page_size); !done) return done;
  database_.checkpoint_when_closed(true);
  return {};
}

Result<void> OpenStore::bring_up_to_date(const std::filesystem::path& file,
                                         const std::function<Epoch()>& draw_epoch) {
  auto version = database_.query_integer(sql::kUserVersion);
  if (!version) return version.error();
  if (*version == kSchemaVersion) return {};
  if (*version == 0) return create_store(database_, draw_epoch());
  if (*version >= kFirstVersion && *version < kSchemaVersion) {
    return upgrade(database_);
  }
  return unknown_version(file, *version);
}

Result<void> OpenStore::limit_size(ByteCount quota) {
  auto page_size = database_.query_integer(sql::kPageSize);
  if (!page_size) return page_size.error();
  page_size_ = static_cast<std::uint64_t>(*page_size);
  // SQLITE_FULL past this many pages: the quota holds also where nobody computed it before.
  auto limit =
      database_.query_integer(fmt::format("PRAGMA max_page_count = {}", quota.value / page_size_));
  if (!limit) return limit.error();
  return {};
}

Result<void> OpenStore::prepare() {
  const sqlite::Database::Wanted wanted[] = {{&begin_, sql::kBegin},
                                             {&commit_, sql::kCommit},
                                             {&rollback_, "ROLLBACK"},
                                             {&page_count_, "PRAGMA page_count"},
                                             {&free_pages_, "PRAGMA freelist_count"}};
  if (auto done = database_.prepare_all(wanted); !done) return done.error();
  const auto open = [](auto& table, auto opened) -> Result<void> {
    if (!opened) return opened.error();
    table = std::move(*opened);
    return {};
  };
  for (const auto event_class : kEventClasses) {
    auto done = open(tables_.log(event_class), LogTable::open(database_, event_class));
    if (!done) return done;
  }
  auto done = open(tables_.cursors, CursorTable::open(database_));
  if (done) done = open(tables_.drops, DropLedger::open(database_));
  if (done) done = open(tables_.set_aside, SetAsideTable::open(database_));
  if (done) done = open(tables_.queue, QueueTable::open(database_));
  for (const Table* table : all_tables()) {
    if (!done) return done;
    auto facts = table->open_facts(database_);
    if (!facts) return facts.error();
    if (*facts) tables_.facts.push_back(std::move(*facts));
  }
  return done;
}

Result<void> OpenStore::measure() {
  auto pages = page_count_.step();
  if (!pages) return pages.error();
  const auto page_count = static_cast<std::uint64_t>(page_count_.integer(0));
  page_count_.reset();
  auto free = free_pages_.step();
  if (!free) return free.error();
  const auto free_pages = static_cast<std::uint64_t>(free_pages_.integer(0));
  free_pages_.reset();
  used_ = ByteCount{(page_count - free_pages) * page_size_};
  free_ = ByteCount{free_pages * page_size_};
  return {};
}

ByteCount OpenStore::wal_size() const {
  return ByteCount{static_cast<std::uint64_t>(database_.wal_pages()) * page_size_};
}

Result<int> OpenStore::move_wal() {
  return database_.checkpoint(sqlite::Database::Checkpoint::passive);
}

Result<int> OpenStore::empty_wal() {
  return database_.checkpoint(sqlite::Database::Checkpoint::truncate);
}

}  // namespace watchpost::spool
