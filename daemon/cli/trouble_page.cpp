#include "cli/trouble_page.hpp"

#include <fmt/format.h>

#include <array>

#include "model/trouble_catalogue.hpp"

namespace watchpost::cli {
namespace {

std::string_view cause_says(Language language) {
  return language == Language::chinese ? "按下面 `→` 一行处理"
                                       : "the line with `→` below it says why, and what to do";
}

std::string what_of(const TroubleEntry& entry, Language language) {
  return with_blanks(entry.in(language).what);
}

std::string next_of(const TroubleEntry& entry, Language language) {
  const auto next = with_blanks(entry.in(language).next);
  return next.empty() ? std::string(cause_says(language)) : next;
}

}  // namespace

std::string trouble_table(Language language, TroublePlace place) {
  const bool chinese = language == Language::chinese;
  std::string table = chinese ? "| 显示 | 处理 | 代码 |\n" : "| it says | what to do | code |\n";
  table += "|---|---|---|\n";
  for (const TroubleShape& shape : kTroubleShapes) {
    const TroubleEntry& entry = entry_of(shape.code);
    const bool is_cause = entry.severity == TroubleSeverity::cause;
    if (is_cause != (place == TroublePlace::cause)) continue;
    table += fmt::format("| {} | {} | `{}` |\n", what_of(entry, language), next_of(entry, language),
                         shape.name);
  }
  return table;
}

Result<std::string> trouble_list(std::string_view code, Language language) {
  std::string list;
  for (const TroubleShape& shape : kTroubleShapes) {
    const TroubleEntry& entry = entry_of(shape.code);
    if (!code.empty() && code != shape.name) continue;
    list +=
        fmt::format("{}{}  ({})\n  {}\n  → {}\n", list.empty() ? "" : "\n", shape.name,
                    to_string(entry.severity), what_of(entry, language), next_of(entry, language));
  }
  if (!list.empty()) return list;
  return in_both(
      Failure::Kind::not_found,
      English{fmt::format("No trouble has the code {}", code),
              "`watchpost troubles` lists all of them"},
      Chinese{fmt::format("没有代码为 {} 的故障", code), "`watchpost troubles` 列出全部"});
}

}  // namespace watchpost::cli
