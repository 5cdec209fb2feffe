// watchpostd: reads its configuration, runs the daemon in the foreground until SIGTERM or SIGINT.
// Exit status: 0 stopped as asked, 1 could not run, 2 the command line or the configuration has
// mistakes.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "app/daemon.hpp"
#include "app/harmless_signals.hpp"
#include "app/wiring.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/standard_files.hpp"
#include "settings/config_file.hpp"

namespace {

using namespace watchpost;

constexpr int kCannotRun = 1;
constexpr int kMistakes = 2;

struct CommandLine {
  std::string config_file;
  std::string store_directory;
  bool check_config = false;
  bool print_config = false;
};

settings::ParsedConfig read_config(const CommandLine& line) {
  auto surroundings = settings::ConfigSurroundings::of_process();
  if (!line.store_directory.empty()) surroundings.store_directory = line.store_directory;
  if (line.config_file.empty()) return settings::default_config(surroundings);
  return settings::parse_config(line.config_file, surroundings);
}

// Each client is an open file. What a shell or a service gives by default, 1024, is meant for
// programs that use select(2); the hard limit is the one that counts.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &files);
}

int run(const CommandLine& line) {
  const auto config = read_config(line);
  if (!config) {
    std::cerr << config.error().text();
    return kMistakes;
  }
  if (line.print_config) {
    std::cout << settings::print_config(*config);
    return 0;
  }
  if (line.check_config) {
    app::Daemon::check(*config);
    std::cout << "The configuration has no mistakes.\n";
    for (const std::string& note : app::notes_of(*config)) std::cout << "Note: " << note << "\n";
    return 0;
  }
  app::hold_back_signals();
  allow_many_files();
  const auto log = make_log(config->log.sink, config->log.level);
  // A daemon whose store is damaged is taken down and made again, which salvages the store: so it
  // works without a service manager too.
  while (app::Daemon(*config, *log).run() == app::Daemon::Ending::begin_anew) {
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_files();
  CLI::App app{"watchpostd: takes sensor messages, keeps them on disk, forwards them upstream"};
  CommandLine line;
  app.add_option("--config", line.config_file, "configuration file (TOML); none: loopback only");
  app.add_option("--store", line.store_directory, "store directory; wins over store.directory");
  app.add_flag("--check-config", line.check_config,
               "say what is wrong with the configuration, end");
  app.add_flag("--print-config", line.print_config, "print the configuration in effect, end");
  app.set_version_flag("--version", WATCHPOST_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // It prints what is wrong, or the help that was asked for.
    return app.exit(error) == 0 ? 0 : kMistakes;
  }
  try {
    return run(line);
  } catch (const StartupError& error) {
    const auto sentence = error.failure().sentence();
    const bool closed = sentence.ends_with('?') || sentence.ends_with('.');
    std::cerr << "watchpostd cannot run: " << sentence << (closed ? "" : ".") << "\n";
  } catch (const std::exception& error) {
    std::cerr << "watchpostd cannot run: " << error.what()
              << ". This is a bug in Watchpost: please report this line.\n";
  }
  return kCannotRun;
}
