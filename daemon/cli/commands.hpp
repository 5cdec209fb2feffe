// The subcommands of watchpost, each with its options and its run().
// Promise: add_... only declares options; run() is called after parsing, once, on the main thread,
// and returns the exit code. Used by main.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

namespace watchpost::cli {

struct Command {
  CLI::App* app = nullptr;
  std::function<int()> run;
  int not_written = 1;  // the exit code where standard output took not all of the answer
};

// --lang; what is not given comes from the environment.
void add_language(CLI::App& command, std::string& language);

[[nodiscard]] Command add_status(CLI::App& app);
[[nodiscard]] Command add_troubles(CLI::App& app);
[[nodiscard]] Command add_states(CLI::App& app);
[[nodiscard]] Command add_tail(CLI::App& app);
[[nodiscard]] Command add_verify(CLI::App& app);
[[nodiscard]] Command add_backup(CLI::App& app);
[[nodiscard]] Command add_export(CLI::App& app);
[[nodiscard]] Command add_decode(CLI::App& app);
[[nodiscard]] Command add_simulate(CLI::App& app);
[[nodiscard]] Command add_receive(CLI::App& app);
[[nodiscard]] Command add_audit(CLI::App& app);
[[nodiscard]] Command add_cert(CLI::App& app);
[[nodiscard]] Command add_passwd(CLI::App& app);

}  // namespace watchpost::cli
