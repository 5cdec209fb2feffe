#include "cli/states_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "model/kind_words.hpp"
#include "rules/verdict.hpp"

namespace watchpost::cli {
namespace {

std::vector<Kind> all_kinds() {
  std::vector<Kind> kinds;
  for (const std::string_view name : kind_names()) kinds.push_back(*kind_from(name));
  return kinds;
}

std::vector<DeclaredState> all_states() {
  std::vector<DeclaredState> states;
  for (const std::string_view name : declared_state_names())
    states.push_back(*declared_state_from(name));
  return states;
}

Observation said(Kind kind, DeclaredState state) {
  Observation observation;
  observation.kind = kind;
  observation.state = state;
  return observation;
}

struct Page {
  explicit Page(Language of) : language(of) {}

  [[nodiscard]] std::string_view in(std::string_view english, std::string_view chinese) const {
    return language == Language::chinese ? chinese : english;
  }
  // **alarm** where one is raised; else the class.
  [[nodiscard]] std::string cell(const Observation& observation) const {
    const rules::Verdict verdict = rules::judge(observation);
    const auto word = class_word(verdict.event_class, language);
    return verdict.alarm ? fmt::format("**{}**", word) : std::string(word);
  }
  [[nodiscard]] std::string name(Kind kind) const {
    return fmt::format("{} `{}`", kind_word(kind, language), to_string(kind));
  }

  void head(const std::vector<std::string>& cells) {
    text += "|";
    for (const std::string& each : cells) text += fmt::format(" {} |", each);
    text += "\n|";
    for (std::size_t i = 0; i < cells.size(); ++i) text += "---|";
    text += "\n";
  }
  void row(const std::vector<std::string>& cells) {
    text += "|";
    for (const std::string& each : cells) text += fmt::format(" {} |", each);
    text += "\n";
  }

  Language language;
  std::string text{};
};

void add_classes(Page& page) {
  std::vector<std::string> cells{std::string(page.in("kind", "种类"))};
  for (const DeclaredState state : all_states())
    cells.push_back(fmt::format("{} `{}`", state_word(state, page.language), to_string(state)));
  page.head(cells);
  for (const Kind kind : all_kinds()) {
    cells = {page.name(kind)};
    for (const DeclaredState state : all_states()) cells.push_back(page.cell(said(kind, state)));
    page.row(cells);
  }
  page.text += "\n";
}

// The grade of an alarm and of a suspicion; which states take it back; whether it must be proven.
void add_grades(Page& page) {
  page.head({std::string(page.in("kind", "种类")), std::string(page.in("alarm", "报警")),
             std::string(page.in("suspected", "疑似")),
             std::string(page.in("taken back by", "何时解除")),
             std::string(page.in("to be proven", "须证实"))});
  const auto grade = [](const rules::Verdict& verdict) {
    return fmt::format("{}, {}, {}", to_string(verdict.alarm->urgency),
                       to_string(verdict.alarm->severity), to_string(verdict.alarm->certainty));
  };
  for (const Kind kind : all_kinds()) {
    const auto alarm = rules::judge(said(kind, DeclaredState::alarm));
    const auto suspected = rules::judge(said(kind, DeclaredState::suspected));
    if (!alarm.alarm || !suspected.alarm) continue;
    std::string back;
    for (const DeclaredState state : all_states()) {
      if (!rules::takes_alarm_back(said(kind, state))) continue;
      back.append(back.empty() ? "" : page.in(", ", "、"));
      back += state_word(state, page.language);
    }
    page.row({page.name(kind), grade(alarm), grade(suspected), back,
              std::string(rules::is_danger(kind) ? page.in("yes", "是") : page.in("no", "否"))});
  }
  page.text += "\n";
}

struct Special {
  std::string_view english;
  std::string_view chinese;
  void (*change)(Observation&);
};

// What changes the class of a state that would be an alarm, or would be none.
constexpr Special kSpecial[] = {
    {"an alarm that is a late record (`history`)", "报警，但属于补报的旧记录（`history`）",
     [](Observation& o) { o.history = true; }},
    {"an alarm that is a broker's stored copy (`retained`)",
     "报警，但只是服务器保留的旧副本（`retained`）", [](Observation& o) { o.stored_copy = true; }},
    {"a danger in a form that is not understood (`not_understood`)",
     "危险，但内容看不懂（`not_understood`）",
     [](Observation& o) {
       o.state = DeclaredState::unknown;
       o.flags.emplace_back(rules::kNotUnderstood);
     }},
    {"a test", "测试", [](Observation& o) { o.state = DeclaredState::test; }},
    {"at rest, the battery low (`low_battery`)", "正常，但电量低（`low_battery`）",
     [](Observation& o) {
       o.state = DeclaredState::normal;
       o.readings.push_back({"low_battery", "", true});
     }},
};

void add_special(Page& page) {
  page.head({std::string(page.in("a smoke detector says", "烟感发来")),
             std::string(page.in("class", "类别")),
             std::string(page.in("raises an alarm", "发出报警"))});
  for (const Special& special : kSpecial) {
    auto observation = said(Kind::smoke, DeclaredState::alarm);
    special.change(observation);
    const auto verdict = rules::judge(observation);
    page.row({std::string(page.in(special.english, special.chinese)), page.cell(observation),
              std::string(verdict.alarm ? page.in("yes", "是") : page.in("no", "否"))});
  }
}

}  // namespace

std::string states_page(Language language) {
  Page page(language);
  add_classes(page);
  add_grades(page);
  add_special(page);
  return page.text;
}

}  // namespace watchpost::cli
