// watchpostd: reads its configuration and runs the daemon in the foreground until SIGTERM or
// SIGINT. Exit status: 0 stopped as asked, 1 could not run, 2 the command line or the configuration
// has mistakes.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

#include "app/check.hpp"
#include "app/daemon.hpp"
#include "app/lost_store.hpp"
#include "app/port_check.hpp"
#include "app/store_guard.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/standard_files.hpp"
#include "base/version.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/harmless_signals.hpp"
#include "settings/config_file.hpp"

namespace {

using namespace watchpost;

constexpr int kCannotRun = 1;
constexpr int kMistakes = 2;

struct CommandLine {
  std::string config_file;
  std::string store_directory;
  std::string language;
  bool new_epoch = false;
  bool check_config = false;
  bool check_ports = false;
  bool print_config = false;
};

// The file that is named, otherwise the installed one where it or an addition to it exists.
std::optional<std::filesystem::path> file_to_read(const CommandLine& line,
                                                  const settings::ConfigSurroundings& around) {
  if (!line.config_file.empty()) return line.config_file;
  if (!around.installed_config) return std::nullopt;
  std::error_code error;
  const bool there = std::filesystem::exists(*around.installed_config, error) ||
                     !settings::additions_to(*around.installed_config).empty();
  // An error means that this user may not look at the file; the later reading of the file reports
  // that.
  if (there || error) return around.installed_config;
  return std::nullopt;
}

bool is_of_service(const std::filesystem::path& file, const settings::ConfigSurroundings& around) {
  std::error_code error;
  const auto installed = around.installed_config.value_or("/etc/watchpost/watchpost.toml");
  // The same path where neither is there yet.
  return file.lexically_normal() == installed.lexically_normal() ||
         std::filesystem::equivalent(file, installed, error);
}

// Each client takes an open file. The usual soft limit, 1024, is meant for programs that use
// select(2), so the soft limit is raised to the hard limit.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &files);
}

// The store holds what people do at home. The unit's UMask= says the same; by hand nobody would.
void keep_from_others() {
  constexpr mode_t kOthersAndGroupsPen = 0027;
  const mode_t before = ::umask(kOthersAndGroupsPen);
  (void)::umask(before | kOthersAndGroupsPen);
}

// The exit code `code`, or a failure where standard output took not all of the answer (a full disk,
// a closed pipe).
int told(int code) {
  std::cout.flush();
  if (std::cout) return code;
  std::cerr << "watchpostd: what was to be printed could not be written.\n";
  return kCannotRun;
}

int run_daemon(settings::Config config, const app::ConfigSource& source,
               const settings::ConfigSurroundings& around) {
  app::StoreQuestion store;
  store.directory = config.store.directory;
  store.is_default = !around.state_directory && !around.store_directory &&
                     store.directory == std::filesystem::absolute("watchpost-data");
  store.service_store = settings::kServiceStore;
  store.user = ::geteuid();
  store.is_beside_service = around.is_installed_config && !around.state_directory &&
                            around.store_directory && store.directory != store.service_store &&
                            !(config.upstreams.empty() && config.brokers.empty());
  app::may_open_store(store).value();
  net::hold_back_signals();
  allow_many_files();
  const auto log = make_log(config.log.sink, config.log.level);
  // A daemon whose store is damaged is destroyed and made again, which salvages the store; this
  // needs no service manager.
  const app::LostStoreFile loss(around.runtime_directory);
  std::optional<app::LostStore> lost = loss.read();
  while (true) {
    app::Daemon daemon({config, source}, *log, lost);
    if (daemon.run() == app::Daemon::Ending::stopped) {
      loss.remove();
      return 0;
    }
    lost = daemon.lost_store();
    // Where the folder of the store is gone, only the next process can have one made.
    if (lost) loss.write(*lost);
  }
}

