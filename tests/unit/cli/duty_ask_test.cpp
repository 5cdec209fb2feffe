// What the commands of people on duty ask, over a real Unix socket, and what they say when the
// daemon refuses, breaks off or does not answer.
#include <utmpx.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "cli/columns.hpp"
#include "cli/duty/act.hpp"
#include "cli/duty/alarm_log.hpp"
#include "cli/duty/alarm_page.hpp"
#include "cli/duty/devices.hpp"
#include "cli/ending.hpp"
#include "cli/local_client.hpp"
#include "cli/status_json.hpp"
#include "model/command_words.hpp"
#include "support/catch.hpp"
#include "unit/cli/asked_daemon.hpp"

using namespace watchpost;
using namespace watchpost::cli;
using namespace watchpost::cli::testing;

namespace {

ActOptions taking(const Daemon& daemon) {
  ActOptions options;
  options.ask = asking_at(daemon, "37");
  options.command = "ack";
  options.action = DutyAction::take;
  options.by = "Wang";
  options.from = "desk";
  return options;
}

constexpr std::string_view kAlarm =
    R"({"number":37,"epoch":"7f3a0001","device":"s","kind":"smoke","condition":"alarm",)"
    R"("state":"ACK","level":"orange","since":"2026-11-23T19:41:07.120Z"})";
const std::string kChange =
    R"({"id":"7f3a0001.a.2","type":"org.watchpost.alarm.transition.v1","data":{"alarm":)"
    R"({"number":37,"epoch":"7f3a0001","previous":"UNACK","state":"ACK","event":"taken",)"
    R"("by":{"who":"Wang"}}}})"
    "\n";
const std::string kOwn = good(R"({"gateway":{"id":"v-1"}})");
// Of a village below.
const std::string kOther =
    R"({"source":"urn:watchpost:v-2","type":"org.watchpost.alarm.transition.v1","data":{"alarm":)"
    R"({"number":37,"epoch":"7f3a0009","open":false,"state":"CLOSED","outcome":"true",)"
    R"("cause":"elsewhere"}}})"
    "\n";
constexpr std::string_view kEnd = "{\"exported\":1,\"unset_clock\":0}\n";

}  // namespace

TEST_CASE("a daemon that refuses has no list of alarms, and is no empty one", "[cli][unit]") {
  Daemon daemon({answer("503 Service Unavailable", R"({"error":"Too many. Wait"})"),
                 good(R"({"error":"Too many. Wait"})"),
                 answer("400 Bad Request",
                        R"({"error":"Too \"many\"","text":{"en":"Too","zh-CN":"太多"}})")});
  const Written written;
  CHECK(show_alarms(asking_at(daemon)) == kFindings);
  CHECK(show_alarms(asking_at(daemon)) == kFindings);
  CHECK_FALSE(written.has("No alarm is open"));
  CHECK(written.has("The daemon refuses: Too many. Wait"));
  const auto refused = LocalClient(daemon.socket()).get("/v1/devices");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().what == "The daemon refuses: Too \"many\"");
  CHECK(refused.error().chinese == "服务拒绝：太多");
}

TEST_CASE("an alarm's course that breaks off is no course", "[cli][unit]") {
  Daemon cut({good(kAlarm), lines(kChange), good("{}")});
  {
    const Written written;
    CHECK(show_alarm(asking_at(cut, "37")) == kFindings);
    CHECK(written.has("its course could not be read"));
    CHECK_FALSE(written.has("(Wang)"));
  }
  CHECK(has_part(cut.asked().at(1), "from=2026-11-23T19:41:06"));
  CHECK(has_part(cut.asked().at(1), "&class=alarm"));
  Daemon whole({good(kAlarm), lines(kChange + std::string(kEnd)), good("{}")});
  const Written written;
  CHECK(show_alarm(asking_at(whole, "37")) == 0);
  CHECK(written.has("(Wang)"));
  CHECK_FALSE(written.has("could not be read"));
}

