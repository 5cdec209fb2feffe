// OpenStore: the connection that writes, with all that is prepared on it.
// Promise: every COMMIT syncs the WAL before it returns (promise 1 rests on it); what was recovered
// from the WAL when it was opened is durable before anything is built on it; the file never grows
// past the quota. A store of an older schema gets the tables it lacks. Spool thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/strong.hpp"
#include "spool/tables/cursor_table.hpp"
#include "spool/tables/drop_ledger.hpp"
#include "spool/tables/log_table.hpp"
#include "spool/tables/queue_table.hpp"
#include "spool/tables/set_aside_table.hpp"
#include "sqlite/database.hpp"

namespace watchpost::spool {

struct OpenTables {
  PerClass<LogTable> logs;
  CursorTable cursors;
  DropLedger drops;
  SetAsideTable set_aside;
  QueueTable queue;
  std::vector<std::unique_ptr<FactTable>> facts;

  [[nodiscard]] LogTable& log(EventClass event_class) { return logs[index_of(event_class)]; }
};

class OpenStore {
 public:
  // On failure the files, the WAL among them, stay as they are. `draw_epoch` names a new store's.
  [[nodiscard]] static Result<std::unique_ptr<OpenStore>> open(
      const std::filesystem::path& file, ByteCount quota, const std::function<Epoch()>& draw_epoch);
  OpenStore(const OpenStore&) = delete;
  OpenStore& operator=(const OpenStore&) = delete;

  [[nodiscard]] Result<void> begin() { return begin_.run(); }
  [[nodiscard]] Result<void> commit() { return commit_.run(); }
  [[nodiscard]] Result<void> rollback() { return rollback_.run(); }
  [[nodiscard]] OpenTables& tables() { return tables_; }
  [[nodiscard]] sqlite::Database& database() { return database_; }

  // Reads the sizes anew, also inside a transaction.
  [[nodiscard]] Result<void> measure();
  [[nodiscard]] ByteCount used() const { return used_; }  // pages that hold something
  [[nodiscard]] ByteCount free() const { return free_; }  // pages of the file that hold nothing
  [[nodiscard]] std::uint64_t page_size() const { return page_size_; }
  [[nodiscard]] ByteCount wal_size() const;

  // Moves pages from the WAL into the database, as far as readers and writers allow it now.
  [[nodiscard]] Result<int> move_wal();
  // The same, and the WAL is emptied.
  [[nodiscard]] Result<int> empty_wal();
  // Closing leaves the files as they are: a salvage reads them.
  void keep_files() { database_.checkpoint_when_closed(false); }

 private:
  OpenStore() = default;
  [[nodiscard]] Result<void> connect(const std::filesystem::path& file);
  [[nodiscard]] Result<void> make_recovered_durable();
  [[nodiscard]] Result<void> bring_up_to_date(const std::filesystem::path& file,
                                              const std::function<Epoch()>& draw_epoch);
  [[nodiscard]] Result<void> limit_size(ByteCount quota);
  [[nodiscard]] Result<void> prepare();

  sqlite::Database database_;
  sqlite::Statement begin_, commit_, rollback_, page_count_, free_pages_;
  OpenTables tables_;
  std::uint64_t page_size_ = 4096;
  ByteCount used_, free_;
};

}  // namespace watchpost::spool
