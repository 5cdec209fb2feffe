// RecordingVfs: the system's own SQLite file layer with a witness in between, as the default VFS.
// Promise: every write, truncation, sync and removal that SQLite makes on one store's files is in
// ops(), in its order and with its bytes; a Fault fails operations as a lying disk does; while the
// power is cut nothing reaches the files any more, though SQLite is told that it did.
// The files are real ones, for what the daemon reads and writes there beside SQLite (WAL checks,
// witness, quarantine) is under test too; put them on a memory file system (temp_directory.hpp).
// One thread; may not be destroyed before all its files are closed.
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
// "", "-wal", "-journal": what SQLite adds to the name of the database.
[[nodiscard]] const char* suffix_of(StoreFile file);

struct DiskOp {
  enum class Kind : std::uint8_t {
    write,
    truncate,     // to `offset` bytes
    sync,         // all before it on this file is on the disk
    failed_sync,  // the kernel drops what it could not write, and says so once
    remove,       // of the name; on the disk with the next sync of the folder
    sync_folder,  // all removals before it, of any file, are on the disk
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
    short_write,  // half of it is taken, then EIO
    read_error,   // EIO
    sync_error,   // EIO of fsync
    read_only,    // remounted: no write, no removal, files open for reading only
  };
  Kind kind = Kind::full;
  std::uint64_t first = 0;                  // of the operations it can hit, counted from arm()
  std::uint64_t count = ~std::uint64_t{0};  // how many fail; the rest are well again
};

class RecordingVfs {
 public:
  explicit RecordingVfs(const std::filesystem::path& database_file);
  RecordingVfs(const RecordingVfs&) = delete;
  RecordingVfs& operator=(const RecordingVfs&) = delete;
  ~RecordingVfs();

  // Connections opened from now on go through this one, and SQLite's random numbers (WAL salts)
  // are those of `seed`: a run can be made again.
  void make_default(std::uint64_t seed);

  [[nodiscard]] const std::vector<DiskOp>& ops() const { return ops_; }
  void forget_ops() { ops_.clear(); }
  // For what SQLite does not do itself: a power cut.
  void note(DiskOp op);
  // Once, right after so many operations from now on, while SQLite is still in the last of them;
  // 0: not any more.
  void call_after(std::size_t ops, std::function<void()> call = {});

  // While one lives, no fault strikes: for the test's own reading.
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
  // Operations the armed fault could have hit so far, and those it did.
  [[nodiscard]] std::uint64_t hittable() const { return hittable_; }
  [[nodiscard]] std::uint64_t struck() const { return struck_; }
  // How often the database was opened for writing so far, and before the latest strike.
  [[nodiscard]] std::uint64_t opened() const { return opened_; }
  [[nodiscard]] std::uint64_t opened_before_strike() const { return opened_before_strike_; }

  void cut_power() { powerless_ = true; }
  void restore_power() { powerless_ = false; }

  // The ordinary file `witness` beside the database, each content it had, with the number of
  // operations recorded when it was first seen. Written past SQLite, so it is looked at with each.
  struct Version {
    std::size_t ops;
    std::string bytes;
  };
  [[nodiscard]] const std::vector<Version>& witness_versions() const { return witness_versions_; }
  void watch_witness() { watches_witness_ = true; }
  void look_at_witness();

  // For the file methods only.
  [[nodiscard]] bool powerless() const { return powerless_; }
  [[nodiscard]] std::optional<StoreFile> which(const char* name) const;
  // The armed fault, where it hits an operation of this kind.
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
