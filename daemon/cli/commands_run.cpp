// How both programs, watchpost and watchpost-receive, run a command that was parsed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/columns.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"
#include "model/trouble_catalogue.hpp"

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

// The word in the place of a command that is none, and the program or command before it.
struct NoCommand {
  const CLI::App* before = nullptr;
  std::string word;
};
std::optional<NoCommand> no_command(const CLI::App& program) {
  NoCommand found{&program, {}};
  while (!found.before->get_subcommands().empty()) {
    found.before = found.before->get_subcommands().back();
  }
  const auto left = found.before->remaining();
  const bool has_commands =
      !found.before->get_subcommands([](const CLI::App*) { return true; }).empty();
  if (!has_commands || left.empty() || left.front().starts_with('-')) return std::nullopt;
  found.word = left.front();
  return found;
}

Failure unknown_command(const NoCommand& found) {
  std::vector<std::string> names;
  for (const CLI::App* one : found.before->get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(one->get_name());
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string path = found.before->get_name();
  for (const auto* up = found.before->get_parent(); up != nullptr; up = up->get_parent()) {
    path = up->get_name() + " " + path;
  }
  const auto near = nearest_spelling(found.word, candidates);
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("There is no command `{} {}`", path, found.word),
                         near ? fmt::format("Did you mean `{} {}`?", path, *near)
                              : fmt::format("`{} --help` lists the commands", path)},
                 Chinese{fmt::format("没有命令 `{} {}`", path, found.word),
                         near ? fmt::format("是不是 `{} {}`？", path, *near)
                              : fmt::format("`{} --help` 列出全部命令", path)});
}

}  // namespace

int not_parsed(const CLI::App& program, const CLI::ParseError& error) {
  const bool is_mistake = error.get_exit_code() != 0;
  if (const auto found = is_mistake ? no_command(program) : std::nullopt) {
    std::cerr << program.get_name() << ": "
              << printable(sentence_of(unknown_command(*found), language_for(""))) << "\n";
    return kUsage;
  }
  // exit() prints what is wrong, or the help that was asked for.
  return program.exit(error) == 0 ? ended({"--help"}, {.told = 0, .not_written = kFindings})
                                  : kUsage;
}

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
