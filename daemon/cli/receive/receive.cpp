#include "cli/receive/receive.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <utility>

#include "cli/ending.hpp"
#include "cli/named_file.hpp"
#include "cli/receive/received_page.hpp"
#include "cli/receive/reception.hpp"
#include "model/topic.hpp"
#include "net/harmless_signals.hpp"
#include "net/tls_context.hpp"
#include "receiver/audit.hpp"
#include "receiver/settle.hpp"
#include "settings/words.hpp"

namespace watchpost::cli {
namespace {

// How long the broker keeps arriving events while the receiver is away.
constexpr std::uint32_t kSessionExpirySeconds = 30 * 24 * 3'600;
// A commit takes all messages that came meanwhile; the window is wide, so that a slow disk is still
// used well.
constexpr std::uint16_t kReceiveMaximum = 4'096;

int show_received(const ReceiveOptions& options, const Voice& voice) {
  receiver::AuditQuestion question;
  question.pages = false;
  if (!options.gateway.empty()) question.source = event_source(to_topic_level(options.gateway));
  const auto audited = receiver::audit(options.store, question);
  if (!audited) return fail(voice, audited.error(), kCouldNotLook);
  std::cout << (options.as_json ? received_json(*audited)
                                : received_page(*audited, voice.language));
  return 0;
}

// Somebody has looked on the spot, and says so.
int forget_notes(const ReceiveOptions& options, const Voice& voice) {
  const bool is_branches = !options.branches.empty();
  const std::string& gateway = is_branches ? options.branches : options.conflicts;
  const auto note = is_branches ? receiver::Note::branches : receiver::Note::conflicts;
  const auto count = receiver::settle(options.store, {event_source(to_topic_level(gateway)), note});
  if (!count) return fail(voice, count.error(), kCouldNotLook);
  const auto said =
      is_branches ? settings::say(
                        "{}: {} branches were forgotten; audits count it without them from now on",
                        "{}：已删除 {} 条分支记录，以后的核对不再计入", gateway, *count)
                  : settings::say(
                        "{}: {} conflicts were forgotten; audits count it without them from now on",
                        "{}：已删除 {} 条冲突记录，以后的核对不再计入", gateway, *count);
  std::cout << said.in(voice.language) << "\n";
  return 0;
}

Result<std::string> first_line_of(const std::string& file) {
  if (auto readable = must_be_readable(file); !readable) return readable.error();
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  if (line.ends_with('\r')) line.pop_back();  // written on Windows
  if (!line.empty()) return line;
  return in_both(
      Failure::Kind::environment,
      English{fmt::format("The password cannot be read from {}: its first line is empty", file),
              "Its first line is the password"},
      Chinese{fmt::format("无法从 {} 读出密码：第一行是空的", file), "第一行就是密码"});
}

Failure no_filter(const std::string& topic) {
  return in_both(Failure::Kind::invalid_input,
                 English{fmt::format("--topic \"{}\" is no Topic Filter", topic),
                         fmt::format("Write it as {}", kFilterExamples)},
                 Chinese{fmt::format("--topic “{}” 不是主题过滤器", topic),
                         fmt::format("请写成 {}", kFilterExamples)});
}

// Its files are read once here, so that what is wrong with them is told before anything begins.
Result<void> look_at_tls(const ReceiveOptions& options,
                         const client::MqttClientOptions& connection) {
  const bool any = !options.ca_file.empty() || !options.certificate.empty() || options.insecure;
  if (!connection.url.tls && any) {
    return in_both(
        Failure::Kind::invalid_input,
        English{"--ca-file, --cert-file and --insecure are for TLS, which mqtt:// does not use",
                "Write --url with mqtts://, or leave these options away"},
        Chinese{"--ca-file、--cert-file 和 --insecure 用于 TLS，而 mqtt:// 不用 TLS",
                "请把 --url 写成 mqtts://，或去掉这些选项"});
  }
  if (options.certificate.empty() != options.private_key.empty()) {
    return in_both(
        Failure::Kind::invalid_input,
        English{"Of --cert-file and --key-file only one is given",
                "Give both, or neither: the key belongs to the certificate"},
        Chinese{"--cert-file 和 --key-file 只给出了一个", "请两个都给出，或都不给：密钥属于证书"});
  }
  for (const std::string* file : {&options.ca_file, &options.certificate, &options.private_key}) {
    if (file->empty()) continue;
    if (auto readable = must_be_readable(*file); !readable) return readable;
  }
  if (!connection.url.tls) return {};
  const auto context = net::client_context(connection.tls);
  return context ? Result<void>{} : Result<void>{context.error()};
}

}  // namespace

Result<client::MqttClientOptions> connection_of(const ReceiveOptions& options) {
  auto url = net::Url::parse(options.url);
  if (!url) return url.error();
  if (!TopicFilter::parse(options.topic)) {
    return no_filter(options.topic);
  }
  client::MqttClientOptions connection;
  connection.url = std::move(*url);
  connection.client_id = options.client_id;
  connection.session_expiry_s = kSessionExpirySeconds;
  connection.receive_maximum = kReceiveMaximum;
  connection.owner_acknowledges = true;
  connection.user_name = options.username;
  connection.tls = {options.ca_file, options.certificate, options.private_key, !options.insecure};
  if (auto looked = look_at_tls(options, connection); !looked) return looked.error();
  if (!options.password_file.empty()) {
    auto password = first_line_of(options.password_file);
    if (!password) return password.error();
    connection.password = std::move(*password);
  }
  return connection;
}

int run_receive(const ReceiveOptions& options) {
  const Voice voice{"receive", language_for(options.language)};
  if (options.status) return show_received(options, voice);
  if (!options.branches.empty() || !options.conflicts.empty()) {
    return forget_notes(options, voice);
  }
  net::hold_back_signals();
  auto connection = connection_of(options);
  if (!connection) return fail(voice, connection.error(), kCouldNotLook);
  auto store = receiver::Store::open(options.store);
  if (!store) return fail(voice, store.error(), kCouldNotLook);
  const auto log = make_log(LogSink::automatic, LogLevel::info);
  receive::Reception reception({*connection, options.topic, options.receipts}, std::move(*store),
                               *log);
  return reception.run();
}

}  // namespace watchpost::cli