// The service may run without a file, but then there is nothing to check.
bool is_there_to_check(const std::optional<std::filesystem::path>& file,
                       const settings::ConfigSurroundings& around) {
  if (!file) return false;
  std::error_code error;
  return !around.is_installed_config || std::filesystem::exists(*file, error) || error ||
         !settings::additions_to(*file).empty();
}

int nothing_checked(const settings::ConfigSurroundings& around, Language language) {
  const auto none = around.installed_config.value_or("/etc/watchpost/watchpost.toml").string();
  std::cerr << settings::say(
                   "Nothing was checked: no file is named, and there is no {}. Name one: "
                   "watchpostd --config FILE --check-config. To set up this box: sudo watchpost "
                   "setup",
                   "没有检查任何文件：没有指定文件，也没有 {}。请指定：watchpostd --config "
                   "文件 --check-config。要设置本机：sudo watchpost setup",
                   none)
                   .in(language)
            << "\n";
  return kMistakes;
}

int run(const CommandLine& line) {
  const Language language = language_for(line.language);
  auto around = settings::ConfigSurroundings::of_process();
  if (!line.store_directory.empty()) around.store_directory = line.store_directory;
  const auto file = file_to_read(line, around);
  around.is_installed_config = file && is_of_service(*file, around);
  if (line.check_config && !is_there_to_check(file, around)) {
    return nothing_checked(around, language);
  }
  const auto config = file ? settings::parse_config(*file, around)
                           : settings::ParsedConfig(settings::default_config(around));
  if (!config) {
    std::cerr << config.error().text(language);
    return kMistakes;
  }
  if (line.print_config) {
    std::cout << settings::print_config(*config);
    return told(0);
  }
  if (line.check_ports) return told(app::check_ports(*config, language, std::cout) ? 0 : kMistakes);
  if (line.check_config) {
    return told(app::check({*config, *file, language}, std::cout) ? 0 : kMistakes);
  }
  settings::Config chosen = *config;
  chosen.store.new_epoch = line.new_epoch;
  app::ConfigSource source;
  if (file) {
    source.file = *file;
    source.read = [path = *file, around] { return settings::parse_config(path, around); };
  }
  return run_daemon(std::move(chosen), source, around);
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_files();
  keep_from_others();
  CLI::App app{"watchpostd: takes sensor messages, keeps them on disk, forwards them upstream"};
  CommandLine line;
  app.add_option("--config", line.config_file,
                 "configuration file (TOML); without it the installed one, else the defaults: this "
                 "machine only");
  app.add_option("--store", line.store_directory,
                 "folder of the store; counts more than store.directory of the file");
  app.add_flag("--new-epoch", line.new_epoch,
               "begin a new epoch at once; without it each start does so with its first record");
  app.add_flag("--check-config", line.check_config,
               "say what is wrong with the configuration, and end");
  app.add_flag("--check-ports", line.check_ports,
               "say which ports of the configuration another program has, and end; while the "
               "service runs it has them itself");
  app.add_flag("--print-config", line.print_config, "print the configuration in effect, and end");
  app.add_option(
      "--lang", line.language,
      "en or zh: language of --check-config and of why it cannot run; without it, what LC_ALL or "
      "LANG says");
  app.set_version_flag("--version", "watchpostd " + std::string(version_with_commit()));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // exit() prints what is wrong, or the help that was asked for.
    return app.exit(error) == 0 ? told(0) : kMistakes;
  }
  try {
    return run(line);
  } catch (const StartupError& error) {
    const Language language = language_for(line.language);
    const std::string why = sentence_of(error.failure(), language);
    std::cerr << (language == Language::english
                      ? "watchpostd cannot run: " + app::with_full_stop(why)
                      : "watchpostd 无法运行：" + why + "。")
              << "\n";
  } catch (const std::exception& error) {
    std::cerr << "watchpostd cannot run: " << error.what()
              << ". This is a bug in Watchpost: please report this line.\n";
  }
  return kCannotRun;
}
