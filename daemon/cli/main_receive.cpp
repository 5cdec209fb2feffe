// watchpost-receive: the street's receiver as a program of its own, for a server on which no
// gateway runs. Without a command it is `watchpost receive`; its one command is `audit`.
#include <CLI/CLI.hpp>
#include <string_view>

#include "base/standard_files.hpp"
#include "cli/commands.hpp"

namespace {

using namespace watchpost::cli;

int parsed(CLI::App& app, const Subcommand& command, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return not_parsed(app, error);
  }
  return run(command);
}

}  // namespace

int main(int argc, char** argv) {
  watchpost::open_standard_files();
  // The options of the receiver are required where no command stands, so `audit` is looked for
  // before.
  const bool audits = argc > 1 && std::string_view(argv[1]) == "audit";
  CLI::App app{audits
                   ? "watchpost-receive: proves that nothing is missing in a file of the receiver"
                   : "watchpost-receive: keeps every event that gateways send, and confirms it to "
                     "them"};
  app.name("watchpost-receive");
  add_version(app);
  if (audits) return parsed(app, add_audit(app), argc, argv);
  app.footer("To prove that nothing is missing in such a file: watchpost-receive audit --help");
  return parsed(app, fill_receive(app), argc, argv);
}
