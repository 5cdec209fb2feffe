// simulate: a village of devices that publishes to any listener.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/local_client.hpp"
#include "simulator/simulate.hpp"
#include "simulator/story.hpp"

namespace watchpost::cli {
namespace {

void add_simulate_options(CLI::App& simulate, simulator::SimulateOptions& options) {
  simulate.add_option("--host", options.host, "the daemon's listener")->capture_default_str();
  simulate.add_option("--port", options.port, "the listener's port")->capture_default_str();
  simulate.add_option("--devices", options.devices, "number of devices, 1 to 5000")
      ->capture_default_str();
  simulate.add_option("--rate", options.rate, "messages a second; 0: the course of a day")
      ->capture_default_str();
  simulate.add_option("--seconds", options.seconds, "how long to publish; 0: until Ctrl-C")
      ->capture_default_str();
  simulate.add_option("--protocol", options.protocol, "5, 3.1.1 or mixed")->capture_default_str();
  simulate.add_option("--qos", options.qos, "0, 1, 2 or mix")->capture_default_str();
  simulate
      .add_option("--alarms-per-minute", options.alarms_per_minute,
                  "alarms that begin in a minute, on average")
      ->capture_default_str();
  simulate.add_option("--seed", options.seed, "same seed, same messages; 0: drawn and printed");
  simulate.add_option("--speed", options.speed, "simulated seconds in one second")
      ->capture_default_str();
  simulate.add_flag("--print", options.print, "one line for each message published");
  simulate.add_option("--ledger", options.ledger,
                      "write a line for each acknowledged message to this file");
  simulate.add_option("--verify", options.verify,
                      "mqtt://host:port of the upstream's broker: check that all arrives");
  simulate.add_option("--area-prefix", options.area_prefix, "Topic Filter of the events to count")
      ->capture_default_str();
  simulate
      .add_option("--wait-seconds", options.wait_seconds,
                  "how long to wait for stragglers without any progress")
      ->capture_default_str();
  simulate.add_flag("--show-events", options.show_events, "print arriving events (needs --verify)");
  simulate.add_flag("--print-config", options.print_config,
                    "print the [[device]] tables the daemon needs for these devices, and end");
  simulate.add_option("--story", options.story,
                      "tell a story instead, and see to its alarms: " + simulator::story_names());
  simulate.add_flag("--duty", options.duty,
                    "people take, escalate and close the alarms, over --socket");
  simulate.add_option("--username", options.user_name, "user name, for a listener that wants one");
  simulate.add_option("--password", options.password, "password, for a listener that wants one");
}

}  // namespace

Subcommand add_simulate(CLI::App& app) {
  CLI::App* simulate =
      app.add_subcommand("simulate", "a village of devices that publishes to a daemon");
  const auto options = std::make_shared<simulator::SimulateOptions>();
  add_simulate_options(*simulate, *options);
  const auto socket = std::make_shared<std::string>(default_socket());
  simulate->add_option("--socket", *socket, "the daemon's local socket, for --duty and --story")
      ->capture_default_str();
  return {simulate, [options, socket] {
            const LocalClient client(*socket);
            return simulator::run_simulate(
                *options, {[client](const std::string& target) { return client.get(target); },
                           [client](const std::string& target, const std::string& body) {
                             return client.post({target, body});
                           }});
          }};
}

}  // namespace watchpost::cli
