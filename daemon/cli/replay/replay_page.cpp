#include "cli/replay/replay_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "cli/local_time.hpp"
#include "cli/status_json.hpp"
#include "cli/status_text.hpp"
#include "model/alarm_words.hpp"
#include "model/kind_words.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

// What was raised so near to it is shown beside it.
constexpr std::chrono::minutes kBeside{10};

std::string to_the_second(WallTime time) {
  return local_time(std::chrono::floor<std::chrono::seconds>(time));
}

bool is_beside(const rules::Rehearsed& would_be, const RaisedThen& was) {
  if (would_be.device != was.device) return false;
  const WallTime until = would_be.until.value_or(WallTime::max() - kBeside);
  return was.at >= would_be.from - kBeside && was.at <= until + kBeside;
}

std::string then_called(const RaisedThen& was, Language language) {
  if (was.by_rule) return was.what;
  const auto kind = kind_from(was.what);
  return kind ? std::string(kind_word(*kind, language)) : was.what;
}

void add_would_be(StatusText& page, const rules::Rehearsed& each) {
  const Language language = page.language();
  const bool english = language == Language::english;
  std::string line = fmt::format("  {} {} {} ({})", to_the_second(each.from), each.device,
                                 each.rule, level_word(each.grade.level, language));
  if (each.peak)
    line += fmt::format(fmt::runtime(english ? ", peak {:g}" : "，峰值 {:g}"), *each.peak);
  line += each.until ? fmt::format(fmt::runtime(english ? ", until {}" : "，到 {} 恢复"),
                                   to_the_second(*each.until))
                     : (english ? ", not over at the end" : "，到最后仍未恢复");
  page.add(line);
}

void add_was(StatusText& page, const RaisedThen& was) {
  page.line({"      was raised: alarm {}, {}, {}", "      当时报过：警情 {}，{}，{}"}, was.number,
            then_called(was, page.language()), to_the_second(was.at));
}

}  // namespace

std::optional<RaisedThen> raised_in(const Record& record) {
  if (record.type != RecordType::transition) return std::nullopt;
  boost::system::error_code failed;
  const json::value parsed = json::parse(record.annotation, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  const json::object& alarm = section(parsed.get_object(), "alarm");
  if (text(alarm, "event") != "raised") return std::nullopt;
  const auto condition = condition_from(text(alarm, "condition"));
  if (condition != Condition::rule && condition != Condition::alarm) return std::nullopt;
  const bool by_rule = condition == Condition::rule;
  return RaisedThen{static_cast<std::uint64_t>(number(alarm, "number")), text(alarm, "device"),
                    text(alarm, by_rule ? "rule" : "kind"), by_rule, record.received_at};
}

std::string replay_page(const Replayed& replayed, Language language) {
  StatusText page(language, 0);
  std::vector<bool> is_shown(replayed.was.size());
  const auto observations = static_cast<std::int64_t>(replayed.observations);
  const auto alarms = static_cast<std::int64_t>(replayed.would_be.size());
  page.line(
      {"{0} would have been raised by {1}, from {2}:", "{4} 条规则依据 {5} 条观测会报 {3} 次警："},
      page.counted(alarms, "alarm"),
      page.counted(static_cast<std::int64_t>(replayed.rules), "rule"),
      page.counted(observations, "observation"), alarms, replayed.rules, observations);
  for (const rules::Rehearsed& each : replayed.would_be) {
    add_would_be(page, each);
    bool any = false;
    for (std::size_t i = 0; i < replayed.was.size(); ++i) {
      if (!is_beside(each, replayed.was[i])) continue;
      any = is_shown[i] = true;
      add_was(page, replayed.was[i]);
    }
    if (!any) page.line({"      nothing was raised then", "      当时没有报警"});
  }
  const auto left = [&](std::size_t i) { return !is_shown[i] && replayed.was[i].by_rule; };
  bool has_head = false;
  for (std::size_t i = 0; i < replayed.was.size(); ++i) {
    if (!left(i)) continue;
    if (!has_head)
      page.line(
          {"Raised by the rules of then, and not by these:", "当时的规则报过、这些规则不会报："});
    has_head = true;
    page.line({"  {} {}: alarm {}, {}", "  {} {}：警情 {}，{}"}, to_the_second(replayed.was[i].at),
              replayed.was[i].device, replayed.was[i].number, replayed.was[i].what);
  }
  if (replayed.without_time > 0)
    page.line({"{} records are of a time without a clock: they were left out",
               "有 {} 条记录来自没有时钟的时段，已略去"},
              replayed.without_time);
  return page.take();
}

}  // namespace watchpost::cli
