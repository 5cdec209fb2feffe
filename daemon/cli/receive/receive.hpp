// watchpost receive: the reference receiver of a street.
// Promise: a message is acknowledged to the broker only after it is committed; every queue is
// bounded; SIGTERM and Ctrl-C end cleanly, and kill -9 loses nothing that was acknowledged. Called
// once, from main, on the main thread.
#pragma once

#include <string>

#include "base/result.hpp"
#include "client/mqtt_client.hpp"
#include "model/event_topic.hpp"

namespace watchpost::cli {

struct ReceiveOptions {
  std::string url;                              // --url: mqtt(s)://host:port of the street's broker
  std::string topic{kEveryEventFilter};         // --topic: Topic Filter
  std::string store;                            // --store: RECEIVED.db, created where it is missing
  std::string client_id = "watchpost-receive";  // --client-id: names the session at the broker
  std::string username;                         // --username
  std::string password_file;                    // --password-file: its first line
  std::string ca_file;      // --ca-file: of the broker's authority; empty: the system's
  std::string certificate;  // --cert-file, --key-file: for a broker that wants our certificate
  std::string private_key;
  bool insecure = false;  // --insecure: the broker's certificate is not checked
  bool receipts = true;   // --no-receipts
  bool status = false;    // --status: show what the store holds, and end
  bool as_json = false;   // --json: with --status
  std::string gateway;    // --gateway: with --status, only this gateway's id
  std::string branches;   // --forget-branches: of this gateway's id, and end
  std::string conflicts;  // --forget-conflicts: the same
  std::string language;   // --lang
};

// The options of the connection. They are checked, and passwords and certificates are read.
[[nodiscard]] Result<client::MqttClientOptions> connection_of(const ReceiveOptions& options);

// The exit code: 0 = ended as asked, or the status was shown, or what was told was forgotten; 1 =
// the store failed; 2 = could not begin, or there is nothing to show.
[[nodiscard]] int run_receive(const ReceiveOptions& options);

}  // namespace watchpost::cli
