#include "spool/writer/replace_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "spool/salvage/salvage.hpp"

namespace watchpost::spool {
namespace {

namespace fs = std::filesystem;

Failure not_brought(const fs::path& file, const std::string& why) {
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("The backup cannot be copied to {}: {}", file.string(), why),
              "The store that was there is in its place. Look whether that disk is full"},
      Chinese{fmt::format("无法把备份复制到 {}：{}", file.string(), why),
              "原来的数据仍在原处。请检查那块磁盘是否已满"});
}

// From here on the start of a daemon goes on by itself.
Failure not_finished(const Failure& why) {
  return in_both(
      Failure::Kind::unavailable,
      English{
          fmt::format("The backup is copied, but not yet in its place: {}", why.what),
          "Start the service: its start finishes it. The store that was there is in quarantine/ "
          "in the store's folder"},
      Chinese{fmt::format("备份已复制，但还没有放到位：{}", why.chinese),
              "请启动服务：启动时会完成它。原来的数据在数据目录的 quarantine/ 里"});
}

}  // namespace

Result<StoreReplacement> StoreReplacement::begin(const fs::path& folder, const Owner& owner) {
  std::error_code error;
  const bool was_there = fs::exists(folder, error);
  const bool had_lock = fs::exists(folder / "lock", error);
  auto directory = StoreDirectory::open(folder);
  if (!directory) return directory.error();
  if ((!was_there && ::lchown(folder.c_str(), owner.user, owner.group) != 0) ||
      (!had_lock && ::lchown((folder / "lock").c_str(), owner.user, owner.group) != 0)) {
    return step_failure({folder, "chown"});
  }
  // As a start does it: what was interrupted before is finished, so that it is not mixed with this.
  directory->clear_building();
  if (auto finished = directory->finish_exchange(); !finished) return finished.error();
  TornWal(*directory).put_back();
  return StoreReplacement(std::move(*directory), owner);
}

Result<void> StoreReplacement::bring(const fs::path& copy) const {
  const fs::path beside = directory_.building_file();
  std::error_code error;
  fs::copy_file(copy, beside, error);
  if (!error) {
    fs::permissions(beside, fs::perms::owner_read | fs::perms::owner_write, error);
    const OpenFile file(::open(beside.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() || ::fsync(file.get()) != 0) error.assign(errno, std::generic_category());
  }
  if (!error) return {};
  directory_.clear_building();
  return not_brought(beside, error.message());
}

Result<fs::path> StoreReplacement::replace(const fs::path& aside) const {
  std::error_code error;
  const auto files = directory_.store_files();
  const bool was_there =
      std::any_of(files.begin(), files.end(), [](const auto& file) { return fs::exists(file); });
  const auto exchanged = directory_.exchange(owner_);
  if (!exchanged) {
    const bool is_decided = !fs::exists(directory_.building_file(), error);
    directory_.clear_building();
    return is_decided ? not_finished(exchanged.error()) : exchanged.error();
  }
  fs::path found = *exchanged;
  if (was_there) {
    fs::rename(found, folder() / aside, error);
    if (!error) found = folder() / aside;
  } else {
    fs::remove(found, error);
    found.clear();
  }
  fs::remove(folder() / "quarantine", error);  // stays where something is in it
  return found;
}

}  // namespace watchpost::spool
