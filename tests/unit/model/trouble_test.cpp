#include "model/trouble.hpp"

#include <algorithm>
#include <set>

#include "model/trouble_catalogue.hpp"
#include "support/catch.hpp"
#include "support/recording_log.hpp"

using namespace watchpost;

namespace {

using Code = TroubleCode;

// The names in a text: {"events", "class"} for "{events:event} of {class}".
std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> names;
  while (true) {
    const auto open = text.find('{');
    if (open == std::string_view::npos) return names;
    const auto close = text.find('}', open);
    REQUIRE(close != std::string_view::npos);
    const auto inside = text.substr(open + 1, close - open - 1);
    names.emplace(inside.substr(0, inside.find(':')));
    text.remove_prefix(close + 1);
  }
}

std::set<std::string> placeholders(const TroubleText& text) {
  auto names = placeholders(text.what);
  names.merge(placeholders(text.next));
  return names;
}

std::set<std::string> parameters(const TroubleShape& shape) {
  std::set<std::string> names;
  for (const char* name : shape.parameters) {
    if (name != nullptr) names.emplace(name);
  }
  return names;
}

bool has_chinese(std::string_view text) {
  // The UTF-8 forms of U+4E00 to U+9FFF begin with E4 to E9.
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet >= 0xE4 && octet <= 0xE9;
  });
}

Trouble waiting(std::uint64_t events, std::uint64_t alarms) {
  return trouble<Code::upstream_alarms_wait>(arg<"alarms">(alarms), arg<"upstream">("street"),
                                             arg<"events">(events));
}

}  // namespace

TEST_CASE("every code has a sentence in both languages, and a name of its own", "[model][unit]") {
  std::set<std::string_view> names;
  for (const TroubleShape& shape : kTroubleShapes) {
    INFO(shape.name);
    CHECK(names.insert(shape.name).second);
    const TroubleEntry& entry = entry_of(shape.code);
    CHECK(entry.code == shape.code);
    CHECK_FALSE(entry.english.what.empty());
    CHECK_FALSE(entry.chinese.what.empty());
    CHECK_FALSE(has_chinese(entry.english.what));
    CHECK_FALSE(has_chinese(entry.english.next));
    CHECK(has_chinese(entry.chinese.what));
    CHECK(entry.english.next.empty() == entry.chinese.next.empty());
    CHECK(has_chinese(entry.chinese.next) != entry.chinese.next.empty());
  }
}

TEST_CASE("every argument of a code stands in its text, in both languages, and no other does",
          "[model][unit]") {
  for (const TroubleShape& shape : kTroubleShapes) {
    INFO(shape.name);
    const TroubleEntry& entry = entry_of(shape.code);
    CHECK(placeholders(entry.english) == parameters(shape));
    CHECK(placeholders(entry.chinese) == parameters(shape));
  }
}

TEST_CASE(
    "only an argument called why holds words from outside the catalogue, and only below a cause",
    "[model][unit]") {
  // Arguments are names, numbers and places. A new argument is a decision, because none may hold a
  // sentence.
  const std::set<std::string> kNames{
      "address",  "age",   "aside",   "broker",  "client",   "code",     "date",    "devices",
      "enough",   "file",  "folder",  "free",    "host",     "least",    "lost",    "most",
      "names",    "port",  "saved",   "section", "sender",   "server",   "size",    "step",
      "time",     "times", "topic",   "topics",  "upstream", "url",      "version", "alarms",
      "by_class", "class", "dropped", "events",  "refused",  "protocol", "bytes",   "sample",
      "station",  "epoch", "gateway", "here",    "there",    "levels",   "days",    "user",
      "line",     "keys",  "place",   "local",   "output",   "numbers",  "first",   "rows"};
  for (const TroubleShape& shape : kTroubleShapes) {
    INFO(shape.name);
    for (const std::string& name : parameters(shape)) {
      INFO(name);
      const bool is_cause = entry_of(shape.code).severity == TroubleSeverity::cause;
      CHECK((kNames.count(name) == 1 || (name == "why" && is_cause)));
    }
  }
}

TEST_CASE("a Chinese sentence has no English one in it, whatever its arguments", "[model][unit]") {
  for (const TroubleShape& shape : kTroubleShapes) {
    INFO(shape.name);
    const TroubleText& text = entry_of(shape.code).chinese;
    for (const std::string_view part : {text.what, text.next}) {
      std::size_t words = 0;  // words of Latin letters in a row
      std::size_t most = 0;
      bool inside = false;
      for (const char c : part) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter && !inside) most = std::max(most, ++words);
        inside = letter || (inside && c != ' ' && static_cast<unsigned char>(c) < 0x80);
        if (static_cast<unsigned char>(c) >= 0x80) words = 0;
      }
      CHECK(most <= 5);  // as in "watchpost outputs test {output} --by"
    }
  }
}

TEST_CASE("no advice makes less safe: none lowers custody, nobody is told not to verify",
          "[model][unit]") {
  for (const TroubleShape& shape : kTroubleShapes) {
    INFO(shape.name);
    for (const Language language : kLanguages) {
      CHECK(entry_of(shape.code).in(language).next.find("custody") == std::string_view::npos);
      CHECK(entry_of(shape.code).in(language).next.find("tls_verify") == std::string_view::npos);
    }
  }
}

TEST_CASE("what a plain connect meets on a port with TLS is told with mqtts://", "[model][unit]") {
  for (const Code code : {Code::link_closed_in_connect, Code::link_broken_in_connect,
                          Code::link_no_connack, Code::link_not_mqtt, Code::paho_not_reached}) {
    INFO(shape_of(code).name);
    for (const Language language : kLanguages) {
      CHECK(entry_of(code).in(language).next.find("mqtts://") != std::string_view::npos);
    }
  }
}

