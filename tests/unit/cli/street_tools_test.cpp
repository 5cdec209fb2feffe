// What the commands receive, audit and verify read and show.
#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

#include "cli/audit/audit_page.hpp"
#include "cli/audit/ledger_check.hpp"
#include "cli/audit/manifest.hpp"
#include "cli/ending.hpp"
#include "cli/named_file.hpp"
#include "cli/receive/link_words.hpp"
#include "cli/receive/receive.hpp"
#include "cli/verify/verify_page.hpp"
#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"
#include "support/temp_directory.hpp"

using namespace watchpost;
using namespace watchpost::cli;

namespace {

const std::string kStatus = R"({"gateway":{"id":"zhaoxiang-03"},"store":{"epoch":"7f3a0001",)"
                            R"("newest":{"alarm":5,"patrol":0,"status":2,"telemetry":100},)"
                            R"("first":{"alarm":1,"patrol":1,"status":1,"telemetry":1},)"
                            R"("relayed":{"alarm":0,"patrol":0,"status":0,"telemetry":0}},)"
                            R"("upstreams":[{"name":"street","cursors":{"alarm":4,"patrol":0,)"
                            R"("status":2,"telemetry":60}},{"name":"district","cursors":)"
                            R"({"alarm":5,"patrol":0,"status":2,"telemetry":100}}]})";

std::string with_topic_and_raw(std::string_view topic, std::string_view raw) {
  return fmt::format(R"({{"id":"e.t.1","data":{{"topic":"{}","raw":{}}}}})", topic, raw);
}

}  // namespace

TEST_CASE("a gateway's status gives what it acknowledged and what was delivered", "[cli][unit]") {
  const auto heads = heads_from_status(kStatus, {""}).value();
  REQUIRE(heads.source == "urn:watchpost:zhaoxiang-03");
  REQUIRE(heads.newest[index_of(EventClass::telemetry)] == Seq{100});
  REQUIRE(heads.delivered[index_of(EventClass::telemetry)] == Seq{60});
  REQUIRE(heads.delivered[index_of(EventClass::alarm)] == Seq{4});
  const auto district = heads_from_status(kStatus, {"district"}).value();
  REQUIRE(district.delivered[index_of(EventClass::telemetry)] == Seq{100});
}

TEST_CASE("what a gateway relays at the end of its log is not asked of its own numbers",
          "[cli][unit]") {
  std::string status = kStatus;
  const auto at = status.find(R"("telemetry":0}},)");
  status.replace(at, 15, R"("telemetry":91}})");
  const auto heads = heads_from_status(status, {""}).value();
  REQUIRE(heads.newest[index_of(EventClass::telemetry)] == Seq{90});
  REQUIRE(heads.delivered[index_of(EventClass::telemetry)] == Seq{60});
}

