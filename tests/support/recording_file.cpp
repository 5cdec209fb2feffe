#include "support/recording_file.hpp"

#include <utility>

namespace watchpost::support {
namespace {

RecordingFile& recording(sqlite3_file* file) {
  return *reinterpret_cast<RecordingFile*>(file);
}
const sqlite3_io_methods& methods_of(sqlite3_file* system) {
  return *system->pMethods;
}

int close(sqlite3_file* file) {
  auto* system = recording(file).system();
  return system->pMethods != nullptr ? methods_of(system).xClose(system) : SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
  auto& self = recording(file);
  if (self.is_watched && self.vfs->strike({Fault::Kind::read_error}) != nullptr) {
    return SQLITE_IOERR_READ;
  }
  return methods_of(self.system()).xRead(self.system(), into, count, offset);
}

int put(RecordingFile& self, const void* from, int count, sqlite3_int64 offset) {
  const int code = methods_of(self.system()).xWrite(self.system(), from, count, offset);
  if (code == SQLITE_OK && self.is_watched) {
    self.vfs->note({DiskOp::Kind::write, self.which, offset,
                    std::string(static_cast<const char*>(from), static_cast<std::size_t>(count))});
  }
  return code;
}

int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  auto& self = recording(file);
  if (self.vfs->powerless()) return SQLITE_OK;
  using Kind = Fault::Kind;
  const auto* fault =
      self.is_watched
          ? self.vfs->strike({Kind::full, Kind::write_error, Kind::short_write, Kind::read_only})
          : nullptr;
  if (fault == nullptr) return put(self, from, count, offset);
  if (fault->kind == Kind::full) return SQLITE_FULL;
  if (fault->kind == Kind::short_write) put(self, from, count / 2, offset);
  return SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& self = recording(file);
  if (self.vfs->powerless()) return SQLITE_OK;
  if (self.is_watched && self.vfs->strike({Fault::Kind::read_only}) != nullptr) {
    return SQLITE_IOERR_TRUNCATE;
  }
  const int code = methods_of(self.system()).xTruncate(self.system(), size);
  if (code == SQLITE_OK && self.is_watched) {
    self.vfs->note({DiskOp::Kind::truncate, self.which, size, {}});
  }
  return code;
}

int sync(sqlite3_file* file, int) {
  auto& self = recording(file);
  if (self.vfs->powerless() || !self.is_watched) return SQLITE_OK;
  if (self.vfs->strike({Fault::Kind::sync_error}) != nullptr) {
    self.vfs->note({DiskOp::Kind::failed_sync, self.which, 0, {}});
    return SQLITE_IOERR_FSYNC;
  }
  // The sync is not passed on: the record decides what is on the disk, not the disk of this
  // machine.
  self.vfs->note({DiskOp::Kind::sync, self.which, 0, {}});
  if (std::exchange(self.syncs_folder, false)) {
    self.vfs->note({DiskOp::Kind::sync_folder, self.which, 0, {}});
  }
  return SQLITE_OK;
}

int size(sqlite3_file* file, sqlite3_int64* bytes) {
  auto* system = recording(file).system();
  return methods_of(system).xFileSize(system, bytes);
}
int lock(sqlite3_file* file, int level) {
  auto* system = recording(file).system();
  return methods_of(system).xLock(system, level);
}
int unlock(sqlite3_file* file, int level) {
  auto* system = recording(file).system();
  return methods_of(system).xUnlock(system, level);
}
int check_reserved_lock(sqlite3_file* file, int* is_locked) {
  auto* system = recording(file).system();
  return methods_of(system).xCheckReservedLock(system, is_locked);
}
int control(sqlite3_file* file, int operation, void* argument) {
  auto* system = recording(file).system();
  return methods_of(system).xFileControl(system, operation, argument);
}
int sector_size(sqlite3_file* file) {
  auto* system = recording(file).system();
  return methods_of(system).xSectorSize(system);
}
int characteristics(sqlite3_file* file) {
  auto* system = recording(file).system();
  return methods_of(system).xDeviceCharacteristics(system);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  auto* system = recording(file).system();
  return methods_of(system).xShmLock(system, offset, count, flags);
}
void shm_barrier(sqlite3_file* file) {
  auto* system = recording(file).system();
  methods_of(system).xShmBarrier(system);
}
int shm_unmap(sqlite3_file* file, int remove) {
  auto* system = recording(file).system();
  return methods_of(system).xShmUnmap(system, recording(file).vfs->powerless() ? 0 : remove);
}

}  // namespace

const sqlite3_io_methods* recording_methods() {
  // Version 2 has no memory-mapped pages, whose writes the VFS could not see.
  static const sqlite3_io_methods kMethods{
      2,
      close,
      read,
      write,
      truncate,
      sync,
      size,
      lock,
      unlock,
      check_reserved_lock,
      control,
      sector_size,
      characteristics,
      [](sqlite3_file* file, int page, int page_size, int extend, void volatile** into) {
        auto* system = recording(file).system();
        return methods_of(system).xShmMap(system, page, page_size, extend, into);
      },
      shm_lock,
      shm_barrier,
      shm_unmap,
      nullptr,
      nullptr};
  return &kMethods;
}

}  // namespace watchpost::support
