// The watchpost command: what a person asks and runs on the box or at the street.
#include <CLI/CLI.hpp>
#include <vector>

#include "base/standard_files.hpp"
#include "cli/commands.hpp"

int main(int argc, char** argv) {
  using namespace watchpost::cli;
  watchpost::open_standard_files();
  CLI::App app{"watchpost: what the gateway on this box is doing, and what the street received"};
  app.name("watchpost");
  add_version(app);
  app.require_subcommand(1);
  std::vector<Subcommand> commands{
      add_setup(app),  add_status(app), add_troubles(app), add_states(app),  add_tail(app),
      add_verify(app), add_backup(app), add_restore(app),  add_support(app), add_export(app),
      add_replay(app), add_decode(app), add_simulate(app), add_receive(app), add_audit(app),
      add_cert(app),   add_passwd(app)};
  add_duty(app, commands);
  add_devices(app, commands);
  add_outputs(app, commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return not_parsed(app, error);
  }
  for (const Subcommand& command : commands) {
    if (command.app->parsed()) return run(command);
  }
  return 1;
}
