// setup and support: what begins at a box, and what helps to end a trouble.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/ending.hpp"
#include "cli/setup/setup.hpp"
#include "cli/support/support.hpp"

namespace watchpost::cli {

Subcommand add_setup(CLI::App& app) {
  CLI::App* setup = app.add_subcommand(
      "setup", "name this box and its street, check both, and start; what is not given is asked");
  const auto options = std::make_shared<SetupOptions>();
  setup->add_option("--id", options->id, "name of this gateway: no other box may have it");
  setup->add_option("--area", options->area, "statistical division code, 12 digits");
  auto* street = setup->add_option("--street", options->street,
                                   "the street's server, mqtts://host:port or mqtt://host:port");
  setup->add_option("--username", options->username, "our user name at the street's server")
      ->needs(street);
  setup
      ->add_option("--password-file", options->password_file,
                   "its first line is the password there; without it, at a terminal, it is asked")
      ->needs(street);
  setup
      ->add_option("--ca-file", options->ca_file,
                   "authority of the street's certificate (PEM); without it the system's")
      ->needs(street);
  setup->add_flag("--no-street", options->no_street, "there is no street yet: everything is kept")
      ->excludes(street);
  setup->add_flag("--no-check", options->no_check, "do not ask the street's server");
  setup->add_flag("--replace", options->replace,
                  "make the configuration anew; the one that is there is kept as *.old");
  setup->add_flag("--no-restart", options->no_restart, "leave the service as it is");
  setup->add_option("--config", options->config, "the file to write")->capture_default_str();
  add_language(*setup, options->language);
  return {setup, [options] { return run_setup(*options); }, kCouldNotLook};
}

Subcommand add_support(CLI::App& app) {
  CLI::App* support = app.add_subcommand(
      "support", "one text file for somebody who is to help: no password, no name of this village");
  const auto options = std::make_shared<SupportOptions>();
  options->socket = default_socket();
  support->add_option("--to", options->file,
                      "the file to write; without it watchpost-support-TIME.txt here");
  support->add_option("--socket", options->socket, "the daemon's local socket")
      ->capture_default_str();
  support->add_option("--config", options->config, "the configuration")->capture_default_str();
  add_language(*support, options->language);
  return {support, [options] { return run_support(*options); }, kCouldNotLook};
}

}  // namespace watchpost::cli
