#include "outputs/letter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <utility>

#include "base/json_members.hpp"
#include "base/json_text.hpp"
#include "model/alarm_words.hpp"
#include "model/escalation.hpp"
#include "model/kind_words.hpp"

namespace watchpost::outputs {
namespace {

namespace json = boost::json;

// Of one name in a text. A chat takes 2,048 bytes or more.
constexpr std::size_t kMostName = 120;
constexpr std::size_t kMostNumbers = 40;  // named in the text of a digest
constexpr std::size_t kMostObjects = 12;  // in its JSON, which has the count of all
// Bytes of one; longer ones are left out. All together are shorter than what a pipe holds.
constexpr std::size_t kMostObject = 4'096;
constexpr std::size_t kMostObjectAlone = 32'768;

std::string clipped(std::string_view name, std::size_t most) {
  std::string text = as_utf8(name);
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string one_line(std::string_view name) {
  std::string text = clipped(name, kMostName);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

std::string what_of(const Alarm& alarm, Language language) {
  const Condition condition = alarm.source.condition;
  const bool by_kind = condition == Condition::alarm || condition == Condition::rule;
  return std::string(by_kind ? kind_word(alarm.source.kind, language)
                             : condition_word(condition, language));
}

// What a letter begins with. It has the word that a robot may have as its keyword in any case.
std::string_view opening(const AlarmMarks& marks, Language language) {
  const bool english = language == Language::english;
  if (marks.test) return english ? "[TEST, no real ALARM]" : "【测试，不是真实报警】";
  if (marks.exercise) return english ? "[DRILL, no real ALARM]" : "【演练，不是真实报警】";
  return english ? "[ALARM]" : "【报警】";
}

std::string_view status_of(const AlarmMarks& marks) {
  if (marks.test) return "Test";
  return marks.exercise ? "Exercise" : "Actual";
}

std::string time_of(const Stamp& stamp, std::chrono::minutes zone) {
  if (stamp.clock == ClockQuality::unset) return {};
  std::string text = to_rfc3339(stamp.wall + zone);
  return text.substr(0, 10) + " " + text.substr(11, 8);
}

std::string device_of(const Mentioned& one) {
  const std::string& name = one.where.name;
  const std::string device = one_line(one.alarm->source.device);
  return name.empty() ? device : fmt::format("{} ({})", one_line(name), device);
}

std::string text_of_one(const Mentioned& one, const LetterTerms& terms) {
  const Alarm& alarm = *one.alarm;
  const bool english = terms.language == Language::english;
  const auto level = level_word(alarm.grade.level, terms.language);
  const auto what = what_of(alarm, terms.language);
  const auto opens = opening(alarm.marks, terms.language);
  std::string text =
      english ? fmt::format("{} {}: {} ({})", opens, alarm.number.serial.value, what, level)
              : fmt::format("{}警情 {}：{}（{}）", opens, alarm.number.serial.value, what, level);
  const auto add = [&](std::string_view english_name, std::string_view chinese_name,
                       const std::string& value) {
    if (value.empty()) return;
    text += fmt::format("\n{}{}{}", english ? english_name : chinese_name, english ? ": " : "：",
                        value);
  };
  add("Place", "地点", one_line(one.where.place));
  add("Device", "设备", device_of(one));
  // Of a radio that is down: whose alarms nobody would hear meanwhile.
  const std::size_t affects = alarm.times.absence ? alarm.times.absence->affects : 0;
  if (affects > 0) add("Devices that it affects", "受影响的设备", std::to_string(affects));
  add("Time", "时间", time_of(alarm.times.raised, terms.timezone));
  if (one.stage > 0)
    text += english ? fmt::format("\nNobody has taken it: step {}", one.stage)
                    : fmt::format("\n无人接警：第 {} 步", one.stage);
  add("Gateway", "网关", one_line(terms.gateway));
  return text;
}

// As "smoke", in a digest: "smoke (drill)".
std::string sort_of(const Alarm& alarm, Language language) {
  std::string sort = what_of(alarm, language);
  const bool english = language == Language::english;
  if (alarm.marks.test) return sort + (english ? " (test)" : "（测试）");
  return alarm.marks.exercise ? sort + (english ? " (drill)" : "（演练）") : sort;
}

// A digest is a drill's only where all of it is.
AlarmMarks marks_of(const std::vector<Mentioned>& alarms) {
  const AlarmMarks first = alarms.front().alarm->marks;
  const bool are_alike = std::all_of(alarms.begin(), alarms.end(), [&first](const Mentioned& one) {
    return one.alarm->marks.test == first.test && one.alarm->marks.exercise == first.exercise;
  });
  return are_alike ? first : AlarmMarks{};
}

std::string text_of_many(const std::vector<Mentioned>& alarms, const LetterTerms& terms) {
  const bool english = terms.language == Language::english;
  const auto opens = opening(marks_of(alarms), terms.language);
  std::map<std::string, std::size_t> sorts;
  std::string numbers;
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    ++sorts[sort_of(*alarms[i].alarm, terms.language)];
    if (i < kMostNumbers)
      numbers += fmt::format("{}{}",
                             i == 0    ? ""
                             : english ? ", "
                                       : "、",
                             alarms[i].alarm->number.serial.value);
  }
  if (alarms.size() > kMostNumbers) numbers += " …";
  std::string text = english ? fmt::format("{} and {} more:", opens, alarms.size())
                             : fmt::format("{}另有 {} 条：", opens, alarms.size());
  for (const auto& [sort, count] : sorts)
    text += fmt::format("{}{} {}", english ? " " : "", sort, count);
  text += english ? fmt::format("\nAlarms {}\nGateway: {}", numbers, one_line(terms.gateway))
                  : fmt::format("\n警情 {}\n网关：{}", numbers, one_line(terms.gateway));
  return text;
}

std::string json_of(const std::vector<Mentioned>& alarms, std::string_view text,
                    const LetterTerms& terms) {
  std::string out = R"({"gateway":)";
  append_json_string(out, terms.gateway);
  out += R"(,"text":)";
  append_json_string(out, text);
  out += fmt::format(R"(,"count":{},"alarms":[)", alarms.size());
  std::size_t written = 0;
  const std::size_t most = alarms.size() > 1 ? kMostObject : kMostObjectAlone;
  for (const Mentioned& one : alarms) {
    if (written == kMostObjects) break;
    std::string object = alarm_object(*one.alarm, one.where);
    if (object.size() > most) continue;
    object.pop_back();
    out += fmt::format(R"({}{},"step":{}}})", written == 0 ? "" : ",", object, one.stage);
    ++written;
  }
  return out + "]}";
}

// A byte of zero would end it.
std::string variable(std::string_view name, std::string value) {
  std::erase(value, '\0');
  return fmt::format("WATCHPOST_{}={}", name, value);
}

std::vector<std::string> environment_of(const std::vector<Mentioned>& alarms, std::string_view text,
                                        const LetterTerms& terms) {
  const Mentioned& worst = alarms.front();
  const Alarm& alarm = *worst.alarm;
  return {variable("GATEWAY", terms.gateway),
          variable("ALARM", std::to_string(alarm.number.serial.value)),
          variable("COUNT", std::to_string(alarms.size())),
          variable("KIND", std::string(alarm_name(alarm.source))),
          variable("LEVEL", std::string(to_string(alarm.grade.level))),
          variable("STATUS",
                   std::string(status_of(alarms.size() > 1 ? marks_of(alarms) : alarm.marks))),
          variable("STEP", std::to_string(worst.stage)),
          variable("DEVICE", one_line(alarm.source.device)),
          variable("NAME", one_line(worst.where.name)),
          variable("PLACE", one_line(worst.where.place)),
          variable("TEXT", std::string(text))};
}

// What a service says of itself, where that is no success: the names by which WeCom and DingTalk,
// Feishu, and Feishu's first form say it.
std::optional<Verdict> refusal_in(std::string_view body) {
  boost::system::error_code error;
  const json::value parsed = json::parse({body.data(), body.size()}, error);
  const json::object* const object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return std::nullopt;
  const std::pair<std::string_view, std::string_view> names[] = {
      {"errcode", "errmsg"}, {"code", "msg"}, {"StatusCode", "StatusMessage"}};
  for (const auto& [name, message] : names) {
    const std::int64_t code = integer_in(*object, name).value_or(0);
    if (code == 0) continue;
    std::string detail = fmt::format("{} {}", name, code);
    if (const auto said = text_in(*object, message); !said.empty())
      detail += fmt::format(": {}", said);
    return Verdict{ToldHow::refused, clipped(detail, Telling::kMostDetail - 4)};
  }
  return std::nullopt;
}

}  // namespace

Letter letter_of(const std::vector<Mentioned>& alarms, const LetterTerms& terms) {
  std::string text =
      alarms.size() == 1 ? text_of_one(alarms.front(), terms) : text_of_many(alarms, terms);
  std::string object = json_of(alarms, text, terms);
  auto environment = environment_of(alarms, text, terms);
  return {std::move(text), std::move(object), std::move(environment)};
}

Letter test_letter(const TestTerms& test, const LetterTerms& terms) {
  AlarmMarks marks;
  marks.test = true;
  const std::string_view opens = opening(marks, terms.language);
  const std::string output = one_line(test.output);
  const std::string by = one_line(test.by);
  const std::string gateway = one_line(terms.gateway);
  Letter letter;
  letter.text =
      terms.language == Language::english
          ? fmt::format("{} Output {} is tested. Asked for by: {}\nGateway: {}", opens, output, by,
                        gateway)
          : fmt::format("{}输出 {} 的测试。操作人：{}\n网关：{}", opens, output, by, gateway);
  letter.json = json_of({}, letter.text, terms);
  letter.environment = {variable("GATEWAY", terms.gateway), variable("COUNT", "0"),
                        variable("STATUS", std::string(status_of(marks))),
                        variable("TEXT", letter.text)};
  return letter;
}

Body body_of(const Letter& letter, BodyForm form) {
  std::string text;
  append_json_string(text, letter.text);
  switch (form) {
    case BodyForm::json:
      return {letter.json, "application/json"};
    case BodyForm::text:
      return {letter.text, "text/plain; charset=utf-8"};
    case BodyForm::wecom:
    case BodyForm::dingtalk:
      return {fmt::format(R"({{"msgtype":"text","text":{{"content":{}}}}})", text),
              "application/json"};
    case BodyForm::feishu:
      return {fmt::format(R"({{"msg_type":"text","content":{{"text":{}}}}})", text),
              "application/json"};
  }
  return {};
}

Verdict verdict_of(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299)
    return {ToldHow::status, fmt::format("HTTP {}", answer.status)};
  if (auto refusal = refusal_in(answer.body)) return *std::move(refusal);
  return {};
}

}  // namespace watchpost::outputs
