// The watchpost command: what a person asks and runs on the box or at the street.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <vector>

#include "base/standard_files.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"

namespace watchpost::cli {
namespace {

constexpr int kUsage = 2;

Language language_of(const CLI::App& command) {
  const CLI::Option* option = command.get_option_no_throw("--lang");
  return language_for(option == nullptr || option->count() == 0 ? "" : option->results().front());
}

// An option that is given as an empty text, as a script does with a variable that is not set, would
// count as not given: for `--gateway ""` that is every gateway.
std::optional<Failure> empty_option(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const auto& results = option->results();
    if (std::none_of(results.begin(), results.end(), [](const auto& one) { return one.empty(); })) {
      continue;
    }
    const std::string name = option->get_name();
    return in_both(
        Failure::Kind::invalid_input,
        English{fmt::format("{} is empty", name),
                "Give it a value, or leave it away; in a script, look whether its variable is "
                "set"},
        Chinese{fmt::format("{} 是空的", name),
                "请给出值，或去掉它；如果在脚本里，请检查变量是否已设置"});
  }
  return std::nullopt;
}

int run(const Subcommand& command) {
  const Voice voice{command.app->get_name(), language_of(*command.app)};
  if (const auto empty = empty_option(*command.app)) return fail(voice, *empty, kUsage);
  return ended(voice, {.told = command.run(), .not_written = command.not_written});
}

}  // namespace

void add_language(CLI::App& command, std::string& language) {
  command.add_option("--lang", language, "zh or en; without it, what LC_ALL or LANG says")
      ->check(CLI::IsMember({"zh", "en"}));
}

}  // namespace watchpost::cli

int main(int argc, char** argv) {
  using namespace watchpost::cli;
  watchpost::open_standard_files();
  CLI::App app{"watchpost: what the gateway on this box is doing, and what the street received"};
  app.require_subcommand(1);
  std::vector<Subcommand> commands{
      add_status(app), add_troubles(app), add_states(app), add_tail(app),     add_verify(app),
      add_backup(app), add_export(app),   add_decode(app), add_simulate(app), add_receive(app),
      add_audit(app),  add_cert(app),     add_passwd(app)};
  add_duty(app, commands);
  add_devices(app, commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // exit() prints what is wrong, or the help that was asked for.
    return app.exit(error) == 0 ? ended({"--help"}, {.told = 0, .not_written = kFindings}) : kUsage;
  }
  for (const Subcommand& command : commands) {
    if (command.app->parsed()) return run(command);
  }
  return 1;
}
