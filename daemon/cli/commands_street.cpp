// receive and audit: the commands of the street's side.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/audit/audit.hpp"
#include "cli/commands.hpp"
#include "cli/ending.hpp"
#include "cli/receive/receive.hpp"

namespace watchpost::cli {

Subcommand add_receive(CLI::App& app) {
  return fill_receive(*app.add_subcommand(
      "receive", "at the street: keep every event that gateways send, and confirm it to them"));
}

Subcommand fill_receive(CLI::App& program) {
  CLI::App* receive = &program;
  const auto options = std::make_shared<ReceiveOptions>();
  auto* url = receive->add_option("--url", options->url, "mqtt(s)://host:port of the broker");
  receive->add_option("--topic", options->topic, "Topic Filter")->capture_default_str();
  receive->add_option("--store", options->store, "file to keep events in, such as RECEIVED.db")
      ->required();
  receive->add_option("--client-id", options->client_id, "names the session at the broker")
      ->capture_default_str();
  receive->add_option("--username", options->username, "for a broker that wants one");
  receive->add_option("--password-file", options->password_file, "its first line is the password");
  receive->add_option("--ca-file", options->ca_file, "authority of the broker's certificate (PEM)");
  receive->add_option("--cert-file", options->certificate, "our certificate (PEM)");
  receive->add_option("--key-file", options->private_key, "the key of our certificate (PEM)");
  receive->add_flag("--insecure", options->insecure, "do not check the broker's certificate");
  receive->add_flag("!--no-receipts", options->receipts, "store only, confirm nothing");
  auto* status = receive->add_flag("--status", options->status, "show what was received, and end");
  url->excludes(status);
  receive->add_flag("--json", options->as_json, "with --status: as JSON, for programs")
      ->needs(status);
  receive->add_option("--gateway", options->gateway, "with --status: only this gateway's id")
      ->needs(status);
  auto* branches =
      receive
          ->add_option("--forget-branches", options->branches,
                       "somebody looked on the spot: forget, of this gateway's id, that a copy of "
                       "its store was put back, and end")
          ->excludes(url)
          ->excludes(status);
  receive
      ->add_option(
          "--forget-conflicts", options->conflicts,
          "somebody looked on the spot: forget the conflicts of this gateway's id, and end")
      ->excludes(url)
      ->excludes(status)
      ->excludes(branches);
  add_language(*receive, options->language);
  return {receive, [options] { return run_receive(*options); }, kCouldNotLook};
}

Subcommand add_audit(CLI::App& app) {
  CLI::App* audit = app.add_subcommand(
      "audit", "at the street: prove that nothing is missing in a file of `receive`");
  const auto options = std::make_shared<AuditOptions>();
  audit->add_option("RECEIVED", options->received, "the file that `watchpost receive` wrote")
      ->required();
  audit->add_option("--gateway", options->gateway, "only this gateway's id");
  auto* store = audit->add_option("--store", options->store,
                                  "the gateway's store directory, to compare with");
  audit
      ->add_option("--manifest", options->manifest,
                   "a file with the gateway's `watchpost status --json`, instead of --store")
      ->excludes(store);
  audit->add_option("--upstream", options->upstream,
                    "the upstream of the gateway that leads to this file");
  audit->add_option("--ledger", options->ledger,
                    "a file of `watchpost simulate --ledger`: check each acknowledged message");
  add_language(*audit, options->language);
  return {audit, [options] { return run_audit(*options); }, kCouldNotLook};
}

}  // namespace watchpost::cli
