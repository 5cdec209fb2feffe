#include "cli/restore/restore.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <system_error>
#include <vector>

#include "base/clock.hpp"
#include "base/whole_file.hpp"
#include "cli/backup/backup_folder.hpp"
#include "cli/backup/copy_check.hpp"
#include "cli/ending.hpp"
#include "cli/service_control.hpp"
#include "cli/verify/verify_page.hpp"
#include "settings/config_file.hpp"

namespace watchpost::cli {
namespace {

namespace fs = std::filesystem;
using settings::say;
using settings::Words;

Failure no_backup(const fs::path& backup) {
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("{} is no backup: there is no {} in it", backup.string(), kBackupStore),
              "Name a folder watchpost-NAME-TIME of the folder of backups"},
      Chinese{fmt::format("{} 不是备份：里面没有 {}", backup.string(), kBackupStore),
              "请写备份目录里的一个 watchpost-名称-时间 目录"});
}

Failure not_moved(const fs::path& path, const std::string& why) {
  return in_both(Failure::Kind::environment,
                 English{fmt::format("{} cannot be put in place: {}", path.string(), why),
                         "Run this with sudo, and look whether the disk is full"},
                 Chinese{fmt::format("无法放好 {}：{}", path.string(), why),
                         "请用 sudo 运行，并检查磁盘是否已满"});
}

Failure not_stopped() {
  return in_both(
      Failure::Kind::environment,
      English{"The service could not be stopped",
              "Run this with sudo; where the service is not running anyway, add --no-service"},
      Chinese{"服务停不下来", "请用 sudo 运行；如果服务本来就没有运行，请加 --no-service"});
}

// Restoring is for root: only root may give files to the service's user.
struct Owner {
  uid_t user = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);
};
Owner owner_called(const std::string& name) {
  const passwd* entry = ::geteuid() == 0 ? ::getpwnam(name.c_str()) : nullptr;
  return entry == nullptr ? Owner{} : Owner{entry->pw_uid, entry->pw_gid};
}

std::string aside_name() {
  std::string stamp = to_rfc3339(SystemClock().wall()).substr(0, 19);
  std::erase(stamp, ':');
  return "before-restore-" + stamp;
}

// What is in the folder goes into a folder of its own in it, but for what went aside earlier.
// Nothing where there was nothing.
Result<std::optional<fs::path>> move_aside(const fs::path& folder) {
  std::vector<fs::path> there;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with("before-restore-")) {
      there.push_back(entry.path());
    }
  }
  if (there.empty()) return std::optional<fs::path>{};
  const fs::path aside = folder / aside_name();
  if (!fs::create_directory(aside, error)) return not_moved(aside, error.message());
  fs::permissions(aside, fs::perms::owner_all, error);
  for (const fs::path& one : there) {
    fs::rename(one, aside / one.filename(), error);
    if (error) return not_moved(one, error.message());
  }
  return std::optional<fs::path>{aside};
}

Result<void> put_store(const fs::path& from, const fs::path& folder, const Owner& owner) {
  std::error_code error;
  const fs::path part = folder / "watchpost.db.part";
  fs::copy_file(from, part, fs::copy_options::overwrite_existing, error);
  if (error) return not_moved(part, error.message());
  fs::permissions(part, fs::perms::owner_read | fs::perms::owner_write, error);
  const OpenFile file(::open(part.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::fchown(file.get(), owner.user, owner.group) != 0 ||
      ::fsync(file.get()) != 0) {
    return step_failure({part, "fsync"});
  }
  fs::rename(part, folder / kBackupStore, error);
  if (error) return not_moved(folder / kBackupStore, error.message());
  const OpenFile place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!place.is_open() || ::fsync(place.get()) != 0) return step_failure({folder, "fsync"});
  return {};
}