TEST_CASE("a certificate that is not yet valid blames the clock only if the date is wrong",
          "[model][unit]") {
  const auto& entry = entry_of(Code::tls_not_yet_valid);
  CHECK(entry.english.next.find("If that is the date, have the operator") == 0);
  CHECK(entry.chinese.next.find("如果日期没错") == 0);
}

TEST_CASE("a failure with a code is told in either language; one without points to the log",
          "[model][unit]") {
  const Failure coded = failure_of(
      Failure::Kind::unavailable,
      trouble<Code::link_no_way>(arg<"url">("mqtt://street"), arg<"why">("No route to host")));
  CHECK(coded.sentence().find("mqtt://street cannot be reached: No route to host. Check") == 0);
  CHECK(sentence_of(cause_of(coded), Language::chinese).find("请检查网络") != std::string::npos);
  const Failure uncoded{Failure::Kind::unavailable, "The pigeon is late", "Feed it"};
  CHECK(sentence_of(cause_of(uncoded), Language::chinese).find("pigeon") == std::string::npos);
  CHECK(cause_of(uncoded).code == Code::see_log);
}

TEST_CASE("the texts of the catalogue end without a full stop, so that they can be joined",
          "[model][unit]") {
  for (const TroubleShape& shape : kTroubleShapes) {
    INFO(shape.name);
    for (const Language language : kLanguages) {
      const TroubleText& text = entry_of(shape.code).in(language);
      for (const std::string_view part : {text.what, text.next}) {
        CHECK_FALSE(part.ends_with('.'));
        CHECK_FALSE(part.ends_with("。"));
      }
    }
  }
}

TEST_CASE("a trouble is told with its arguments in either language", "[model][unit]") {
  CHECK(what_of(waiting(4, 1), Language::english) ==
        "Upstream street is not connected; 4 events (1 alarm event) kept here until it has them");
  CHECK(what_of(waiting(4, 1), Language::chinese) ==
        "与上级 street 的连接中断；4 条事件（其中报警事件 1 条）保存在本机，等待上传");
  const auto unheard = trouble<Code::upstream_nobody_listens>(
      arg<"upstream">("street"), arg<"by_class">(PerClass<std::uint64_t>{2, 1, 0, 0}),
      arg<"age">(std::chrono::seconds{3}), arg<"topics">("wp/#"));
  CHECK(what_of(unheard, Language::english).find("for 3 s (2 alarms, 1 patrol); they") !=
        std::string::npos);
  const auto room = trouble<Code::no_room>(arg<"refused">(PerClass<std::uint64_t>{}),
                                           arg<"dropped">(PerClass<std::uint64_t>{0, 0, 2, 100}));
  CHECK(what_of(room, Language::english).find("): none. Dropped") != std::string::npos);
  CHECK(what_of(room, Language::english).find("2 status, 100 telemetry") != std::string::npos);
  CHECK(what_of(room, Language::chinese).find("状态 2 条、测量 100 条") != std::string::npos);
}

TEST_CASE("what to do next begins with the cause and its own remedy", "[model][unit]") {
  auto cause = trouble<Code::class_refused>(arg<"class">(EventClass::alarm), arg<"code">("0x95"))
                   .because(trouble<Code::refusal_too_large>());
  const auto refuses = trouble<Code::upstream_refuses>(arg<"upstream">("street"), arg<"events">(1U),
                                                       arg<"alarms">(1U))
                           .because(std::move(cause));
  CHECK(next_of(refuses, Language::english) ==
        "It refuses alarm events (0x95). They are kept and tried again. The packet is too large "
        "for it. Ask "
        "the operator of its broker to accept larger packets, or set raw = \"never\"");
  CHECK(next_of(refuses, Language::chinese).find("拒收报警事件（0x95）") != std::string::npos);
  CHECK(next_of(waiting(1, 1), Language::english) ==
        "Until it is connected again, tell street about alarms by telephone");
}

TEST_CASE("troubles are equal when code, arguments and cause are", "[model][unit]") {
  CHECK(waiting(4, 1) == waiting(4, 1));
  CHECK_FALSE(waiting(4, 1) == waiting(4, 2));
  CHECK(waiting(1, 1).because(waiting(2, 2)) == waiting(1, 1).because(waiting(2, 2)));
  CHECK_FALSE(waiting(1, 1).because(waiting(2, 2)) == waiting(1, 1));
}

TEST_CASE("critical troubles are errors of the log, others warnings", "[model][unit]") {
  support::RecordingLog log;
  tell(log, waiting(4, 1));
  tell(log, trouble<Code::clock_wrong>());
  CHECK(log.says(LogLevel::error, "tell street about alarms by telephone"));
  CHECK(log.says(LogLevel::warning, "The clock of this box is wrong"));
}

TEST_CASE("the language is the one that a locale or --lang names", "[model][unit]") {
  CHECK(language_from("zh") == Language::chinese);
  CHECK(language_from("zh_CN.UTF-8") == Language::chinese);
  CHECK(language_from("zh-CN") == Language::chinese);
  CHECK(language_from("en_GB.UTF-8") == Language::english);
  CHECK(language_from("C.UTF-8") == Language::english);
  CHECK_FALSE(language_from("zhuang"));
  CHECK_FALSE(language_from("de_DE.UTF-8"));
  CHECK_FALSE(language_from(""));
}
