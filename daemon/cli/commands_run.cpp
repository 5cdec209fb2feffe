// How both programs, watchpost and watchpost-receive, run a command that was parsed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"

namespace watchpost::cli {
namespace {

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

}  // namespace

int run(const Subcommand& command) {
  const Voice voice{command.app->get_name(), language_of(*command.app)};
  if (const auto empty = empty_option(*command.app)) return fail(voice, *empty, kUsage);
  return ended(voice, {.told = command.run(), .not_written = command.not_written});
}

void add_language(CLI::App& command, std::string& language) {
  command.add_option("--lang", language, "zh or en; without it, what LC_ALL or LANG says")
      ->check(CLI::IsMember({"zh", "en"}));
}

void add_version(CLI::App& program) {
  program.set_version_flag("--version",
                           program.get_name() + " " + std::string(version_with_commit()));
}

}  // namespace watchpost::cli
