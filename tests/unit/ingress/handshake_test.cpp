// Clients that do not get through the handshake of their port, and clients with certificates.
#include <fstream>
#include <optional>

#include "harness.hpp"
#include "ingress/access.hpp"
#include "ingress/handshake_words.hpp"
#include "ingress/port_certificates.hpp"
#include "model/trouble_catalogue.hpp"
#include "net/private_authority.hpp"
#include "peer.hpp"
#include "support/temp_directory.hpp"

namespace watchpost::ingress {
namespace {

using namespace testing;
using namespace std::chrono_literals;
using protocol::Claim;
using protocol::Finding;
using protocol::Identity;
using protocol::Proof;
using protocol::Refusal;

// A certificate of 127.0.0.1 as files.
net::ServerFiles files_in(const std::filesystem::path& folder,
                          std::chrono::days lasts = std::chrono::days(10)) {
  const WallTime now = std::chrono::system_clock::now();
  const net::Validity validity{now - 48h, now + lasts};
  const auto authority = net::make_authority("an authority", validity).value();
  const auto made = net::issue(authority, {"gateway", {}, {"127.0.0.1"}}, validity).value();
  const net::ServerFiles files{
      (folder / "server.pem").string(), (folder / "server.key").string(), {}};
  std::ofstream(files.certificate) << made.certificate;
  std::ofstream(files.private_key) << made.private_key;
  return files;
}

// Answers that nobody is let in.
class Closed final : public protocol::Authenticator {
 public:
  void authenticate(Claim, Answer answer) override { answer(Refusal::no_user_name); }
};

}  // namespace

TEST_CASE("every fault of a handshake names the port and what to do, in both languages",
          "[ingress][unit]") {
  using Fault = net::HandshakeFault;
  CHECK_FALSE(cause_of(Fault::none, 8883).has_value());
  for (int i = 1; i <= static_cast<int>(Fault::broken_tls); ++i) {
    const auto why = cause_of(static_cast<Fault>(i), 8883);
    REQUIRE(why.has_value());
    for (const Language language : {Language::english, Language::chinese}) {
      CHECK(what_of(*why, language).find("8883") != std::string::npos);
      CHECK_FALSE(next_of(*why, language).empty());
    }
  }
}

TEST_CASE("plain MQTT at a port with TLS is named in the log and the status", "[ingress][unit]") {
  const support::TempDirectory folder;
  ListenerOptions options;
  options.tls = files_in(folder.path());
  Harness harness(options);
  for (int i = 0; i < 3; ++i) {
    Peer peer(harness);
    peer.sends(a_connect("smokehall"));
    CHECK(peer.is_closed_by_daemon());
  }
  CHECK(harness.log.says(LogLevel::warning,
                         "speaks MQTT without TLS, and port " + std::to_string(harness.port())));
  const auto shut_out = harness.listener->status().shut_out;
  REQUIRE(shut_out.size() == 1);
  REQUIRE(shut_out[0].cause);
  CHECK(shut_out[0].cause->code == TroubleCode::client_without_tls);
  CHECK(harness.listener->status().totals.malformed == 3);
}

TEST_CASE("a handshake that does not end is ended by the connect timeout, and counts meanwhile",
          "[ingress][unit]") {
  const support::TempDirectory folder;
  ListenerOptions options;
  options.tls = files_in(folder.path());
  options.max_connections = 1;
  options.session.connect_timeout = 200ms;
  Harness harness(options);
  Peer slow(harness);
  slow.sends_bytes(std::string("\x16\x03\x01", 3));
  REQUIRE(harness.until([&] { return harness.listener->status().addresses[0].connections == 1; }));
  Peer other(harness);
  CHECK(other.is_closed_by_daemon());
  CHECK(harness.listener->status().addresses[0].connections == 1);
  CHECK(slow.is_closed_by_daemon());
  CHECK(harness.until([&] { return harness.listener->status().addresses[0].connections == 0; }));
}

TEST_CASE("a client with a certificate is who the certificate names", "[ingress][unit]") {
  CertificateNames door(std::make_shared<Closed>());
  const auto finds = [&](const std::string& proven) {
    Claim claim;
    claim.client_id = "s";
    claim.address = "10.0.0.7";
    claim.user_name = "somebody else";
    claim.proven_name = proven;
    std::optional<Finding> finding;
    door.authenticate(claim, [&](const Finding& found) { finding = found; });
    return *finding;
  };
  CHECK(finds("smokehall") == Finding(Identity{"s", "smokehall", "10.0.0.7", Proof::certificate}));
  CHECK(finds("") == Finding(Refusal::no_user_name));
}

TEST_CASE("a port whose certificate cannot be read is not opened", "[ingress][unit]") {
  const support::TempDirectory folder;
  Stage stage;
  Listener listener(stage.around(), stage.queues, Harness::quick());
  ListenerOptions options;
  options.port = 0;
  options.tls = files_in(folder.path());
  std::ofstream(options.tls->private_key) << "no key";
  const auto started = listener.start({options}, {});
  REQUIRE(started.has_error());
  CHECK(started.error().what.find("server.key") != std::string::npos);
}

TEST_CASE("what the log says of a certificate's age it says once, and the status as long as it is",
          "[ingress][unit]") {
  const support::TempDirectory folder;
  support::RecordingLog log;
  const SystemClock clock;
  PortCertificates certificates(clock, log, 0ms);
  const auto files = files_in(folder.path(), std::chrono::days(5));
  const auto one = certificates.load(files).value();
  CHECK(certificates.load(files).value() == one);
  using Reason = pipeline::CertificateWord::Reason;
  std::vector<std::pair<Reason, std::int64_t>> words;
  certificates.on_word([&](const auto& word) { words.emplace_back(word.reason, word.days); });
  for (int i = 0; i < 3; ++i) certificates.tick();
  CHECK(words == std::vector{std::pair{Reason::ends, std::int64_t{5}}});
  const auto said = [&] { return log.count("server.pem ends on "); };
  CHECK(said() == 1);
  REQUIRE(certificates.troubles().size() == 1);
  CHECK(certificates.troubles()[0].code == TroubleCode::certificate_ends);
  // A new one, which is good for a year.
  files_in(folder.path(), std::chrono::days(365));
  for (int i = 0; i < 3; ++i) certificates.tick();
  CHECK(certificates.troubles().empty());
  CHECK(said() == 1);
  CHECK(words == std::vector{std::pair{Reason::ends, std::int64_t{5}},
                             std::pair{Reason::renewed, std::int64_t{365}}});
}

}  // namespace watchpost::ingress
