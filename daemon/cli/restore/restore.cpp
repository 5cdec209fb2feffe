#include "cli/restore/restore.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "cli/backup/backup_folder.hpp"
#include "cli/backup/copy_check.hpp"
#include "cli/ending.hpp"
#include "cli/restore/configuration_exchange.hpp"
#include "cli/service_control.hpp"
#include "cli/verify/verify_page.hpp"
#include "settings/config_file.hpp"
#include "spool/writer/replace_store.hpp"

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

// What `watchpost backup FILE` makes.
Failure store_alone(const fs::path& file) {
  const std::string steps = fmt::format(
      "sudo install -o watchpost -g watchpost -m 0600 {} "
      "/var/lib/watchpost/watchpost.db; sudo systemctl start watchpostd",
      file.string());
  return in_both(
      Failure::Kind::invalid_input,
      English{
          fmt::format("{} is a file. `watchpost restore` takes a folder, as `watchpost backup "
                      "--to` makes it; `watchpost backup FILE` makes a file with the store "
                      "alone",
                      file.string()),
          "Such a file goes into an empty folder (\"Save and move\" in the guide): sudo systemctl "
          "stop watchpostd; move what is in /var/lib/watchpost aside; " +
              steps},
      Chinese{
          fmt::format("{} 是一个文件。`watchpost restore` 需要 `watchpost backup --to` "
                      "生成的目录；`watchpost backup 文件` 生成的文件里只有数据",
                      file.string()),
          "这样的文件要放进空目录（见手册“备份和搬到新机器”）：sudo systemctl stop watchpostd；把 "
          "/var/lib/watchpost 里的内容移开；" +
              steps});
}

Failure not_stopped() {
  return in_both(
      Failure::Kind::environment,
      English{"The service could not be stopped",
              "Run this with sudo; where the service is not running anyway, add --no-service"},
      Chinese{"服务停不下来", "请用 sudo 运行；如果服务本来就没有运行，请加 --no-service"});
}

// Restoring is for root: only root may give files to the service's user.
Owner owner_called(const std::string& name) {
  const passwd* entry = ::geteuid() == 0 ? ::getpwnam(name.c_str()) : nullptr;
  return entry == nullptr ? Owner{} : Owner{entry->pw_uid, entry->pw_gid};
}

// The lock of the store is held, by whomever started it.
Failure still_running(const fs::path& store) {
  return in_both(
      Failure::Kind::refused,
      English{fmt::format("A watchpostd is running with the store {}: nothing was changed",
                          store.string()),
              "Stop it and try again: sudo systemctl stop watchpostd; one that was started by hand "
              "ends with Ctrl-C, or with kill and its number (pgrep -a watchpostd)"},
      Chinese{
          fmt::format("有一个 watchpostd 正在使用数据目录 {}：没有改动任何内容", store.string()),
          "请先停止它再试：sudo systemctl stop watchpostd；手工启动的请按 Ctrl-C，"
          "或用 kill 加进程号（pgrep -a watchpostd）"});
}

std::string aside_name() {
  std::string stamp = to_rfc3339(SystemClock().wall()).substr(0, 19);
  std::erase(stamp, ':');
  return kPutAside + stamp;
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

// The store that is in use before the restore, by the configuration that was there.
struct HeldStore {
  fs::path folder;
  std::optional<spool::StoreReplacement> store;  // nothing where there was no such folder
};

Result<spool::StoreReplacement> hold(const fs::path& store, const Owner& owner) {
  auto held = spool::StoreReplacement::begin(store, owner);
  if (!held && held.error().kind == Failure::Kind::refused) return still_running(store);
  return held;
}

Result<fs::path> replace_store(const spool::StoreReplacement& store, const fs::path& backup) {
  if (auto brought = store.bring(backup / kBackupStore); !brought) return brought.error();
  return store.replace(aside_name());
}

// By the configuration that is in force now, whose store may be another than `held`.
Result<fs::path> replace_store_of(const RestoreOptions& options, const Voice& voice,
                                  const HeldStore& held) {
  const auto folder = store_of(options.config, voice.language);
  if (!folder) return folder.error();
  if (held.store && held.folder == *folder) return replace_store(*held.store, options.backup);
  const auto other = hold(*folder, owner_called(options.user));
  return other ? replace_store(*other, options.backup) : other.error();
}

Result<void> replace_all(const RestoreOptions& options, const Voice& voice) {
  const Owner owner = owner_called(options.user);
  std::error_code error;
  HeldStore held;
  if (const auto folder = store_of(options.config, voice.language)) held.folder = *folder;
  if (fs::exists(held.folder, error)) {
    auto store = hold(held.folder, owner);
    if (!store) return store.error();
    held.store.emplace(std::move(*store));
  }
  ConfigurationExchange configuration({folder_of(options.config), aside_name(), held.folder});
  if (!options.store_only && !fs::is_empty(options.backup / kBackupEtc, error) && !error) {
    if (auto put = configuration.put(options.backup / kBackupEtc, owner); !put) return put;
  }
  const auto store = replace_store_of(options, voice, held);
  if (!store) {
    // The start that finishes the exchange of the store needs its configuration.
    if (store.error().kind == Failure::Kind::unavailable) return store.error();
    if (configuration.undo()) return store.error();
    say_restored(voice, say("Not all of the configuration could be put back: the rest is in {}",
                            "配置没有全部放回：其余的在 {}", configuration.aside().string()));
    return store.error();
  }
  if (!configuration.aside().empty()) {
    say_restored(voice, say("The configuration that was there is in {}", "原来的配置在 {}",
                            configuration.aside().string()));
  }
  if (!store->empty()) {
    say_restored(voice, say("The store that was there is in {}: remove it when nothing is missing",
                            "原来的数据在 {}：确认不缺什么后请删除", store->string()));
  }
  return {};
}

}  // namespace

int run_restore(const RestoreOptions& options) {
  const Voice voice{"restore", language_for(options.language)};
  std::error_code error;
  if (fs::is_regular_file(options.backup, error)) {
    return fail(voice, store_alone(options.backup), kCouldNotLook);
  }
  const fs::path store = options.backup / kBackupStore;
  if (!fs::exists(store, error)) return fail(voice, no_backup(options.backup), kCouldNotLook);
  const auto report = check_copy(store);
  if (!report) return fail(voice, report.error(), kCouldNotLook);
  if (report->finding_count > 0) {
    std::cout << copy_page(*report, voice.language);
    say_restored(voice, say("This backup is damaged, and nothing was touched. Take another one",
                            "这份备份已损坏，没有改动任何内容。请换一份"));
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
