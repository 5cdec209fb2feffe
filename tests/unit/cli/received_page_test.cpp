// The page of `watchpost receive --status` for each gateway.
#include "cli/receive/received_page.hpp"

#include <boost/json.hpp>
#include <cstdlib>
#include <ctime>

#include "support/catch.hpp"

using namespace watchpost;
using namespace watchpost::cli;
using receiver::Audit;
using receiver::GatewaySeen;
using receiver::StreamAudit;

namespace {

using namespace std::chrono_literals;

// 2026-11-23T11:41:07.120Z, a quarter to eight in the evening in Shanghai.
const WallTime kEvening = WallTime{1'795'434'067'120ms};

GatewaySeen gateway(const std::string& id) {
  GatewaySeen seen;
  seen.source = "urn:watchpost:" + id;
  seen.state = "online";
  seen.state_since = seen.last_event_at = kEvening;
  return seen;
}

StreamAudit stream(const std::string& id, std::uint64_t received) {
  StreamAudit audit;
  audit.source = "urn:watchpost:" + id;
  audit.received = received;
  return audit;
}

std::string received_page_of(const Audit& audit) {
  ::setenv("TZ", "Asia/Shanghai", 1);
  ::tzset();
  return received_page(audit, Language::english);
}

}  // namespace

TEST_CASE("a gateway of which nothing is missing is one line that says so", "[cli][unit]") {
  Audit audit;
  audit.gateways = {gateway("zhaoxiang-03"), gateway("zhaoxiang-04")};
  audit.streams = {stream("zhaoxiang-03", 4), stream("zhaoxiang-03", 3), stream("zhaoxiang-04", 1)};
  CHECK(received_page_of(audit) ==
        "zhaoxiang-03: online; 7 events, the last at 2026-11-23T19:41:07.120+08:00; complete\n"
        "zhaoxiang-04: online; 1 event, the last at 2026-11-23T19:41:07.120+08:00; complete\n");
}

TEST_CASE("a gateway that is offline is told with since when", "[cli][unit]") {
  Audit audit;
  audit.gateways = {gateway("zhaoxiang-03")};
  audit.gateways[0].state = "offline";
  audit.streams = {stream("zhaoxiang-03", 4)};
  CHECK(received_page_of(audit).starts_with(
      "zhaoxiang-03: offline since 2026-11-23T19:41:07.120+08:00; 4 events"));
}

TEST_CASE("what is missing, on its way, in conflict or of two boxes is not complete",
          "[cli][unit]") {
  Audit audit;
  audit.gateways = {gateway("a")};
  audit.streams = {stream("a", 4)};
  const auto says = [&audit](const std::string& words) {
    const std::string page = received_page_of(audit);
    INFO(page);
    CHECK(page.find("; " + words) != std::string::npos);
    CHECK(page.find("complete") == std::string::npos);
    CHECK(received_json(audit).find(R"("complete":false)") != std::string::npos);
  };
  audit.streams[0].missing.add({Seq{2}, Seq{3}}, "lost");
  audit.streams[0].waiting.add({Seq{6}, Seq{6}}, "");
  says("2 MISSING, 1 on the way");
  audit.streams[0] = stream("a", 4);
  audit.gateways[0].conflicts = 1;
  says("1 conflict\n");
  audit.gateways[0].conflicts = 2;
  says("2 conflicts\n");
  audit.gateways[0].conflicts = 0;
  audit.gateways[0].branches.push_back({"b", "c", "a", true});
  says("TWO BOXES");
}

TEST_CASE("a gateway of which nothing came is not said to be complete", "[cli][unit]") {
  Audit audit;
  audit.gateways = {gateway("a")};
  audit.gateways[0].state.clear();
  audit.gateways[0].last_event_at.reset();
  CHECK(received_page_of(audit) ==
        "a: has not said whether it is online; 0 events; nothing received yet\n");
}

TEST_CASE("what a gateway gave up stands beside complete, and unreadable messages below",
          "[cli][unit]") {
  Audit audit;
  audit.gateways = {gateway("a")};
  audit.streams = {stream("a", 4)};
  audit.streams[0].given_up.add({Seq{2}, Seq{4}}, "quota");
  audit.unreadable = 1;
  const std::string page = received_page_of(audit);
  CHECK(page.find("; complete; 3 given up by the gateway\n1 message put aside") !=
        std::string::npos);
}

TEST_CASE("programs get the status of gateways as JSON, with null where there is no time",
          "[cli][unit]") {
  Audit audit;
  audit.gateways = {gateway("a")};
  audit.gateways[0].last_event_at.reset();
  audit.streams = {stream("a", 4)};
  audit.streams[0].missing.add({Seq{2}, Seq{3}}, "lost");
  const auto told = boost::json::parse(received_json(audit)).at("gateways").at(0);
  CHECK(told.at("id").as_string() == "a");
  CHECK(told.at("events").to_number<int>() == 4);
  CHECK(told.at("missing").to_number<int>() == 2);
  CHECK(told.at("last_event_at").is_null());
  CHECK(told.at("state_since").as_string() == "2026-11-23T19:41:07.120+08:00");
}