Result<void> put_configuration(const fs::path& from, const fs::path& folder, const Owner& owner) {
  std::error_code error;
  fs::create_directories(folder, error);
  fs::copy(from, folder, fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
  if (error) return not_moved(folder, error.message());
  for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.path().string().find("before-restore-") != std::string::npos) continue;
    const bool is_folder = entry.is_directory(error);
    // Only root writes it, the service reads it by its group.
    if (::chown(entry.path().c_str(), static_cast<uid_t>(-1), owner.group) != 0)
      return step_failure({entry.path(), "chown"});
    fs::permissions(entry.path(), static_cast<fs::perms>(is_folder ? 0750 : 0640), error);
  }
  return {};
}

void say_restored(const Voice& voice, const Words& words) {
  std::cout << words.in(voice.language) << std::endl;
}

// The folder of the store by the configuration that will be in force.
Result<fs::path> store_of(const fs::path& config, Language language) {
  auto around = settings::ConfigSurroundings::of_process();
  around.is_installed_config = true;
  const auto parsed = settings::parse_config(config, around);
  if (parsed) return parsed->store.directory;
  Failure failure{Failure::Kind::invalid_input, parsed.error().text(Language::english), ""};
  failure.chinese = parsed.error().text(language);
  return failure;
}

Result<void> replace_all(const RestoreOptions& options, const Voice& voice) {
  const Owner owner = owner_called(options.user);
  const fs::path etc = options.config.parent_path();
  std::error_code error;
  if (!options.store_only && !fs::is_empty(options.backup / kBackupEtc, error) && !error) {
    const auto aside = move_aside(etc);
    if (!aside) return aside.error();
    if (*aside) {
      say_restored(voice, say("The configuration that was there is in {}", "原来的配置在 {}",
                              (*aside)->string()));
    }
    if (auto put = put_configuration(options.backup / kBackupEtc, etc, owner); !put) return put;
  }
  const auto folder = store_of(options.config, voice.language);
  if (!folder) return folder.error();
  if (!fs::exists(*folder, error)) {
    fs::create_directories(*folder, error);
    fs::permissions(*folder, fs::perms::owner_all, error);
    if (::chown(folder->c_str(), owner.user, owner.group) != 0)
      return step_failure({*folder, "chown"});
  }
  const auto aside = move_aside(*folder);
  if (!aside) return aside.error();
  if (*aside) {
    say_restored(voice, say("The store that was there is in {}: remove it when nothing is missing",
                            "原来的数据在 {}：确认不缺什么后请删除", (*aside)->string()));
  }
  return put_store(options.backup / kBackupStore, *folder, owner);
}

}  // namespace

int run_restore(const RestoreOptions& options) {
  const Voice voice{"restore", language_for(options.language)};
  std::error_code error;
  const fs::path store = options.backup / kBackupStore;
  if (!fs::exists(store, error)) return fail(voice, no_backup(options.backup), kCouldNotLook);
  const auto report = check_copy(store);
  if (!report) return fail(voice, report.error(), kCouldNotLook);
  if (report->finding_count > 0) {
    std::cout << verify_page(*report, voice.language);
    say_restored(voice,
                 say("Not all of this backup is whole: nothing was touched. Take another one",
                     "这份备份不完好：没有改动任何内容。请换一份"));
    return kFindings;
  }
  const bool controls = !options.no_service;
  if (controls && !(may_control_service() && control_service("stop"))) {
    return fail(voice, not_stopped(), kCouldNotLook);
  }
  const auto done = replace_all(options, voice);
  // Whatever became of it, the box is to serve again.
  const bool starts = !controls || control_service("start");
  if (!done) return fail(voice, done.error(), kCouldNotLook);
  say_restored(voice, say("Restored from {} ({} rows)", "已从 {} 恢复（{} 行）",
                          options.backup.string(), report->all_rows()));
  if (starts) return 0;
  say_restored(voice, say("The service did not start: journalctl -u watchpostd says why",
                          "服务没有启动：原因见 journalctl -u watchpostd"));
  return kFindings;
}

}  // namespace watchpost::cli
