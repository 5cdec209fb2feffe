#include "cli/duty/alarm_text.hpp"

#include <fmt/format.h>

#include "cli/local_time.hpp"
#include "cli/status_json.hpp"
#include "model/alarm_words.hpp"
#include "model/kind_words.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

// What the site tells people of its rule, in the other language where there is none in this.
std::string text_of_rule(const json::object& alarm, Language language) {
  const bool english = language == Language::english;
  const auto told = text(alarm, english ? "text" : "text_zh");
  return told.empty() ? text(alarm, english ? "text_zh" : "text") : told;
}

std::string named_rule(const json::object& alarm, Language language) {
  const auto rule = text(alarm, "rule");
  if (rule.empty()) return {};
  return fmt::format("{} {}", condition_word(Condition::rule, language), rule);
}

// A kind that says no more than that something was measured or said.
bool says_nothing(Kind kind) {
  return kind == Kind::measurement || kind == Kind::device_status || kind == Kind::unnamed_alarm;
}

// As people write the units of SenML.
std::string_view unit_shown(std::string_view unit) {
  if (unit == "Cel") return "°C";
  if (unit == "%RH" || unit == "%EL") return "%";
  return unit;
}

}  // namespace

std::string level_of(const json::object& alarm, Language language) {
  const std::string name = text(alarm, "level");
  const auto level = alarm_level_from(name);
  return level ? std::string(level_word(*level, language)) : name;
}

std::string marks_of(const json::object& alarm, Language language) {
  struct Mark {
    std::string_view member, english, chinese;
  };
  constexpr Mark kMarks[] = {
      {"test", "test", "测试"}, {"exercise", "drill", "演练"}, {"history", "told late", "补报"}};
  std::string marks;
  for (const Mark& mark : kMarks) {
    if (text(alarm, mark.member) != "true") continue;
    marks += fmt::format(" [{}]", language == Language::english ? mark.english : mark.chinese);
  }
  return marks;
}

std::string about(const json::object& alarm, Language language) {
  const std::string name = text(alarm, "condition");
  const auto condition = condition_from(name);
  if (number(alarm, "affects") > 0)
    return language == Language::english ? "radio down" : "链路中断";
  if (condition && *condition != Condition::alarm && *condition != Condition::rule)
    return std::string(condition_word(*condition, language));
  const auto kind = kind_from(text(alarm, "kind"));
  std::string word = kind ? std::string(kind_word(*kind, language)) : text(alarm, "kind");
  if (condition != Condition::rule) return word;
  if (auto told = text_of_rule(alarm, language); !told.empty()) return told;
  auto rule = named_rule(alarm, language);
  if (rule.empty() || !kind) return rule.empty() ? word : rule;
  if (says_nothing(*kind)) return rule;
  return fmt::format("{}{}{}", word, language == Language::english ? ", " : "，", rule);
}

std::string rule_in(const json::object& alarm, Language language) {
  // Without a text of its own it is named already.
  return text_of_rule(alarm, language).empty() ? std::string() : named_rule(alarm, language);
}

std::string value_in(const json::object& alarm, Language language) {
  const auto* const peak = alarm.if_contains("peak");
  if (peak == nullptr || !peak->is_number()) return {};
  const auto unit = text(alarm, "unit");
  const std::string value = fmt::format("{:.6g}{}{}", peak->to_number<double>(),
                                        unit.empty() ? "" : " ", unit_shown(unit));
  return (language == Language::english ? "reached " : "达到 ") + value;
}

std::string silence_in(const json::object& alarm, Language language) {
  const bool english = language == Language::english;
  if (const auto affects = number(alarm, "affects"); affects > 0) {
    std::string devices;
    for (const json::value& each : list(alarm, "affected"))
      devices +=
          (devices.empty() ? "" : ", ") + std::string(each.is_string() ? each.get_string() : "");
    if (static_cast<std::int64_t>(list(alarm, "affected").size()) < affects) devices += ", …";
    return fmt::format(fmt::runtime(english ? "affects {}: {}" : "影响 {} 台设备：{}"), affects,
                       devices);
  }
  const auto expected = number(alarm, "expected_s");
  if (expected == 0) return {};
  const auto heard = text(alarm, "heard");
  const std::string since = !heard.empty() ? local_time(heard)
                            : english      ? "this daemon began"
                                           : "本程序启动";
  return fmt::format(fmt::runtime(english ? "not heard since {}, expected every {}{}"
                                          : "自 {} 起未收到消息，应每 {} 上报{}"),
                     since, duration(expected, language),
                     text(alarm, "expected_learned") != "true" ? ""
                     : english                                 ? " (learned)"
                                                               : "（自学习）");
}

}  // namespace watchpost::cli
