// What the commands receive, audit and verify read and show.
#include <fmt/format.h>

#include <fstream>

#include "cli/audit/audit_page.hpp"
#include "cli/audit/ledger_check.hpp"
#include "cli/audit/manifest.hpp"
#include "cli/receive/receive.hpp"
#include "cli/verify/verify_page.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::cli;

namespace {

const std::string kStatus = R"({"gateway":{"id":"zhaoxiang-03"},"store":{"epoch":"7f3a0001",)"
                            R"("newest":{"alarm":5,"patrol":0,"status":2,"telemetry":100},)"
                            R"("first":{"alarm":1,"patrol":1,"status":1,"telemetry":1},)"
                            R"("relayed":{"alarm":0,"patrol":0,"status":0,"telemetry":0}},)"
                            R"("upstreams":[{"name":"street","settled":{"alarm":4,"patrol":0,)"
                            R"("status":2,"telemetry":60}},{"name":"district","settled":)"
                            R"({"alarm":5,"patrol":0,"status":2,"telemetry":100}}]})";

std::string with_topic_and_raw(std::string_view topic, std::string_view raw) {
  return fmt::format(R"({{"id":"e.t.1","data":{{"topic":"{}","raw":{}}}}})", topic, raw);
}

}  // namespace

TEST_CASE("a gateway's status gives what it acknowledged and what was settled", "[cli][unit]") {
  const auto heads = heads_from_status(kStatus, {""}).value();
  REQUIRE(heads.source == "urn:watchpost:zhaoxiang-03");
  REQUIRE(heads.newest[index_of(EventClass::telemetry)] == Seq{100});
  REQUIRE(heads.settled[index_of(EventClass::telemetry)] == Seq{60});
  REQUIRE(heads.settled[index_of(EventClass::alarm)] == Seq{4});
  const auto district = heads_from_status(kStatus, {"district"}).value();
  REQUIRE(district.settled[index_of(EventClass::telemetry)] == Seq{100});
}

TEST_CASE("what a gateway relays at the end of its log is not asked of its own numbers",
          "[cli][unit]") {
  std::string status = kStatus;
  const auto at = status.find(R"("telemetry":0}},)");
  status.replace(at, 15, R"("telemetry":91}})");
  const auto heads = heads_from_status(status, {""}).value();
  REQUIRE(heads.newest[index_of(EventClass::telemetry)] == Seq{90});
  REQUIRE(heads.settled[index_of(EventClass::telemetry)] == Seq{60});
}

TEST_CASE("a manifest that is none is refused whatever it lacks", "[cli][unit]") {
  REQUIRE(heads_from_status(kStatus, {"nobody"}).has_error());
  for (std::size_t length = 0; length < kStatus.size(); ++length) {
    REQUIRE(heads_from_status(std::string_view(kStatus).substr(0, length), {""}).has_error());
  }
  REQUIRE(heads_from_status(R"({"gateway":[]})", {""}).has_error());
  REQUIRE(heads_from_status(R"({"gateway":{"id":7}})", {""}).has_error());
}

TEST_CASE("a ledger is checked message for message and as often as it names one", "[cli][unit]") {
  const support::TempDirectory directory;
  const auto file = (directory.path() / "ledger").string();
  std::ofstream(file) << R"({"topic":"a/b","payload":"{\"v\":3.60}"})"
                      << "\n"
                      << R"({"topic":"a/b","payload":"{\"v\":3.60}"})"
                      << "\n"
                      << R"({"topic":"a/c","payload":"no json"})"
                      << "\n";
  auto check = LedgerCheck::read(file).value();
  REQUIRE(check.acknowledged() == 3);
  check.arrived(with_topic_and_raw("a/b", R"({"v":3.60})"));
  check.arrived(with_topic_and_raw("a/c", R"("no json")"));
  // An event with another payload, another topic or no payload stands for no message of the ledger.
  check.arrived(with_topic_and_raw("a/b", R"({"v":3.6})"));
  check.arrived(with_topic_and_raw("a/d", R"({"v":3.60})"));
  check.arrived(R"({"id":"e.t.2","data":{"topic":"a/b"}})");
  REQUIRE(check.missing() == 1);
  REQUIRE(check.missing_lines(5).value() ==
          std::vector<std::string>{R"({"topic":"a/b","payload":"{\"v\":3.60}"})"});
  check.arrived(with_topic_and_raw("a/b", R"({"v":3.60})"));
  REQUIRE(check.missing() == 0);
}

TEST_CASE("a ledger with a line that is none is refused", "[cli][unit]") {
  const support::TempDirectory directory;
  const auto file = (directory.path() / "ledger").string();
  std::ofstream(file) << R"({"topic":"a/b"})"
                      << "\n";
  REQUIRE(LedgerCheck::read(file).has_error());
  REQUIRE(LedgerCheck::read(file + "-none").has_error());
}

TEST_CASE("a receiver leaves acknowledging to its commits and asks for a wide window",
          "[cli][unit]") {
  ReceiveOptions options;
  options.url = "mqtts://street";
  options.ca_file = "ca.pem";
  const auto connection = connection_of(options).value();
  REQUIRE(connection.owner_acknowledges);
  REQUIRE(connection.receive_maximum >= 1'000);
  REQUIRE(connection.url.tls);
  REQUIRE(connection.tls.verify_server);
  options.topic = "wp/#/x";
  REQUIRE(connection_of(options).has_error());
  options.topic = "wp/#";
  options.password_file = "/nowhere/password";
  REQUIRE(connection_of(options).has_error());
}

TEST_CASE("the page of an audit names what is missing, and why the rest is not", "[cli][unit]") {
  receiver::Audit audit;
  receiver::GatewaySeen gateway;
  gateway.source = "urn:watchpost:a";
  gateway.state = "online";
  gateway.epoch = "7f3a0001";
  gateway.conflicts = 1;
  audit.gateways.push_back(gateway);
  receiver::StreamAudit stream;
  stream.source = "urn:watchpost:a";
  stream.epoch = "7f3a0001";
  stream.begins = Seq{1};
  stream.expected = Seq{9};
  stream.given_up.add({Seq{2}, Seq{3}}, "quota");
  stream.missing.add({Seq{5}, Seq{5}}, "never received");
  audit.streams.push_back(stream);
  const std::string page = audit_page(audit);
  REQUIRE(page.find("given up by the gateway 2: 2..3 (quota)") != page.npos);
  REQUIRE(page.find("MISSING 1: 5 (never received)") != page.npos);
  REQUIRE(page.find("CONFLICT: 1 event came") != page.npos);
  REQUIRE(page.find("0 repeats") != page.npos);
  REQUIRE_FALSE(audit.complete());
}

TEST_CASE("the daemon's report of a check is read back and shown", "[cli][unit]") {
  REQUIRE(check_news_from(R"({"rows":7})").value().rows == 7);
  REQUIRE_FALSE(check_news_from(R"({"rows":7})").value().report.has_value());
  const auto news =
      check_news_from(R"({"report":{"tables":{"log_alarm":7,"cursor":4},"finding_count":300,)"
                      R"("findings":[{"what":"W","remedy":"R"}]}})");
  const std::string page = verify_page(*news.value().report);
  REQUIRE(page.find("alarm records          7") != page.npos);
  REQUIRE(page.find("! W\n  → R\nand 299 more") != page.npos);
  REQUIRE(check_news_from(R"({"error":"no"})").error().what == "no");
  REQUIRE(check_news_from("[").has_error());
}
