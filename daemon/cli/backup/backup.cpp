#include "cli/backup/backup.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <limits>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/backup/backup_folder.hpp"
#include "cli/backup/copy_check.hpp"
#include "cli/ending.hpp"
#include "cli/status_text.hpp"
#include "cli/store_folder.hpp"
#include "cli/verify/verify_page.hpp"
#include "settings/config_file.hpp"
#include "spool/reader/store_copy.hpp"

namespace watchpost::cli {
namespace {

Failure nothing_in(const std::string& file) {
  return in_both(Failure::Kind::not_found,
                 English{fmt::format("{} was written, but there is no record in it", file),
                         "Is this the right store? `watchpost status` says which one is in use"},
                 Chinese{fmt::format("{} 已写好，但里面没有任何记录", file),
                         "数据目录是否正确？`watchpost status` 显示正在使用的是哪一个"});
}

Failure not_whole(const std::string& file) {
  return in_both(Failure::Kind::storage,
                 English{fmt::format("{} was written, but not all of it is whole", file),
                         "Keep it, and look at the disk"},
                 Chinese{fmt::format("{} 已写好，但不是全部完好", file), "请保留它，并检查磁盘"});
}

Failure no_wish() {
  return in_both(
      Failure::Kind::invalid_input,
      English{"It is not said where to",
              "Name a FILE for the store alone, or --to FOLDER for store and configuration"},
      Chinese{"没有说明备份到哪里", "只备份数据请写文件名；连同配置一起请用 --to 目录"});
}

// Told in one line: the journal of the timer's service has it.
int tell_of(const BackupDone& done, const Voice& voice) {
  for (const std::string& file : done.left_out) {
    std::cerr << settings::say("Note: {} could not be read and is not in the backup",
                               "注意：{} 读不到，没有备份", file)
                     .in(voice.language)
              << "\n";
  }
  if (done.report.finding_count > 0) {
    std::cout << verify_page(done.report, voice.language);
    return fail(voice, not_whole(done.backup.string()), kFindings);
  }
  std::cout << settings::say("{} was made and is whole ({} rows); {} older ones were removed",
                             "已备份到 {}，完好（{} 行）；删除了 {} 份旧备份", done.backup.string(),
                             done.report.all_rows(), done.removed.size())
                   .in(voice.language)
            << "\n";
  return 0;
}

int run_into_folder(const BackupOptions& options, const Voice& voice) {
  if (!options.scheduled && options.folder.empty()) return fail(voice, no_wish(), kCouldNotLook);
  auto around = settings::ConfigSurroundings::of_process();
  around.is_installed_config = true;
  const auto config = settings::parse_config(options.config, around);
  if (!config) {
    std::cerr << config.error().text(voice.language);
    return kCouldNotLook;
  }
  const std::filesystem::path folder =
      options.folder.empty() ? config->backup.folder : std::filesystem::path(options.folder);
  if (folder.empty()) {
    std::cout << settings::say("No backup is wanted: [backup] has no folder in {}",
                               "不需要备份：{} 的 [backup] 没有写 folder", options.config)
                     .in(voice.language)
              << "\n";
    return 0;
  }
  BackupFolder::Wish wish;
  wish.source = {
      config->gateway.id,
      options.store.empty() ? config->store.directory : std::filesystem::path(options.store),
      options.config};
  wish.now = SystemClock().wall();
  wish.keep = options.scheduled   ? config->backup.keep
              : options.keep == 0 ? std::numeric_limits<std::size_t>::max()
                                  : options.keep;
  const auto done = BackupFolder(folder).make(wish);
  if (!done) return fail(voice, done.error(), kCouldNotLook);
  return tell_of(*done, voice);
}

}  // namespace

int run_backup(const BackupOptions& options) {
  const Voice voice{"backup", language_for(options.language)};
  if (options.file.empty()) return run_into_folder(options, voice);
  const auto folder =
      options.store.empty() ? store_folder_of(options.socket) : Result<std::string>(options.store);
  if (!folder) return fail(voice, folder.error(), kCouldNotLook);
  const auto copied = spool::copy_store(
      {.database = std::filesystem::path(*folder) / "watchpost.db", .copy = options.file});
  if (!copied) return fail(voice, copied.error(), kCouldNotLook);
  const auto report = check_copy(options.file);
  if (!report) return fail(voice, report.error(), kCouldNotLook);
  if (report->records() == 0) return fail(voice, nothing_in(options.file), kFindings);
  if (report->finding_count > 0) {
    std::cout << verify_page(*report, voice.language);
    return fail(voice, not_whole(options.file), kFindings);
  }
  StatusText page(voice.language, 0);
  page.line({"{0} holds {1} and is whole. To restore it: stop the service, put it as watchpost.db "
             "into an "
             "empty store folder that belongs to the service's user, start the service",
             "{0} 有 {2} 行，完好。恢复的方法：停止服务，把它作为 watchpost.db "
             "放进属于服务用户的空数据目录，再启动服务"},
            options.file, counted(report->all_rows(), "row"), report->all_rows());
  std::cout << page.take();
  return 0;
}

}  // namespace watchpost::cli
