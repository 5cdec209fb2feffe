// The watchpost command: what a person on the box asks the running daemon.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

#include "cli/event_line.hpp"
#include "cli/local_client.hpp"
#include "cli/simulate/simulate.hpp"
#include "cli/status_page.hpp"

namespace {

using namespace watchpost;

constexpr int kFailed = 1;

int fail(const Failure& failure) {
  std::cerr << "watchpost: " << failure.sentence() << "\n";
  return kFailed;
}

// Where the packaged unit puts the socket, else where a daemon without
// configuration does.
std::string default_socket() {
  std::error_code ignored;
  const std::filesystem::path unit = "/run/watchpost/watchpost.sock";
  if (std::filesystem::exists(unit, ignored)) return unit.string();
  const std::filesystem::path here = "watchpost-data/watchpost.sock";
  return std::filesystem::exists(here, ignored) ? here.string() : unit.string();
}

int show_status(const std::string& socket, bool as_json) {
  const auto status = cli::get(socket, "/v1/status");
  if (!status) return fail(status.error());
  if (as_json) {
    std::cout << *status << "\n";
    return 0;
  }
  const auto page = cli::status_page(*status);
  if (!page) return fail(page.error());
  std::cout << *page;
  return 0;
}

int show_tail(const std::string& socket, bool as_json, bool from_oldest, std::uint64_t count) {
  std::uint64_t shown = 0;
  const auto ended = cli::follow(
      socket, from_oldest ? "/v1/events?from=oldest" : "/v1/events", [&](std::string_view event) {
        std::cout << (as_json ? std::string(event) : cli::event_line(event)) << std::endl;
        return ++shown != count && std::cout.good();
      });
  return ended ? 0 : fail(ended.error());
}

// The option structs keep what CLI11 fills; they outlive the parsing.
void add_simulate_options(CLI::App& simulate, cli::SimulateOptions& options) {
  simulate.add_option("--host", options.host, "the daemon's listener")->capture_default_str();
  simulate.add_option("--port", options.port, "its port")->capture_default_str();
  simulate.add_option("--devices", options.devices, "how many, 1 to 5000")->capture_default_str();
  simulate.add_option("--rate", options.rate, "messages a second; 0: the course of a day")
      ->capture_default_str();
  simulate.add_option("--seconds", options.seconds, "how long; 0: until Ctrl-C")
      ->capture_default_str();
  simulate.add_option("--protocol", options.protocol, "5, 3.1.1 or mixed")->capture_default_str();
  simulate.add_option("--qos", options.qos, "0, 1, 2 or mix")->capture_default_str();
  simulate.add_option("--alarms-per-minute", options.alarms_per_minute, "that begin, on average")
      ->capture_default_str();
  simulate.add_option("--seed", options.seed, "same seed, same messages; 0: drawn and printed");
  simulate.add_option("--speed", options.speed, "simulated seconds in one second")
      ->capture_default_str();
  simulate.add_flag("--print", options.print, "one line for each message published");
  simulate.add_option("--ledger", options.ledger, "file for a line for each acknowledged message");
  simulate.add_option("--verify", options.verify,
                      "mqtt://host:port of the upstream's broker: check that all arrives");
  simulate.add_option("--area-prefix", options.area_prefix, "Topic Filter of the events to count")
      ->capture_default_str();
  simulate
      .add_option("--settle-seconds", options.settle_seconds,
                  "how long to wait for stragglers without any progress")
      ->capture_default_str();
  simulate.add_flag("--show-events", options.show_events, "print arriving events (needs --verify)");
  simulate.add_flag("--print-config", options.print_config,
                    "print the [[device]] tables the daemon needs for these devices, and end");
  simulate.add_option("--username", options.user_name, "for a listener that wants one");
  simulate.add_option("--password", options.password, "for a listener that wants one");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"watchpost: what the gateway on this box is doing"};
  app.require_subcommand(1);
  std::string socket = default_socket();
  bool as_json = false;
  bool from_oldest = false;
  std::uint64_t count = 0;

  CLI::App* status = app.add_subcommand("status", "what works, what does not, and what to do");
  status->add_option("--socket", socket, "the daemon's local socket")->capture_default_str();
  status->add_flag("--json", as_json, "as one JSON object");

  CLI::App* tail = app.add_subcommand("tail", "events as they are committed");
  tail->add_option("--socket", socket, "the daemon's local socket")->capture_default_str();
  tail->add_flag("--json", as_json, "as CloudEvents, one a line");
  tail->add_flag("--from-oldest", from_oldest, "begin with what is still stored");
  tail->add_option("--count", count, "end after so many events (0: never)");

  CLI::App* simulate =
      app.add_subcommand("simulate", "a village of devices that publishes to a daemon");
  cli::SimulateOptions simulated;
  add_simulate_options(*simulate, simulated);

  CLI11_PARSE(app, argc, argv);
  if (simulate->parsed()) return cli::run_simulate(simulated);
  if (status->parsed()) return show_status(socket, as_json);
  return show_tail(socket, as_json, from_oldest, count);
}
