// ReceivedFile: RECEIVED.db as a file: its lock, its opening, its WAL, and what is done when the
// disk fails.
// Promise: at most one receiver writes; what SQLite finds in the WAL is synced before anything is
// built on it; a file that was removed or replaced under the open store is noticed; nothing is
// created in the place of, or written to, a file that is something else. The receiver's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "base/strong.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

// A failure in words for who runs `watchpost receive`.
[[nodiscard]] Failure worded(Failure failure);

// The id of a row just inserted. A statement that returns rows is done only after one more step.
[[nodiscard]] Result<std::int64_t> inserted_id(sqlite::Statement& insert);
// A sequence as SQLite keeps it, and back.
[[nodiscard]] inline std::int64_t number_of(Seq sequence) {
  return static_cast<std::int64_t>(sequence.value);
}
[[nodiscard]] inline Seq sequence_in(const sqlite::Statement& row, int column) {
  return Seq{static_cast<std::uint64_t>(row.integer(column))};
}

class ReceivedFile {
 public:
  // Takes the lock beside `file`, and creates nothing else yet.
  [[nodiscard]] static Result<ReceivedFile> lock(const std::filesystem::path& file);

  // Opens the database, and creates it where it is missing (mode 0640).
  [[nodiscard]] Result<void> open();
  // Nothing of what is in memory is believed any more.
  void close();
  [[nodiscard]] bool is_open() const { return is_open_; }
  // Fails once another file, or none, has its name.
  [[nodiscard]] Result<void> is_ours() const;
  // Moves the WAL into the database where it has grown; between commits, so that a failure is seen.
  [[nodiscard]] Result<void> move_wal();

  [[nodiscard]] Result<void> begin() { return begin_.run(); }
  [[nodiscard]] Result<void> commit() { return commit_.run(); }
  [[nodiscard]] sqlite::Database& database() { return database_; }

 private:
  struct Identity {
    std::uint64_t device = 0, number = 0;
    friend bool operator==(const Identity&, const Identity&) = default;
  };
  struct Unlock {
    void operator()(const int* descriptor) const;
  };

  ReceivedFile() = default;
  [[nodiscard]] Result<void> configure();
  [[nodiscard]] Result<void> bring_to_our_version();
  [[nodiscard]] Result<void> make_recovered_durable();
  [[nodiscard]] std::optional<Identity> identity() const;

  std::unique_ptr<int, Unlock> lock_;
  std::filesystem::path file_;
  std::optional<Identity> identity_;
  bool is_open_ = false;
  sqlite::Database database_;
  sqlite::Statement begin_, commit_, rollback_;
};

}  // namespace watchpost::receiver