TEST_CASE("the course of a fault, and of an alarm of a time that is not known, is looked for too",
          "[cli][unit]") {
  Daemon daemon({good(R"({"number":37,"epoch":"7f3a0001"})"), lines(kEnd),
                 lines(kChange + std::string(kEnd)), good("{}")});
  const Written written;
  CHECK(show_alarm(asking_at(daemon, "37")) == 0);
  CHECK(written.has("(Wang)"));
  CHECK(has_part(daemon.asked().at(1), "from=1970-01-01"));
  CHECK(has_part(daemon.asked().at(2), "&class=status"));
}

TEST_CASE("an alarm that the daemon's list has no more is told from the stored events",
          "[cli][unit]") {
  const auto unknown = answer("404 Not Found", R"({"error":"There is no alarm 37"})");
  const auto told = [](int number, std::string_view rest) {
    return R"({"source":"urn:watchpost:v-1","type":"org.watchpost.alarm.transition.v1",)"
           R"("data":{"alarm":{"number":)" +
           std::to_string(number) + R"(,"epoch":"7f3a0001",)" + std::string(rest) + "}}}\n";
  };
  const std::string events =
      kOther + told(37, R"("open":true,"state":"UNACK")") +
      told(38, R"("open":true,"state":"ACK","owner":"Li")") +
      told(37, R"("open":false,"state":"CLOSED","outcome":"true","cause":"a pan")") + kOther +
      std::string(kEnd);
  for (const std::string number : {"37", "7f3a0001-37"}) {
    Daemon daemon({unknown, kOwn, lines(events), lines(events), good("{}")});
    const Written written;
    CHECK(show_alarm(asking_at(daemon, number)) == 0);
    CHECK(written.has("closed"));
    CHECK(written.has("a pan"));
    CHECK_FALSE(written.has("Li"));
    CHECK(has_part(daemon.asked().at(2), "from=1970-01-01"));
  }
  Daemon none({unknown, kOwn, lines(kEnd), lines(kEnd)});
  {
    const Written written;
    CHECK(show_alarm(asking_at(none, "37")) == kFindings);
    CHECK(written.has("There is no alarm 37"));
    CHECK(has_part(none.asked().at(3), "&class=status"));
  }
  Daemon cut({unknown, kOwn, lines(events.substr(0, events.find(kEnd)))});
  const Written written;
  CHECK(show_alarm(asking_at(cut, "37")) == kFindings);
  CHECK(written.has("before its end"));
}

TEST_CASE("what was closed is listed, the newest first, and nothing that is open", "[cli][unit]") {
  const auto told = [](int number, std::string_view rest) {
    return R"({"source":"urn:watchpost:v-1","type":"org.watchpost.alarm.transition.v1",)"
           R"("data":{"alarm":{"number":)" +
           std::to_string(number) + R"(,"epoch":"7f3a0001",)" + std::string(rest) + "}}}\n";
  };
  const std::string alarms =
      told(1, R"("open":false,"closed":"2026-11-23T19:00:00Z","outcome":"true","cause":"pan")") +
      told(2, R"("open":true,"state":"UNACK")") +
      told(3, R"("open":false,"closed":"2026-11-23T20:00:00Z","outcome":"false")") + kOther +
      std::string(kEnd);
  const std::string faults = told(4, R"("open":true,"state":"UNACK")") +
                             told(4, R"("open":false,"closed":"2026-11-23T19:30:00Z")") +
                             std::string(kEnd);
  Daemon daemon({kOwn, lines(alarms), lines(faults)});
  const auto closed = AlarmLog(daemon.socket()).closed_within(std::chrono::hours{48}).value();
  std::string numbers;
  for (const auto& alarm : closed) numbers += text(alarm, "number");
  CHECK(numbers == "341");
  const auto page = closed_page(closed, std::chrono::hours{48}, {});
  CHECK(has_part(page, "within the last 2 days, the newest first: 3"));
  CHECK(has_part(page, "pan"));
  CHECK(has_part(closed_page({}, std::chrono::hours{48}, {}), "No alarm that is stored"));
  Daemon cut({kOwn, lines(alarms), lines("")});
  CHECK_FALSE(AlarmLog(cut.socket()).closed_within(std::chrono::hours{48}).has_value());
}

