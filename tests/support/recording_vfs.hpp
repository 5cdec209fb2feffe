// RecordingVfs: the system's own SQLite file layer with a recorder in between, as the default VFS.
// Promise: every write, truncation, sync and removal that SQLite makes on the files of one store is
// in ops(), in its order and with its bytes. A Fault fails operations as a lying disk does. While
// the power is cut, nothing reaches the files any more, though SQLite is told that it did.
// The files are real ones, because what the daemon reads and writes there beside SQLite (WAL
// checks, witness, quarantine) is under test too; put them on a memory file system
// (temp_directory.hpp).
// One thread. All files must be closed before the RecordingVfs is destroyed.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

struct sqlite3_vfs;

namespace watchpost::support {

enum class StoreFile : std::uint8_t { database, wal, journal };
inline constexpr std::array kStoreFiles{StoreFile::database, StoreFile::wal, StoreFile::journal};
// What SQLite appends to the name of the database: "", "-wal" or "-journal".
[[nodiscard]] const char* suffix_of(StoreFile file);

struct DiskOp {
  enum class Kind : std::uint8_t {
    write,
    truncate,     // to `offset` bytes
    sync,         // all earlier operations on this file are on the disk
    failed_sync,  // the kernel drops what it could not write, and says so once
    remove,       // removes the name; on the disk after the next sync of the folder
    sync_folder,  // all earlier removals, of any file, are on the disk
    power_cut,  // the file is `bytes` now, or gone where offset is negative; all else is forgotten
  };
  Kind kind = Kind::write;
  StoreFile file = StoreFile::database;
  std::int64_t offset = 0;
  std::string bytes;
};

struct Fault {
  enum class Kind : std::uint8_t {
    full,         // ENOSPC: nothing of a write is taken
    write_error,  // EIO
    short_write,  // half of the write is taken, then EIO
    read_error,   // EIO
    sync_error,   // EIO of fsync
    read_only,    // remounted: no write, no removal, files open for reading only
  };
  Kind kind = Kind::full;
  std::uint64_t first = 0;                  // counts the operations it can hit, from arm() on
  std::uint64_t count = ~std::uint64_t{0};  // so many fail; later operations work again
};

class RecordingVfs {
 public:
  explicit RecordingVfs(const std::filesystem::path& database_file);
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;
  ~RecordingVfs();

  // Connections opened from now on go through this VFS, and SQLite's random numbers (WAL salts)
  // follow from `seed`, so that a run can be repeated.
  void make_default(std::uint64_t seed);

  [[nodiscard]] const std::vector<DiskOp>& ops() const { return ops_; }
  void forget_ops() { ops_.clear(); }
  // Records what SQLite does not do itself: a power cut.
  void note(DiskOp op);
  // Calls `call` once, right after `ops` further operations, while SQLite is still in the last of
  // them; 0 takes the call back.
  void call_after(std::size_t ops, std::function<void()> call = {});

  // While a Well lives, no fault strikes, so that the test itself can read the files.
  class Well {
   public:
    explicit Well(RecordingVfs& vfs) : vfs_(&vfs), fault_(std::exchange(vfs.fault_, {})) {}
    Well(const Well&) = delete;
    Well& operator=(const Well&) = delete;
    ~Well() { vfs_->fault_ = fault_; }

   private:
    RecordingVfs* vfs_;
    std::optional<Fault> fault_;
  };
  void arm(const Fault& fault);
  void disarm() { fault_.reset(); }
  // How many operations the armed fault could have hit so far, and how many it hit.
  [[nodiscard]] std::uint64_t hittable() const { return hittable_; }
  [[nodiscard]] std::uint64_t struck() const { return struck_; }
  // How often the database was opened for writing so far, and before the latest strike.
  [[nodiscard]] std::uint64_t opened() const { return opened_; }
  [[nodiscard]] std::uint64_t opened_before_strike() const { return opened_before_strike_; }

  void cut_power() { powerless_ = true; }
  void restore_power() { powerless_ = false; }

  // One content of the file `witness` beside the database, with the number of operations that were
  // recorded when the content was first seen. The witness is written past SQLite, so the file is
  // read at each operation.
  struct Version {
    std::size_t ops;
    std::string bytes;
  };
  [[nodiscard]] const std::vector<Version>& witness_versions() const { return witness_versions_; }
  void watch_witness() { watches_witness_ = true; }
  void look_at_witness();

  // The rest is for the file methods only.
  [[nodiscard]] bool powerless() const { return powerless_; }
  [[nodiscard]] std::optional<StoreFile> which(const char* name) const;
  // The armed fault, where it hits an operation of one of these kinds.
  [[nodiscard]] const Fault* strike(std::initializer_list<Fault::Kind> kinds);
  [[nodiscard]] sqlite3_vfs* system() const { return system_; }
  void fill_random(char* bytes, int count);
  void note_open() { ++opened_; }

 private:
  sqlite3_vfs* system_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::string name_;
  std::filesystem::path database_file_;
  std::vector<DiskOp> ops_;
  std::vector<Version> witness_versions_;
  std::size_t ops_until_call_ = 0;
  std::function<void()> call_;
  std::optional<Fault> fault_;
  std::uint64_t hittable_ = 0;
  std::uint64_t struck_ = 0;
  std::uint64_t opened_ = 0;
  std::uint64_t opened_before_strike_ = 0;
  bool powerless_ = false;
  bool watches_witness_ = false;
  std::mt19937_64 random_;
};

}  // namespace watchpost::support
