// The options of what is done about alarms and devices: those of an act by its row of the table of
// commands (rules/command_table.hpp).
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "cli/commands.hpp"
#include "cli/duty/act.hpp"

namespace watchpost::cli {

// An act that is a command of its own.
struct Act {
  const char* name;
  DutyAction action;
  const char* help;
};

void add_act(CLI::App& command, ActOptions& options);
// `words`: how a person calls it, as "devices out".
[[nodiscard]] Subcommand add_named(CLI::App& app, std::string words, const Act& act);
// Which daemon is asked, and in which language it is shown.
void add_socket(CLI::App& command, AskOptions& options);

}  // namespace watchpost::cli