TEST_CASE("an act says what its person saw, and nothing that nobody saw", "[cli][unit]") {
  Daemon daemon({good(R"({"done":true})"), good(R"({"done":true})")});
  const Written written;
  auto options = taking(daemon);
  CHECK(run_act(options) == 0);
  options.revision = 3;
  CHECK(run_act(options) == 0);
  CHECK(has_part(daemon.asked().at(0), "POST /v1/command"));
  CHECK(daemon.asked().at(0).find("seen_revision") == std::string::npos);
  CHECK(has_part(daemon.asked().at(1), "\"seen_revision\":3"));
}

TEST_CASE("an act whose end is not known says with which key it is the same wish", "[cli][unit]") {
  Daemon daemon({answer("503 Service Unavailable", R"({"error":"Not answered"})"),
                 good(R"({"done":false,"reason":"not_kept","text":{"en":"Not kept"}})"),
                 good(R"({"done":false,"reason":"alarm_changed","text":{"en":"Changed"}})")});
  auto options = taking(daemon);
  {
    const Written written;
    CHECK(run_act(options) == kFindings);
    CHECK(written.has("with --key cli-"));
  }
  options.key = "wish-1";
  {
    const Written written;
    CHECK(run_act(options) == kFindings);
    CHECK(written.has("with --key wish-1"));
  }
  const Written written;
  CHECK(run_act(options) == kFindings);
  CHECK_FALSE(written.has("--key"));
}

TEST_CASE("how to try again is said once", "[cli][unit]") {
  for (const Refusal why : {Refusal::no_answer, Refusal::not_kept}) {
    CommandResult result;
    result.refusal = why;
    const std::string said = sentence_of(result, Language::english);
    Daemon daemon({good(R"({"done":false,"reason":")" + std::string(to_string(why)) +
                        R"(","text":{"en":")" + said + "\"}}")});
    auto options = taking(daemon);
    options.key = "wish-1";
    const Written written;
    CHECK(run_act(options) == kFindings);
    CHECK(written.has(said + " (the same command with --key wish-1)"));
    CHECK(written.times("try again") == 1);
  }
}

TEST_CASE("what devices and people call themselves moves no cursor", "[cli][unit]") {
  CHECK(printable("3F kitchen 厨房") == "3F kitchen 厨房");
  CHECK(printable("a\x1b[2Jb\nc\x7f") == "a\\x1b[2Jb\\x0ac\\x7f");
  CHECK(printable("\xC2\x9B"
                  "31m é") == "\\x9b31m é");
  Daemon daemon({good(R"({"devices":[{"device":"s\u001b[31m","service":"new"}]})")});
  const Written written;
  CHECK(show_devices(asking_at(daemon)) == 0);
  CHECK(written.has("s\\x1b[31m"));
  CHECK_FALSE(written.has("\x1b"));
}

TEST_CASE("under sudo the host of the terminal is where a person sits", "[cli][unit]") {
  const TempDirectory directory;
  const std::string file = (directory.path() / "utmp").string();
  std::ofstream(file).close();
  REQUIRE(::utmpxname(file.c_str()) == 0);
  utmpx session{};
  session.ut_type = USER_PROCESS;
  const std::string line = "pts/7", host = "10.0.0.9";
  std::copy(line.begin(), line.end(), std::begin(session.ut_line));
  std::copy(host.begin(), host.end(), std::begin(session.ut_host));
  ::setutxent();
  REQUIRE(::pututxline(&session) != nullptr);
  ::endutxent();
  CHECK(host_at_terminal("/dev/pts/7") == "10.0.0.9");
  CHECK(host_at_terminal("/dev/pts/8").empty());
  REQUIRE(::utmpxname("/var/run/utmp") == 0);
}
