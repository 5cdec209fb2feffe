// The watchpost command: what a person on the box, or at the street, asks and runs.
#include <CLI/CLI.hpp>
#include <array>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  using namespace watchpost::cli;
  CLI::App app{"watchpost: what the gateway on this box is doing, and what the street received"};
  app.require_subcommand(1);
  const std::array commands{add_status(app), add_troubles(app), add_tail(app),    add_verify(app),
                            add_export(app), add_simulate(app), add_receive(app), add_audit(app)};
  CLI11_PARSE(app, argc, argv);
  for (const Command& command : commands) {
    if (command.app->parsed()) return command.run();
  }
  return 1;
}
