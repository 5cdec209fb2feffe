// The watchpost command: what a person asks and runs on the box or at the street.
#include <CLI/CLI.hpp>
#include <array>

#include "base/standard_files.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"

namespace {
constexpr int kUsage = 2;
}

int main(int argc, char** argv) {
  using namespace watchpost::cli;
  watchpost::open_standard_files();
  CLI::App app{"watchpost: what the gateway on this box is doing, and what the street received"};
  app.require_subcommand(1);
  const std::array commands{add_status(app),  add_troubles(app), add_tail(app),   add_verify(app),
                            add_backup(app),  add_export(app),   add_decode(app), add_simulate(app),
                            add_receive(app), add_audit(app)};
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // exit() prints what is wrong, or the help that was asked for.
    return app.exit(error) == 0 ? ended("--help", {.told = 0, .not_written = kFindings}) : kUsage;
  }
  for (const Command& command : commands) {
    if (!command.app->parsed()) continue;
    return ended(command.app->get_name(),
                 {.told = command.run(), .not_written = command.not_written});
  }
  return 1;
}
