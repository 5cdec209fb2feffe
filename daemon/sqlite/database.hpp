// Database and Statement: SQLite, with its codes turned into Failures.
// Promise: every failing call says what was being done, SQLite's own words, and the remedy for the
// codes an operator can do something about. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_file;
struct sqlite3_stmt;

namespace watchpost::sqlite {

class Database;

class Statement {
 public:
  Statement() = default;

  // Parameters count from 1. The bytes must live until the next reset().
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, std::string_view text);
  void bind_bytes(int parameter, std::string_view bytes);
  void bind_null(int parameter);

  // True: a row is there. False: the statement is done. It resets itself when it is done or failed.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that gives no rows.
  [[nodiscard]] Result<void> run();
  void reset();

  // Columns count from 0; the views live until the next step() or reset().
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view bytes(int column) const;

 private:
  friend class Database;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Database {
 public:
  enum class Access { read_write_create, read_write, read_only };
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& file, Access access);

  [[nodiscard]] Result<void> execute(const char* sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  struct Wanted {
    Statement* statement;
    std::string sql;
  };
  // All of them, or the failure of the first that cannot be had.
  [[nodiscard]] Result<void> prepare_all(std::span<const Wanted> wanted);
  // The integer in the first column of the first row.
  [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql);
  // Moves what readers do not need from the WAL into the database; returns frames left in the WAL.
  enum class Checkpoint { passive, truncate };
  [[nodiscard]] Result<int> checkpoint(Checkpoint mode);
  // Whether SQLite makes a checkpoint of its own when the last connection closes; without that
  // checkpoint the files stay as they are.
  void checkpoint_when_closed(bool wanted);
  // Writes the bytes of the WAL once more to the place where they are, and syncs the WAL.
  [[nodiscard]] Result<void> rewrite_wal();
  // Cuts off what lies behind the last commit in the WAL: frames of transactions that failed.
  [[nodiscard]] Result<void> cut_wal(std::int64_t page_size);
  // Writes what is in the database at one moment into `file`, which is there and empty. Other
  // connections go on and do not wait, but the WAL is not emptied meanwhile.
  [[nodiscard]] Result<void> copy_to(const std::filesystem::path& file);
  // Rows changed by the last statement.
  [[nodiscard]] std::int64_t changes() const;
  // From now on wal_pages() tells how many pages the WAL held after the last commit that wrote.
  // (The file's size does not: it stays as it is when SQLite begins the WAL anew.) Ends SQLite's
  // own checkpoints, as `PRAGMA wal_autocheckpoint=0` does, which must not be given afterwards.
  void watch_wal();
  [[nodiscard]] int wal_pages() const { return wal_pages_ ? *wal_pages_ : 0; }

 private:
  struct Closer {
    void operator()(sqlite3* connection) const;
  };
  [[nodiscard]] Result<sqlite3_file*> wal_file();
  std::unique_ptr<int> wal_pages_;  // written by SQLite's hook: outlives the connection
  std::unique_ptr<sqlite3, Closer> connection_;
};

// True where the file itself is damaged or no database at all.
[[nodiscard]] bool is_damage(const Failure& failure);
// The Failure for damage that SQLite does not see, but the reader of its rows does.
[[nodiscard]] Failure damage(std::string_view how);
// True where disk or quota are full.
[[nodiscard]] bool is_full(const Failure& failure);

}  // namespace watchpost::sqlite
