#include "support/held_disk.hpp"

#include "base/invariant.hpp"

namespace watchpost::support {
namespace {

// SQLite gives its callbacks no pointer to the HeldDisk, so they find the HeldDisk here.
HeldDisk* the_disk = nullptr;
const sqlite3_io_methods* system_methods = nullptr;

}  // namespace

HeldDisk::HeldDisk() : system_(sqlite3_vfs_find("unix")), vfs_(*system_) {
  WATCHPOST_INVARIANT(the_disk == nullptr);
  the_disk = this;
  vfs_.zName = "held";
  vfs_.pNext = nullptr;
  vfs_.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    auto* system = the_disk->system_;
    const int code = system->xOpen(system, name, file, flags, out);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) watch(file);
    return code;
  };
  WATCHPOST_INVARIANT(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
}

HeldDisk::~HeldDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(system_, 1);
  the_disk = nullptr;
}

void HeldDisk::watch(sqlite3_file* database) {
  static const sqlite3_io_methods kMethods = [database] {
    system_methods = database->pMethods;
    sqlite3_io_methods methods = *database->pMethods;
    methods.xSync = [](sqlite3_file* synced, int how) {
      if (!the_disk->before_sync()) return SQLITE_IOERR_FSYNC;
      return system_methods->xSync(synced, how);
    };
    return methods;
  }();
  database->pMethods = &kMethods;
}

bool HeldDisk::before_sync() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !is_held_; });
  --waiting_;
  return !fails_;
}

void HeldDisk::fail(bool failing) {
  const std::lock_guard lock(mutex_);
  fails_ = failing;
}

void HeldDisk::hold() {
  const std::lock_guard lock(mutex_);
  is_held_ = true;
}

void HeldDisk::wait_for_sync() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ > 0; });
}

bool HeldDisk::has_waiting_sync() const {
  const std::lock_guard lock(mutex_);
  return waiting_ > 0;
}

void HeldDisk::let_go() {
  {
    const std::lock_guard lock(mutex_);
    is_held_ = false;
  }
  changed_.notify_all();
}

}  // namespace watchpost::support
