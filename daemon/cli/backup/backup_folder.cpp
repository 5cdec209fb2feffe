#include "cli/backup/backup_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "base/whole_file.hpp"
#include "cli/backup/copy_check.hpp"
#include "settings/backup_place.hpp"
#include "spool/reader/store_copy.hpp"

namespace watchpost::cli {
namespace {

namespace fs = std::filesystem;

Failure no_folder(const fs::path& folder, const std::string& why) {
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("The folder for backups {} cannot be used: {}", folder.string(), why),
              fmt::format("sudo install -d -o watchpost -g watchpost -m 700 {}", folder.string())},
      Chinese{fmt::format("备份目录 {} 不能使用：{}", folder.string(), why),
              fmt::format("sudo install -d -o watchpost -g watchpost -m 700 {}", folder.string())});
}

Failure made_already(const fs::path& backup) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("{} is there already", backup.string()),
              "It was made in this second: try again in the next"},
      Chinese{fmt::format("{} 已经存在", backup.string()), "是这一秒内刚做的：请稍后再试"});
}

// "20261130T213005Z": sorts as time does, and stands in a name of a file.
std::string stamp_of(WallTime now) {
  std::string stamp = to_rfc3339(now).substr(0, 19);
  std::erase(stamp, '-');
  std::erase(stamp, ':');
  return stamp + "Z";
}

bool is_synced(const fs::path& path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.is_open() && ::fsync(file.get()) == 0;
}

// Every file of the configuration, without a store that lies beside it; returns those that this
// user may not read.
std::vector<std::string> copy_configuration(const fs::path& from, const fs::path& to,
                                            const fs::path& store) {
  std::vector<std::string> left_out;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(
           from, fs::directory_options::skip_permission_denied, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path target = to / entry->path().lexically_relative(from);
    std::error_code failed;
    if (fs::equivalent(entry->path(), store, failed)) {
      entry.disable_recursion_pending();
    } else if (entry->is_directory(failed)) {
      fs::create_directories(target, failed);
    } else if (entry->is_regular_file(failed)) {
      fs::copy_file(entry->path(), target, failed);
      if (!failed) fs::permissions(target, fs::perms::owner_read | fs::perms::owner_write, failed);
      if (failed || !is_synced(target)) left_out.push_back(entry->path().string());
    }
  }
  return left_out;
}

}  // namespace

std::vector<fs::path> BackupFolder::of(const std::string& gateway) const {
  const std::string beginning = fmt::format("watchpost-{}-", gateway);
  // Behind the name the time alone, so that no gateway's name is the beginning of another's.
  const std::size_t length = beginning.size() + stamp_of({}).size();
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == length && name.starts_with(beginning) && name.ends_with('Z')) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<BackupDone> BackupFolder::make(const Wish& wish) const {
  const fs::path configuration = folder_of(wish.source.configuration);
  if (auto inside = settings::backup_in_itself({path_, wish.source.store, configuration})) {
    return *inside;
  }
  std::error_code error;
  if (!fs::is_directory(path_, error)) {
    return no_folder(path_, error ? error.message() : "there is no such folder");
  }
  BackupDone done;
  done.backup = path_ / fmt::format("watchpost-{}-{}", wish.source.gateway, stamp_of(wish.now));
  const fs::path part = done.backup.string() + ".part";
  if (fs::exists(done.backup, error)) return made_already(done.backup);
  for (const auto& entry : fs::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("watchpost-") && name.ends_with(".part")) {
      fs::remove_all(entry.path(), error);
    }
  }
  if (!fs::create_directories(part / kBackupEtc, error)) {
    return no_folder(path_, error ? error.message() : "it is there already");
  }
  fs::permissions(part, fs::perms::owner_all, error);
  const auto give_up = [&part](const Failure& failure) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    return failure;
  };
  const auto copied = spool::copy_store(
      {.database = wish.source.store / kBackupStore, .copy = part / kBackupStore});
  if (!copied) return give_up(copied.error());
  auto report = check_copy(part / kBackupStore);
  if (!report) return give_up(report.error());
  done.report = *report;
  done.left_out = copy_configuration(configuration, part / kBackupEtc, wish.source.store);
  if (!is_synced(part / kBackupEtc) || !is_synced(part)) {
    return give_up(step_failure({part, "fsync"}));
  }
  fs::rename(part, done.backup, error);
  if (error || !is_synced(path_)) return give_up(step_failure({done.backup, "rename"}));
  // The new one counts; a damaged one pushes no whole one out.
  auto all = of(wish.source.gateway);
  while (done.report.finding_count == 0 && all.size() > std::max<std::size_t>(wish.keep, 1)) {
    fs::remove_all(all.front(), error);
    done.removed.push_back(all.front());
    all.erase(all.begin());
  }
  return done;
}

}  // namespace watchpost::cli
