#include "spool/writer/store_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "spool/writer/unwritable_folder.hpp"

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

Failure environment_failure(English english, const Chinese& chinese) {
  return in_both(Failure::Kind::environment, std::move(english), chinese);
}

// True also for a symbolic link whose target is missing.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

int open_lock(const fs::path& file) {
  return ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
}

// The entry of a new folder is durable only after its parent was synced.
void sync_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

Result<StoreDirectory> StoreDirectory::open(const fs::path& directory) {
  std::error_code error;
  if (fs::create_directories(directory, error)) {
    fs::permissions(directory, fs::perms::owner_all, error);
    sync_directory(fs::absolute(directory).parent_path());
  }
  if (error) return unwritable_folder(directory, error.value());
  const fs::path lock_file = directory / "lock";
  int lock = open_lock(lock_file);
  int why = errno;
  if (lock < 0 && is_there(lock_file) &&
      !fs::is_regular_file(fs::symlink_status(lock_file, error))) {
    // A folder or a link in its place locks nothing.
    fs::rename(lock_file, directory / "lock-was-no-file", error);
    lock = open_lock(lock_file);
    why = errno;
  }
  if (lock < 0) return unwritable_folder(directory, why);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return in_both(
        Failure::Kind::refused,
        English{.what = fmt::format("Another watchpostd already uses the store directory {}",
                                    directory.string()),
                .remedy = "Stop that one (systemctl stop watchpostd), or name another directory in "
                          "store.directory"},
        Chinese{
            .what = fmt::format("另一个 watchpostd 正在使用数据目录 {}", directory.string()),
            .remedy =
                "请停止那一个（systemctl stop watchpostd），或在 store.directory 中指定别的目录"});
  }
  return StoreDirectory(directory, lock);
}

StoreDirectory::StoreDirectory(StoreDirectory&& other) noexcept
    : directory_(std::move(other.directory_)),
      database_(other.database_),
      wal_(other.wal_),
      reserve_(std::move(other.reserve_)),
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

std::array<fs::path, 3> StoreDirectory::store_files() const {
  const std::string file = database_file().string();
  return {file, file + "-wal", file + "-shm"};
}

void StoreDirectory::want_salvage() const {
  // Where the mark cannot be written, the next start meets the damage itself.
  const int file = ::open(salvage_wanted().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
  sync_directory(directory_);
}

void StoreDirectory::clear_building() const {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    fs::remove_all(building_file().string() + suffix, ignored);
  }
}

Result<fs::path> StoreDirectory::exchange(const Owner& owner) const {
  if (auto made = make_aside(); !made) return made.error();
  std::error_code error;
  const int built = ::open(building_file().c_str(), O_RDONLY | O_CLOEXEC);
  // A start that finishes this runs as the owner, and needs all three.
  const bool synced = built >= 0 && ::fchown(built, owner.user, owner.group) == 0 &&
                      ::lchown((directory_ / "quarantine").c_str(), owner.user, owner.group) == 0 &&
                      ::lchown(last_aside().c_str(), owner.user, owner.group) == 0 &&
                      ::fsync(built) == 0;
  if (!synced) error.assign(errno, std::generic_category());
  if (built >= 0) ::close(built);
  if (synced) fs::rename(building_file(), finished_file(), error);
  if (error) {
    return environment_failure(
        English{.what = fmt::format("The new store {} cannot be written: {}",
                                    building_file().string(), error.message()),
                .remedy = "Check the disk and its free space; the store that was there is "
                          "untouched, start again"},
        Chinese{.what = fmt::format("新的数据文件 {} 写不进去（系统信息：{}）",
                                    building_file().string(), error.message()),
                .remedy = "请检查磁盘和剩余空间；原来的文件没有动过，再启动一次即可"});
  }
  sync_directory(directory_);
  return finish_exchange();
}

// Each step may have happened already. The mark goes first: from here on the finished file stands
// for it. So does the witness, whose numbers the new store has taken over.
Result<fs::path> StoreDirectory::finish_exchange() const {
  if (!is_there(finished_file())) return fs::path{};
  std::error_code error;
  fs::remove_all(salvage_wanted(), error);
  fs::remove_all(witness_file(), error);
  const fs::path aside = last_aside();
  if (auto moved = put_aside(aside); !moved) return moved.error();
  fs::rename(finished_file(), database_file(), error);
  if (error) {
    return environment_failure(
        English{.what = fmt::format("The new store {} cannot be renamed to {}: {}",
                                    finished_file().string(), database_file().filename().string(),
                                    error.message()),
                .remedy = "Check the disk, then start again"},
        Chinese{.what = fmt::format("新的数据文件 {} 不能改名为 {}（系统信息：{}）",
                                    finished_file().string(), database_file().filename().string(),
                                    error.message()),
                .remedy = "请检查磁盘，然后再启动一次"});
  }
  sync_directory(directory_);
  return aside;
}

fs::path StoreDirectory::last_aside() const {
  int number = 1;
  while (is_there(directory_ / "quarantine" / std::to_string(number + 1))) ++number;
  return directory_ / "quarantine" / std::to_string(number);
}

// A folder for what is put aside; one that a crash left empty is taken again.
Result<void> StoreDirectory::make_aside() const {
  std::error_code error;
  const fs::path all = directory_ / "quarantine";
  if (is_there(all) && !fs::is_directory(all, error)) {
    fs::rename(all, directory_ / "quarantine-was-no-folder", error);
  }
  fs::path aside = last_aside();
  if (is_there(aside) && !fs::is_empty(aside, error)) {
    aside = all / std::to_string(std::stoi(aside.filename().string()) + 1);
  }
  error.clear();
  fs::create_directories(aside, error);
  if (error) {
    return environment_failure(
        English{.what = fmt::format("The folder {} cannot be made: {}", aside.string(),
                                    error.message()),
                .remedy = "Make the store directory belong to the user the daemon runs as (chown)"},
        Chinese{
            .what = fmt::format("无法创建目录 {}（系统信息：{}）", aside.string(), error.message()),
            .remedy = "请让数据目录属于运行本程序的用户（chown）"});
  }
  sync_directory(all);
  sync_directory(directory_);
  return {};
}

Result<void> StoreDirectory::put_aside(const fs::path& aside) const {
  for (const fs::path& from : store_files()) {
    if (!is_there(from)) continue;
    std::error_code error;
    fs::rename(from, aside / from.filename(), error);
    if (error) {
      return environment_failure(
          English{.what = fmt::format("{} cannot be put aside: {}", from.string(), error.message()),
                  .remedy =
                      "Move watchpost.db, watchpost.db-wal and watchpost.db-shm out of that folder "
                      "by hand and start again"},
          Chinese{
              .what = fmt::format("{} 移不开（系统信息：{}）", from.string(), error.message()),
              .remedy =
                  "请手工把 watchpost.db、watchpost.db-wal 和 watchpost.db-shm 移出该目录，再启动"
                  "一次"});
    }
  }
  sync_directory(aside);
  sync_directory(directory_);
  return {};
}

}  // namespace watchpost::spool
