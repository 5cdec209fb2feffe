// outputs: the sirens and channels by which people are told, and their tests.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/duty/act_options.hpp"
#include "cli/duty/outputs.hpp"

namespace watchpost::cli {

void add_outputs(CLI::App& app, std::vector<Subcommand>& commands) {
  CLI::App* outputs =
      app.add_subcommand("outputs", "sirens and channels, how they are and when each was tested");
  CLI::App* test = outputs->add_subcommand(
      "test", "try one: a siren sounds for five seconds, a channel gets a message that says so");
  const auto options = std::make_shared<ActOptions>();
  options->command = "outputs test";
  options->action = DutyAction::test_output;
  add_act(*test, *options);
  commands.push_back({test, [options] { return test_output(*options); }});
  const auto all = std::make_shared<AskOptions>();
  add_socket(*outputs, *all);
  outputs->add_flag("--json", all->as_json, "as JSON");
  commands.push_back({outputs, [all] { return show_outputs(*all); }});
}

}  // namespace watchpost::cli
