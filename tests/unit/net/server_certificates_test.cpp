// Certificates of our own ports: read again, judged by their age, and who their clients are.
#include <fstream>
#include <optional>
#include <vector>

#include "model/trouble_catalogue.hpp"
#include "net/certificate_age.hpp"
#include "net/handshake_fault.hpp"
#include "net/private_authority.hpp"
#include "net/turns.hpp"
#include "net_stage.hpp"

namespace watchpost::net {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const WallTime kToday{sys_days{std::chrono::year{2027} / 3 / 1}};

CertificateFacts that_ends(WallTime end) {
  CertificateFacts facts;
  facts.begins = kToday - days(100);
  facts.ends = end;
  facts.last_day = "2027-04-01";
  return facts;
}

ClockReading by_clock(ClockQuality quality, WallTime wall = kToday) {
  return {wall, {}, quality};
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

// An authority and what it signs, as files in the folder of a stage.
struct AuthorityFiles {
  explicit AuthorityFiles(const std::filesystem::path& place) : folder(place) {
    const WallTime now = std::chrono::system_clock::now();
    validity = {now - days(1), now + days(10)};
    own = make_authority("an authority", validity).value();
    write(folder / "ca.pem", own.certificate);
  }
  // `file`.pem and `file`.key
  TlsFiles files(const std::string& file, const CertificateSubject& subject) {
    const auto made = issue(own, subject, validity).value();
    write(folder / (file + ".pem"), made.certificate);
    write(folder / (file + ".key"), made.private_key);
    return {(folder / "ca.pem").string(), (folder / (file + ".pem")).string(),
            (folder / (file + ".key")).string()};
  }
  std::filesystem::path folder;
  Validity validity;
  CertifiedKey own;
};

// One TLS handshake of a client at a port that asks clients for certificates.
struct Handshake : NetStage {
  explicit Handshake(ClientCertificates wanted) {
    AuthorityFiles authority(folder.path());
    const auto ours = authority.files("server", {"gateway", {}, {"127.0.0.1"}});
    ServerFiles files{ours.certificate, ours.private_key, ours.ca_file, wanted};
    acceptor.emplace(Acceptor::at(io.get_executor(), TcpPlace{"127.0.0.1", 0, "x"},
                                  {ServerCertificates::load(files).value()})
                         .value());
    known = authority.files("client", {"smokehall", {}, {}, CertificateUse::client});
    stranger = known;
    const auto other = make_authority("another authority", authority.validity).value();
    const auto unknown =
        issue(other, {"smokehall", {}, {}, CertificateUse::client}, authority.validity).value();
    stranger.certificate = (folder.path() / "stranger.pem").string();
    stranger.private_key = (folder.path() / "stranger.key").string();
    write(stranger.certificate, unknown.certificate);
    write(stranger.private_key, unknown.private_key);
    nobody = {known.ca_file, "", ""};
  }

  // What the server's handshake ends with.
  Error with(const TlsFiles& tls) {
    std::optional<Error> answer;
    acceptor->accept([&](const Error&, std::shared_ptr<Stream> made) {
      server = std::move(made);
      server->shake_hands([&](const Error& error, std::size_t) { answer = error; });
    });
    Destination to;
    to.url = {"127.0.0.1", acceptor->port(), true};
    to.tls = tls;
    Connector connector(io.get_executor(), to);
    connector.connect(in(10s), [this](std::shared_ptr<Stream> made, const ConnectTrouble&) {
      client = std::move(made);
    });
    REQUIRE(run_until([&] { return answer.has_value(); }));
    return *answer;
  }

  std::optional<Acceptor> acceptor;
  std::shared_ptr<Stream> server;
  std::shared_ptr<Stream> client;
  TlsFiles known;
  TlsFiles stranger;
  TlsFiles nobody;
};

}  // namespace

TEST_CASE("the end of a certificate is told 60, 30 and 7 days ahead, and when it is there",
          "[net][unit]") {
  const auto age = [](days left) {
    return age_of(that_ends(kToday + left), by_clock(ClockQuality::synced));
  };
  CHECK(age(days(61)) == CertificateAge::good);
  CHECK(age(days(60)) == CertificateAge::within_60_days);
  CHECK(age(days(31)) == CertificateAge::within_60_days);
  CHECK(age(days(30)) == CertificateAge::within_30_days);
  CHECK(age(days(8)) == CertificateAge::within_30_days);
  CHECK(age(days(7)) == CertificateAge::within_7_days);
  CHECK(age(days(1)) == CertificateAge::within_7_days);
  CHECK(age(days(0)) == CertificateAge::over);
  const auto said = [](days left) {
    const auto told =
        trouble_of_age("/etc/server.pem", that_ends(kToday + left), by_clock(ClockQuality::synced));
    return told ? sentence_of(*told, Language::english) : std::string();
  };
  CHECK(said(days(61)).empty());
  CHECK(said(days(7)).find("/etc/server.pem ends on 2027-04-01, in 7 days") != std::string::npos);
  CHECK(said(days(1)).find("in 1 day:") != std::string::npos);
  CHECK(said(days(-1)).find("ended on 2027-04-01") != std::string::npos);
}

TEST_CASE("a clock that is wrong raises no alarm about a certificate, but says so", "[net][unit]") {
  const auto told = [](WallTime end, const ClockReading& now) {
    return trouble_of_age("x.pem", that_ends(end), now);
  };
  const WallTime good = kToday + days(200);
  const WallTime over = kToday - days(1);
  // 1970.
  for (const WallTime end : {good, over}) {
    const auto trouble = told(end, by_clock(ClockQuality::unset, WallTime{}));
    REQUIRE(trouble.has_value());
    CHECK(trouble->code == TroubleCode::certificate_not_judged);
  }
  // Behind the day on which the certificate was made, and nobody keeps the clock.
  const auto behind = told(good, by_clock(ClockQuality::free, kToday - days(300)));
  REQUIRE(behind.has_value());
  CHECK(behind->code == TroubleCode::certificate_not_judged);
  // Nobody keeps the clock: told, with that doubt.
  const auto doubted = told(over, by_clock(ClockQuality::free));
  REQUIRE(doubted.has_value());
  CHECK(doubted->code == TroubleCode::certificate_over);
  REQUIRE(doubted->cause);
  CHECK(doubted->cause->code == TroubleCode::clock_not_kept);
  CHECK_FALSE(told(over, by_clock(ClockQuality::synced))->cause);
}

TEST_CASE("a change of files is due once, when they stand still", "[net][unit]") {
  const FileStamps one{{1, 10, 100}, {2, 10, 100}};
  const FileStamps half{{3, 11, 200}, {2, 10, 100}};
  const FileStamps both{{3, 11, 200}, {4, 11, 201}};
  FinishedChange change;
  change.begin(one);
  CHECK_FALSE(change.is_due(one));
  CHECK_FALSE(change.is_due(half));
  CHECK_FALSE(change.is_due(both));
  CHECK(change.is_due(both));
  CHECK_FALSE(change.is_due(both));
  // Back again before the next look: nothing happened.
  CHECK_FALSE(change.is_due(half));
  CHECK_FALSE(change.is_due(both));
  CHECK_FALSE(change.is_due(both));
}

TEST_CASE("new files are used at the second look, and broken ones change nothing", "[net][unit]") {
  using Look = ServerCertificates::Look;
  const support::TempDirectory folder;
  const ServerFiles files = a_certificate(folder.path(), "server");
  const auto shown = ServerCertificates::load(files).value();
  const auto first = shown->context();
  CHECK(shown->look() == Look::unchanged);
  // The key of another certificate.
  const ServerFiles other = a_certificate(folder.path(), "other");
  std::filesystem::copy_file(other.private_key, files.private_key,
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(shown->look() == Look::unchanged);
  CHECK(shown->look() == Look::refused);
  CHECK(shown->look() == Look::unchanged);
  CHECK(shown->context() == first);
  REQUIRE(shown->refusal().has_value());
  CHECK(shown->refusal()->what.find("server.key") != std::string::npos);

  std::filesystem::copy_file(other.certificate, files.certificate,
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(shown->look() == Look::unchanged);
  CHECK(shown->look() == Look::renewed);
  CHECK(shown->context() != first);
  CHECK_FALSE(shown->refusal().has_value());
}

TEST_CASE("a client's certificate is its proven name", "[net][unit]") {
  Handshake at(ClientCertificates::required);
  CHECK_FALSE(at.with(at.known));
  CHECK(at.server->proven_name() == "smokehall");
  CHECK(fault_in(at.with(at.nobody)) == HandshakeFault::no_certificate);
  CHECK(fault_in(at.with(at.stranger)) == HandshakeFault::certificate_refused);
}

TEST_CASE("where certificates are optional, a client without one has no proven name",
          "[net][unit]") {
  Handshake at(ClientCertificates::optional);
  CHECK_FALSE(at.with(at.nobody));
  CHECK(at.server->proven_name().empty());
  CHECK_FALSE(at.with(at.known));
  CHECK(at.server->proven_name() == "smokehall");
  // One that is shown must be good all the same.
  CHECK(fault_in(at.with(at.stranger)) == HandshakeFault::certificate_refused);
}

TEST_CASE("a client that does not trust our certificate is named as such", "[net][unit]") {
  Handshake at(ClientCertificates::optional);
  TlsFiles other = at.nobody;
  other.ca_file = at.stranger.certificate;
  CHECK(fault_in(at.with(other)) == HandshakeFault::distrusts_us);
}

TEST_CASE("what an authority of one's own signs passes OpenSSL's checks, also when renewed",
          "[net][unit]") {
  const support::TempDirectory folder;
  AuthorityFiles authority(folder.path());
  const CertificateSubject subject{"gateway", {"office.local"}, {"192.168.1.20", "fe80::1"}};
  const auto made = issue(authority.own, subject, authority.validity).value();
  const auto renewed = renew(authority.own, made.certificate, authority.validity).value();
  CHECK(renewed != made.certificate);
  for (const std::string& certificate : {made.certificate, renewed}) {
    write(folder.path() / "server.pem", certificate);
    const std::string base = "openssl verify -x509_strict -purpose sslserver -CAfile " +
                             (folder.path() / "ca.pem").string() + " ";
    const std::string file = (folder.path() / "server.pem").string() + " > /dev/null 2>&1";
    CHECK(std::system((base + "-verify_hostname office.local " + file).c_str()) == 0);
    CHECK(std::system((base + "-verify_ip 192.168.1.20 " + file).c_str()) == 0);
    CHECK(std::system((base + "-verify_ip fe80::1 " + file).c_str()) == 0);
    CHECK(std::system((base + "-verify_hostname other.local " + file).c_str()) != 0);
    // Its key fits.
    write(folder.path() / "server.key", made.private_key);
    CHECK(
        ServerCertificates::load(
            {(folder.path() / "server.pem").string(), (folder.path() / "server.key").string(), {}})
            .has_value());
    const auto text = text_of(certificate).value();
    CHECK(text.names.find("DNS:office.local") != std::string::npos);
    CHECK(text.sha256.size() == 32 * 3 - 1);
  }
}

TEST_CASE("names and addresses of hosts are told apart from other texts", "[net][unit]") {
  for (const std::string name : {"office", "office.local", "*.office.local", "box-7"}) {
    CHECK(is_host_name(name));
    CHECK_FALSE(is_host_address(name));
  }
  for (const std::string text : {"", "a,b", "DNS:x", "a b", ".x", "x.", "a..b", "192.168.1.20"}) {
    CAPTURE(text);
    CHECK_FALSE(is_host_name(text));
  }
  CHECK(is_host_address("192.168.1.20"));
  CHECK(is_host_address("fe80::1"));
  CHECK_FALSE(is_host_address("192.168.1"));
}

TEST_CASE("between two handshakes everything runs that was ready", "[net][unit]") {
  NetStage stage;
  const auto turns = std::make_shared<Turns>(stage.io.get_executor());
  std::vector<std::string> order;
  for (int i = 0; i < 3; ++i) {
    turns->ask([&order, &stage, i] {
      order.push_back("handshake " + std::to_string(i));
      if (i == 0) boost::asio::post(stage.io, [&order] { order.emplace_back("alarm"); });
    });
  }
  CHECK(order.empty());
  REQUIRE(stage.run_until([&] { return order.size() == 4; }));
  CHECK(order == std::vector<std::string>{"handshake 0", "alarm", "handshake 1", "handshake 2"});
}

}  // namespace watchpost::net
