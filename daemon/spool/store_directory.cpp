#include "spool/store_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

Failure environment_failure(std::string what, std::string remedy) {
  return Failure{Failure::Kind::environment, std::move(what), std::move(remedy)};
}

// The entry of a new folder is durable only after its parent was synced.
void sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

Failure unwritable(const fs::path& directory, int error) {
  const char* const remedy =
      error == EROFS ? "Mount its filesystem for writing; where it turned read-only by itself the "
                       "disk or SD card is failing (dmesg shows its errors)"
                     : "Make it belong to the user the daemon runs as (chown), or name another one "
                       "in store.directory";
  return environment_failure(fmt::format("The store directory {} cannot be written: {}",
                                         directory.string(), std::strerror(error)),
                             remedy);
}

}  // namespace

Result<StoreDirectory> StoreDirectory::open(const fs::path& directory) {
  std::error_code error;
  if (fs::create_directories(directory, error)) {
    fs::permissions(directory, fs::perms::owner_all, error);
    sync_directory(fs::absolute(directory).parent_path());
  }
  if (error) {
    return environment_failure(
        fmt::format("The store directory {} cannot be created: {}", directory.string(),
                    error.message()),
        "Create it for the user the daemon runs as, or name another one in store.directory");
  }
  const fs::path lock_file = directory / "lock";
  const int lock = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return unwritable(directory, errno);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return environment_failure(
        fmt::format("Another watchpostd already uses the store directory {}", directory.string()),
        "Stop that one (systemctl stop watchpostd), or name another directory in store.directory");
  }
  return StoreDirectory(directory, lock);
}

StoreDirectory::StoreDirectory(StoreDirectory&& other) noexcept
    : directory_(std::move(other.directory_)),
      database_(other.database_),
      wal_(other.wal_),
      lock_(std::exchange(other.lock_, -1)) {}

StoreDirectory::~StoreDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

StoreDirectory::FileId StoreDirectory::FileId::of(const fs::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

bool StoreDirectory::FileId::is_at(const fs::path& file) const {
  if (number == 0) return true;
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return errno != ENOENT && errno != ENOTDIR;
  return found.st_dev == device && found.st_ino == number;
}

void StoreDirectory::remember_files() {
  database_ = FileId::of(database_file());
  wal_ = FileId::of(wal_file());
}

Result<fs::path> StoreDirectory::quarantine() const {
  std::error_code error;
  fs::path aside;
  int number = 1;
  do {
    aside = directory_ / "quarantine" / std::to_string(number++);
  } while (fs::exists(aside, error));
  fs::create_directories(aside, error);
  constexpr std::array kSuffixes{"", "-wal", "-shm"};
  for (const char* suffix : kSuffixes) {
    const fs::path from = database_file().string() + suffix;
    if (!error && fs::exists(from, error)) fs::rename(from, aside / from.filename(), error);
  }
  if (error) {
    return environment_failure(
        fmt::format("The damaged store in {} cannot be put aside: {}", directory_.string(),
                    error.message()),
        "Move watchpost.db, watchpost.db-wal and watchpost.db-shm out of that folder by hand and "
        "start again");
  }
  sync_directory(aside);
  sync_directory(directory_);
  return aside;
}

}  // namespace watchpost::spool
