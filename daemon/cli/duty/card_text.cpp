#include "cli/duty/card_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "cli/status_json.hpp"
#include "model/device_card.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

struct CardWord {
  std::string_view name, english, chinese;
};
constexpr std::array<CardWord, kCardTexts.size() + 1> kCardWords{
    {{"name", "name", "名称"},
     {"group", "group", "分组"},
     {"household", "household", "住户"},
     {"contact", "contact", "联系人"},
     {"age_group", "age group", "年龄段"},
     {"sex", "sex", "性别"},
     {"consent", "consent", "同意记录"}}};

std::string_view card_word(std::string_view name, Language language) {
  const auto found = std::find_if(kCardWords.begin(), kCardWords.end(),
                                  [name](const CardWord& each) { return each.name == name; });
  if (found == kCardWords.end()) return name;
  return language == Language::english ? found->english : found->chinese;
}

std::string card_line(const json::object& about, std::string_view name, Language language) {
  const bool english = language == Language::english;
  // As who has to call reads it.
  const auto word = english && name == "contact" ? "call" : card_word(name, language);
  return fmt::format("{}{}{}", word, english ? ": " : "：", text(about, name));
}

}  // namespace

void add_call(StatusText& page, const json::object& about, std::string_view indent) {
  for (const std::string_view name : {"household", "contact"}) {
    if (!text(about, name).empty())
      page.add(std::string(indent) + card_line(about, name, page.language()));
  }
}

void add_card(StatusText& page, const json::object& device, std::string_view indent) {
  for (const CardText& each : kCardTexts) {
    if (!text(device, each.name).empty())
      page.add(std::string(indent) + card_line(device, each.name, page.language()));
  }
}

std::string card_changes(const json::object& entry, Language language) {
  const bool is_edit = text(entry, "change") == "edited";
  const auto or_none = [](const std::string& value) { return value.empty() ? "-" : value; };
  std::string all;
  for (const CardText& each : kCardTexts) {
    const auto before = text(entry, std::string(each.name) + "_before");
    const auto after = text(entry, each.name);
    if (before == after) continue;
    all += fmt::format(fmt::runtime(language == Language::english ? "; {}: {}{}" : "；{}：{}{}"),
                       card_word(each.name, language), is_edit ? or_none(before) + " → " : "",
                       or_none(after));
  }
  return all;
}

std::string fixed_texts(const json::object& entry, Language language) {
  std::string all;
  for (const json::value& each : list(entry, "fixed_texts")) {
    if (!each.is_string()) continue;
    if (!all.empty()) all += language == Language::english ? ", " : "、";
    all += card_word(std::string_view(each.get_string()), language);
  }
  return all;
}

}  // namespace watchpost::cli
