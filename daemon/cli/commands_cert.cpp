// cert: certificates for a network without a public name.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/cert/cert.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"

namespace watchpost::cli {

Subcommand add_cert(CLI::App& app) {
  CLI::App* cert = app.add_subcommand(
      "cert", "make an authority of your own and a certificate for this box, for MQTT with TLS");
  const auto options = std::make_shared<CertOptions>();
  cert->add_option("--folder", options->folder, "where the files are kept")->capture_default_str();
  auto* name = cert->add_option("--name", options->names,
                                "a name by which devices reach this box, as office.local; again "
                                "for more");
  auto* address = cert->add_option("--address", options->addresses,
                                   "an address of this box, as 192.168.1.20; again for more");
  auto* client = cert->add_option("--client", options->client,
                                  "make a certificate for the device of this name instead");
  cert->add_option("--days", options->days, "how long it lasts; iOS takes 825 at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 3'650));
  auto* user = cert->add_option("--user", options->user,
                                "the user of the service, who must read "
                                "the key of this box")
                   ->capture_default_str();
  cert->add_flag("--renew", options->renew,
                 "a new certificate for the same key and names; the old one is kept")
      ->excludes(name)
      ->excludes(address)
      ->excludes(client)
      ->excludes(user);
  client->excludes(name)->excludes(address);
  add_language(*cert, options->language);
  return {cert, [options] { return run_cert(*options); }, kCouldNotLook};
}

}  // namespace watchpost::cli