TEST_CASE("a manifest that is none is refused whatever it lacks", "[cli][unit]") {
  REQUIRE(heads_from_status(kStatus, {"nobody"}).error().what.find("street, district") !=
          std::string::npos);
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
  const auto connection = connection_of(options).value();
  REQUIRE(connection.owner_acknowledges);
  REQUIRE(connection.receive_maximum >= 1'000);
  REQUIRE(connection.url.tls);
  REQUIRE(connection.tls.verify_server);
  options.ca_file = "ca.pem";
  REQUIRE(connection_of(options).error().what.find("ca.pem cannot be read") == 0);
  options.ca_file.clear();
  options.topic = "wp/#/x";
  REQUIRE(connection_of(options).has_error());
  options.topic = "wp/#";
  options.password_file = "/nowhere/password";
  REQUIRE(connection_of(options).has_error());
}

TEST_CASE("files of a certificate are looked at before anything begins", "[cli][unit]") {
  const support::TempDirectory directory;
  const auto file = (directory.path() / "ca.pem").string();
  ReceiveOptions options;
  options.url = "mqtts://street";
  const auto says = [&options](std::string_view words) {
    const auto connection = connection_of(options);
    REQUIRE(connection.has_error());
    INFO(connection.error().sentence());
    CHECK(connection.error().sentence().find(words) != std::string::npos);
    CHECK((!connection.error().chinese.empty() || connection.error().trouble));
  };
  options.ca_file = directory.path().string();
  says("it is a folder");
  options.ca_file = file;
  says("No such file");
  std::ofstream(file) << "no certificate";
  says("cannot be");
  options.url = "mqtt://street";
  says("mqtts://");
  options.ca_file.clear();
  options.certificate = file;
  options.url = "mqtts://street";
  says("only one is given");
}

TEST_CASE("what is no regular file is never waited for", "[cli][unit]") {
  const support::TempDirectory directory;
  const auto pipe = (directory.path() / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const std::string& name : {pipe, directory.path().string(), std::string("/dev/null")}) {
    INFO(name);
    CHECK(content_of(name).has_error());
    CHECK(LedgerCheck::read(name).has_error());
  }
}

TEST_CASE("the log of a link that fails keeps its own next step, in the options of this command",
          "[cli][unit]") {
  const Failure untrusted =
      failure_of(Failure::Kind::unavailable,
                 trouble<TroubleCode::tls_not_trusted>(arg<"url">("mqtts://street:8883"),
                                                       arg<"why">("self-signed")));
  const auto told = [](const Failure& failure) {
    return receive::words_of(
        {client::LinkCause::told, {client::LinkEnd::How::refused, 0, failure}, {}}, "street-1");
  };
  const std::string words = told(untrusted);
  CHECK(words.find("self-signed") != words.npos);
  CHECK(words.find("Set --ca-file to the certificate") != words.npos);
  CHECK(words.find("tried again by itself") != words.npos);
  CHECK(words.find("password") == words.npos);
  const std::string refused =
      told({Failure::Kind::refused, "no",
            "Check username and password of this connection with the operator"});
  CHECK(refused.find("Check --username and --password-file with the operator") != refused.npos);
  client::LinkReason taken;
  taken.cause = client::LinkCause::taken_over;
  const std::string over = receive::words_of(taken, "street-1");
  CHECK(over.find("probably another `watchpost receive` runs with the same client id street-1") !=
        over.npos);
}

TEST_CASE("an audit of what cannot all be known never says that nothing is missing",
          "[cli][unit]") {
  receiver::Audit audit;
  receiver::GatewaySeen gateway;
  gateway.source = "urn:watchpost:a";
  gateway.received = 3;
  gateway.last_event_at = WallTime{std::chrono::hours{24}};
  audit.gateways.push_back(gateway);
  CHECK(audit_verdict(audit, {}, Language::english).find("Complete: nothing is missing") !=
        std::string::npos);
  CHECK(audit_verdict(audit, {}, Language::english).find("As of 1970-01-0") == 0);
  CHECK(audit_verdict(audit, {true, "2026-11-23T00:00:00Z"}, Language::english)
            .find("Compared with the gateway as it was at 2026-11-2") != std::string::npos);
  CHECK(audit_verdict(audit, {false, ""}, Language::english).find("NOT complete") !=
        std::string::npos);
  receiver::Branch branch{"second", "first", "first"};
  branch.known_to[index_of(EventClass::alarm)] = Seq{9};
  audit.gateways[0].branches.push_back(branch);
  for (const Language language : kLanguages) {
    const std::string verdict = audit_verdict(audit, {}, language);
    CHECK(verdict.find("Complete: nothing") == verdict.npos);
    CHECK(verdict.find("完整：没有缺失") == verdict.npos);
    const std::string page = audit_page(audit, language);
    CHECK(page.find("alarm 9") != page.npos);
    CHECK(page.find("first") != page.npos);
  }
  CHECK(audit_verdict(audit, {}, Language::english).find("NOT proved") != std::string::npos);
  audit.gateways[0].branches.clear();
  audit.gateways[0].received = 0;
  CHECK(audit_verdict(audit, {}, Language::english).find("NOT proved") != std::string::npos);
  CHECK(audit_page(audit, Language::chinese).find("从未收到过它的任何事件") != std::string::npos);
}

TEST_CASE("a failure is told in the language of the person, where anybody has put it so",
          "[cli][unit]") {
  const Failure both =
      in_both(Failure::Kind::not_found, English{"no", "do"}, Chinese{"没有", "请做"});
  CHECK(sentence_of(both, Language::english) == "no. do");
  CHECK(sentence_of(both, Language::chinese) == "没有。请做");
  const Failure coded =
      failure_of(Failure::Kind::storage, trouble<TroubleCode::store_damaged>(arg<"why">("w")));
  CHECK(sentence_of(coded, Language::chinese).find("数据文件损坏") == 0);
  CHECK(sentence_of({Failure::Kind::storage, "what", "next"}, Language::chinese) == "what. next");
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
  const std::string page = audit_page(audit, Language::english);
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
  const std::string page = verify_page(*news.value().report, Language::english);
  REQUIRE(page.find("alarm records          7") != page.npos);
  REQUIRE(page.find("! W\n  → R\nand 299 more") != page.npos);
  REQUIRE(check_news_from(R"({"error":"no"})").error().what == "no");
  REQUIRE(check_news_from("[").has_error());
}
