// The options of an act, by its row of the table of commands (rules/command_table.hpp).
#pragma once

#include <CLI/App.hpp>

#include "cli/duty/act.hpp"

namespace watchpost::cli {

void add_act(CLI::App& command, ActOptions& options);

}  // namespace watchpost::cli
