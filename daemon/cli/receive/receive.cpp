#include "cli/receive/receive.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <utility>

#include "cli/ending.hpp"
#include "cli/receive/received_page.hpp"
#include "cli/receive/reception.hpp"
#include "model/topic.hpp"
#include "receiver/audit.hpp"

namespace watchpost::cli {
namespace {

// How long the broker keeps arriving events while the receiver is away.
constexpr std::uint32_t kSessionExpirySeconds = 30 * 24 * 3'600;
// A commit takes all messages that came meanwhile; the window is wide, so that a slow disk is still
// used well.
constexpr std::uint16_t kReceiveMaximum = 4'096;

int fail_receive(const Failure& failure) {
  return cli::fail("receive", failure, kCouldNotLook);
}

int show_received(const ReceiveOptions& options) {
  receiver::AuditQuestion question;
  question.pages = false;
  if (!options.gateway.empty()) question.source = event_source(to_topic_level(options.gateway));
  const auto audited = receiver::audit(options.store, question);
  if (!audited) return fail_receive(audited.error());
  std::cout << (options.as_json ? received_json(*audited) : received_page(*audited));
  return 0;
}

Result<std::string> first_line_of(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  if (!std::getline(stream, line)) {
    return Failure{Failure::Kind::environment,
                   fmt::format("The password cannot be read from {}", file),
                   "Name a file that this user may read; its first line is the password"};
  }
  if (line.ends_with('\r')) line.pop_back();  // written on Windows
  return line;
}

}  // namespace

Result<client::MqttClientOptions> connection_of(const ReceiveOptions& options) {
  auto url = net::Url::parse(options.url);
  if (!url) return url.error();
  if (!TopicFilter::parse(options.topic)) {
    return Failure{Failure::Kind::invalid_input,
                   fmt::format("--topic \"{}\" is no Topic Filter", options.topic),
                   fmt::format("Write it as {}", kFilterExamples)};
  }
  if (options.client_id.empty()) {
    return Failure{Failure::Kind::invalid_input, "--client-id is empty",
                   "Choose a name: the broker keeps what arrives meanwhile under it"};
  }
  client::MqttClientOptions connection;
  connection.url = std::move(*url);
  connection.client_id = options.client_id;
  connection.session_expiry_s = kSessionExpirySeconds;
  connection.receive_maximum = kReceiveMaximum;
  connection.owner_acknowledges = true;
  connection.user_name = options.username;
  connection.tls = {options.ca_file, options.certificate, options.private_key, !options.insecure};
  if (!options.password_file.empty()) {
    auto password = first_line_of(options.password_file);
    if (!password) return password.error();
    connection.password = std::move(*password);
  }
  return connection;
}

int run_receive(const ReceiveOptions& options) {
  if (options.status) return show_received(options);
  auto connection = connection_of(options);
  if (!connection) return fail_receive(connection.error());
  auto store = receiver::Store::open(options.store);
  if (!store) return fail_receive(store.error());
  const auto log = make_log(LogSink::automatic, LogLevel::info);
  receive::Reception reception({*connection, options.topic, options.receipts}, std::move(*store),
                               *log);
  return reception.run();
}

}  // namespace watchpost::cli
