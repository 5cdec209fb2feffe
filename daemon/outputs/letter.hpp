// Letter: what a channel is told of one alarm or of several: as a sentence for people, as JSON, and
// as the environment of a command; and what an answer to it means.
// Promise: no name, however odd, breaks the JSON or the environment; the text is bounded. Pure; any
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/alarm.hpp"
#include "model/alarm_event.hpp"
#include "model/language.hpp"
#include "model/telling.hpp"

namespace watchpost::outputs {

struct LetterTerms {
  std::string gateway;
  Language language = Language::chinese;
  std::chrono::minutes timezone{480};
};

// One alarm to be told of.
struct Mentioned {
  SharedAlarm alarm;
  AlarmWhere where;
  std::uint8_t stage = 0;
};

struct Letter {
  std::string text;                      // for people, lines
  std::string json;                      // an object
  std::vector<std::string> environment;  // "WATCHPOST_ALARM=37", ...
};
// Of one, or of several in a digest; not of none.
[[nodiscard]] Letter letter_of(const std::vector<Mentioned>& alarms, const LetterTerms& terms);

// To try the way by which alarms go.
struct TestTerms {
  std::string_view output;  // its name
  std::string_view by;      // who asked for it
};
[[nodiscard]] Letter test_letter(const TestTerms& test, const LetterTerms& terms);

// How a webhook wants it.
enum class BodyForm : std::uint8_t {
  json,      // all that is known
  text,      // the sentence, as plain text
  wecom,     // robots of groups: WeCom,
  dingtalk,  // DingTalk,
  feishu,    // Feishu
};
struct Body {
  std::string content;
  std::string_view type;  // of media
};
[[nodiscard]] Body body_of(const Letter& letter, BodyForm form);

struct Verdict {
  ToldHow how = ToldHow::accepted;
  std::string detail{};
};
struct HttpAnswer {
  unsigned status = 0;
  std::string_view body;
};
// A service that answers 200 and says in its JSON that it has refused has refused.
[[nodiscard]] Verdict verdict_of(const HttpAnswer& answer);

}  // namespace watchpost::outputs
