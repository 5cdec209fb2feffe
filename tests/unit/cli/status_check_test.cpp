#include "cli/status_check.hpp"

#include "support/catch.hpp"

using namespace watchpost;
using cli::check_status;
using cli::CheckAnswer;

namespace {

CheckAnswer answer_of(std::string status, Language language = Language::english) {
  return check_status(std::move(status), language);
}

std::string with(std::string_view severities) {
  std::string troubles;
  for (const char c : severities) {
    if (!troubles.empty()) troubles += ",";
    troubles += std::string(R"({"severity":")") + (c == 'w' ? "warning" : "critical") +
                R"(","text":{"en":"bad )" + c + R"(","zh-CN":"坏"}})";
  }
  return R"({"troubles":[)" + troubles +
         R"(],"upstreams":[{"backlog":{"alarm":2,"telemetry":5}}],"devices":{"count":3}})";
}

}  // namespace

TEST_CASE("advice wakes nobody", "[cli][unit]") {
  const auto answer =
      answer_of(R"({"troubles":[{"severity":"advice","text":{"en":"2 devices never did"}}]})");
  CHECK(answer.code == 0);
  CHECK(answer.line.find("no troubles") != std::string::npos);
  CHECK(answer_of(R"({"troubles":[{"severity":"advice","text":{"en":"x"}},
                                   {"severity":"warning","text":{"en":"y"}}]})")
            .code == 1);
}

TEST_CASE("an alarm that nobody has taken is critical, whatever else is well", "[cli][unit]") {
  const std::string waits = R"({"troubles":[],"duty":{"open":3,"untaken":2}})";
  CHECK(answer_of(waits).code == 2);
  CHECK(answer_of(waits).line.starts_with(
      "CRITICAL: nobody has taken 2 alarms | troubles=0 untaken=2"));
  CHECK(answer_of(waits, Language::chinese).line.starts_with("CRITICAL: 有 2 起警情还没有人接警"));
  CHECK(answer_of(R"({"troubles":[],"duty":{"open":3,"untaken":0}})").code == 0);
  const auto below = answer_of(R"({"troubles":[],"duty":{"untaken":0,"untaken_below":1}})");
  CHECK(below.code == 2);
  CHECK(below.line.starts_with("CRITICAL: nobody has taken 1 alarm of gateways below"));
}

TEST_CASE("monitoring is told OK, WARNING or CRITICAL in one line with its code", "[cli][unit]") {
  CHECK(answer_of(with("")).code == 0);
  CHECK(answer_of(with("")).line == "OK: no troubles | troubles=0 untaken=0 backlog=7 devices=3");
  CHECK(answer_of(with("w")).code == 1);
  CHECK(answer_of(with("w")).line.starts_with("WARNING: bad w | troubles=1"));
  CHECK(answer_of(with("wc")).code == 2);
  CHECK(answer_of(with("wc")).line.starts_with("CRITICAL: bad w; bad c | troubles=2"));
  CHECK(answer_of(with("w"), Language::chinese).line.starts_with("WARNING: 坏 |"));
}

TEST_CASE("a daemon that does not answer is critical, what cannot be known is unknown",
          "[cli][unit]") {
  const Failure silent{Failure::Kind::unavailable, "No daemon answers", "Start it"};
  CHECK(check_status(silent, Language::english).code == 2);
  CHECK(check_status(silent, Language::english).line == "CRITICAL: No daemon answers. Start it");
  const Failure forbidden{Failure::Kind::environment, "You may not", "Use sudo"};
  CHECK(check_status(forbidden, Language::english).code == 3);
}

TEST_CASE("an answer that is no status is never OK", "[cli][unit]") {
  for (const std::string text : {"", "{}", "[]", "<html>", R"({"troubles":7})"}) {
    INFO(text);
    CHECK(answer_of(text).code == 3);
  }
  // An unknown severity, from another version, counts as critical.
  CHECK(answer_of(R"({"troubles":[{"severity":"dreadful"}]})").code == 2);
}

TEST_CASE("a line end or a bar in a text does not break the plugin's line", "[cli][unit]") {
  const auto answer = answer_of(R"({"troubles":[{"severity":"warning","text":{"en":"a\nb|c"}}]})");
  CHECK(answer.line.starts_with("WARNING: a b/c | troubles=1"));
}
