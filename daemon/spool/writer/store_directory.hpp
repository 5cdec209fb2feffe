// StoreDirectory: the folder that is ours, locked against a second daemon.
// Promise: at most one writer; a damaged file is put aside under quarantine/, never deleted; files
// that vanish under the open store are noticed when asked. A salvaged store takes the damaged one's
// place in steps that a crash may interrupt anywhere: the damaged files stay where they are until
// the new one is complete and on disk, and from then on the next start finishes what is left to do.
// Used at start-up and by the writer's thread when it reopens the store.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/whole_file.hpp"
#include "spool/room/disk_reserve.hpp"

namespace watchpost::spool {

class StoreDirectory {
 public:
  // Creates the folder (mode 0700) where it is missing and takes the lock.
  [[nodiscard]] static Result<StoreDirectory> open(const std::filesystem::path& directory);
  StoreDirectory(StoreDirectory&& other) noexcept;
  StoreDirectory& operator=(StoreDirectory&&) = delete;
  ~StoreDirectory();

  [[nodiscard]] std::filesystem::path database_file() const { return directory_ / "watchpost.db"; }
  [[nodiscard]] std::filesystem::path witness_file() const { return directory_ / "witness"; }
  [[nodiscard]] std::filesystem::path reserve_file() const { return directory_ / "reserve"; }
  [[nodiscard]] std::array<std::filesystem::path, 3> store_files() const;
  // Left by a running daemon that met damage: salvage at the next start.
  [[nodiscard]] std::filesystem::path salvage_wanted() const {
    return directory_ / "salvage-wanted";
  }
  void want_salvage() const;
  // The file that a salvage writes; until exchange() nothing depends on it.
  [[nodiscard]] std::filesystem::path building_file() const {
    return directory_ / "watchpost.db.building";
  }
  // Removes what an interrupted salvage left unfinished.
  void clear_building() const;
  // building_file(), closed and complete, becomes the store; the old files go below quarantine/.
  // Returns their folder. Where root does it for the service, what is made gets the owner.
  [[nodiscard]] Result<std::filesystem::path> exchange(const Owner& owner = {}) const;
  // Finishes an exchange that a crash interrupted; returns an empty path where there was none.
  [[nodiscard]] Result<std::filesystem::path> finish_exchange() const;

  // Room on the disk for alarms, when others fill it.
  void take_reserve(std::uint64_t most) { reserve_ = DiskReserve(reserve_file(), most); }
  [[nodiscard]] DiskReserve& reserve() { return reserve_; }

  // The database and its WAL as they are now are the ones the open connection writes to.
  void remember_files();
  // False once a file was removed, moved or replaced: what is written since is in no file by this
  // name, and gone when the process ends. A disk that cannot say counts as true.
  [[nodiscard]] bool has_database() const { return database_.is_at(database_file()); }
  [[nodiscard]] bool has_files() const { return has_database() && wal_.is_at(wal_file()); }

 private:
  struct FileId {
    [[nodiscard]] static FileId of(const std::filesystem::path& file);
    [[nodiscard]] bool is_at(const std::filesystem::path& file) const;
    std::uint64_t device = 0;
    std::uint64_t number = 0;  // 0: not remembered
  };

  [[nodiscard]] std::filesystem::path wal_file() const { return directory_ / "watchpost.db-wal"; }
  [[nodiscard]] std::filesystem::path finished_file() const {
    return directory_ / "watchpost.db.finished";
  }
  [[nodiscard]] std::filesystem::path last_aside() const;
  [[nodiscard]] Result<void> make_aside() const;
  [[nodiscard]] Result<void> put_aside(const std::filesystem::path& aside) const;
  StoreDirectory(std::filesystem::path directory, int lock)
      : directory_(std::move(directory)), lock_(lock) {}
  std::filesystem::path directory_;
  FileId database_;
  FileId wal_;
  DiskReserve reserve_;
  int lock_;  // file descriptor; -1 after a move
};

}  // namespace watchpost::spool
