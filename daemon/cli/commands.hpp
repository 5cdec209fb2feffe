// The subcommands of watchpost, each with its options and its run().
// Promise: add_... only declares options; run() is called after parsing, once, on the main thread,
// and returns the exit code. Used by main.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>
#include <functional>
#include <string>
#include <vector>

namespace watchpost::cli {

struct Subcommand {
  CLI::App* app = nullptr;
  std::function<int()> run;
  int not_written = 1;  // the exit code where standard output took not all of the answer
};

constexpr int kUsage = 2;  // the exit code for a command line that nobody can follow

// Runs a command that was parsed; refuses options that are given as an empty text.
[[nodiscard]] int run(const Subcommand& command);
// Says what is wrong with the command line, or shows the help that was asked for; returns the exit
// code. A word in the place of a command is named, with the command that it looks like.
[[nodiscard]] int not_parsed(const CLI::App& program, const CLI::ParseError& error);
// --version, with the name of the program.
void add_version(CLI::App& program);
// --lang; what is not given comes from the environment.
void add_language(CLI::App& command, std::string& language);

[[nodiscard]] Subcommand add_status(CLI::App& app);
[[nodiscard]] Subcommand add_troubles(CLI::App& app);
[[nodiscard]] Subcommand add_states(CLI::App& app);
[[nodiscard]] Subcommand add_tail(CLI::App& app);
[[nodiscard]] Subcommand add_verify(CLI::App& app);
[[nodiscard]] Subcommand add_backup(CLI::App& app);
[[nodiscard]] Subcommand add_restore(CLI::App& app);
[[nodiscard]] Subcommand add_export(CLI::App& app);
[[nodiscard]] Subcommand add_replay(CLI::App& app);
[[nodiscard]] Subcommand add_decode(CLI::App& app);
[[nodiscard]] Subcommand add_simulate(CLI::App& app);
[[nodiscard]] Subcommand add_receive(CLI::App& app);
// The same as a program of its own: `program` takes the options itself.
[[nodiscard]] Subcommand fill_receive(CLI::App& program);
[[nodiscard]] Subcommand add_audit(CLI::App& app);
[[nodiscard]] Subcommand add_cert(CLI::App& app);
[[nodiscard]] Subcommand add_passwd(CLI::App& app);
[[nodiscard]] Subcommand add_setup(CLI::App& app);
[[nodiscard]] Subcommand add_support(CLI::App& app);
// alarms, alarm, and what a person does about one; a command of a command stands before it.
void add_duty(CLI::App& app, std::vector<Subcommand>& commands);
void add_devices(CLI::App& app, std::vector<Subcommand>& commands);
void add_outputs(CLI::App& app, std::vector<Subcommand>& commands);

// The path of the packaged unit's socket where that exists, otherwise the path that a daemon
// without configuration uses.
[[nodiscard]] std::string default_socket();

}  // namespace watchpost::cli
