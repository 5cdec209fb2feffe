#include "danger/forms.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kMostPairs = 32;
constexpr std::size_t kLongestPart = 60;
constexpr std::size_t kMostRowsOfTable = 64;

// Where the blank stands in "smoke 0".
std::size_t before_number(std::string_view pair) {
  const auto blank = pair.rfind(' ');
  const bool has_number = blank != pair.npos && sdk::number_from(pair.substr(blank + 1));
  return has_number && pair.find(' ') == blank ? blank : pair.npos;
}

// "%E7%83%9F+1" as browsers and modems write it behind a "=".
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      out.append(*byte);
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

bool is_printable(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte == 0x7F || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
         });
}

// True where so many letters stand side by side.
bool has_a_word(std::string_view text) {
  constexpr int kShortest = 3;
  int run = 0;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
    run = is_letter ? run + 1 : 0;
    if (run == kShortest) return true;
  }
  return false;
}

bool is_plain_value(const json::value& value) {
  return !value.is_object() && !value.is_array();
}

// The names of the columns: texts, and no more than that.
const json::array* columns_in(const json::object& object) {
  for (const auto key : {"columns", "fields", "headers", "header"}) {
    const auto* value = sdk::member(object, key);
    const auto* list = value == nullptr ? nullptr : value->if_array();
    const bool are_names =
        list != nullptr && !list->empty() && list->size() <= kMostPairs &&
        std::all_of(list->begin(), list->end(), [](const auto& each) { return each.is_string(); });
    if (are_names) return list;
  }
  return nullptr;
}

// {"data":[["t","leak"],[1700000000,true]]}: the first row names the columns.
bool is_table(const json::value& value) {
  const auto* list = value.if_array();
  if (list == nullptr || list->size() < 2 || list->size() > kMostRowsOfTable) return false;
  const auto* names = list->front().if_array();
  if (names == nullptr || names->empty() || names->size() > kMostPairs) return false;
  const bool are_names = std::all_of(names->begin(), names->end(), [](const auto& each) {
    return each.is_string() && !each.get_string().empty() && !sdk::number_of(each);
  });
  return are_names && std::all_of(list->begin() + 1, list->end(), [&](const auto& each) {
           const auto* cells = each.if_array();
           return cells != nullptr && cells->size() == names->size() &&
                  std::any_of(cells->begin(), cells->end(),
                              [](const auto& cell) { return !cell.is_string(); }) &&
                  std::all_of(cells->begin(), cells->end(), is_plain_value);
         });
}

json::array rows_below(const json::array& columns, const json::array& list) {
  json::array rows;
  for (std::size_t at = 1; at < list.size(); ++at) {
    const auto& cells = list[at].get_array();
    json::object row;
    for (std::size_t i = 0; i < cells.size(); ++i) row[columns[i].get_string()] = cells[i];
    rows.emplace_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::optional<json::object> pairs_in(std::string_view payload) {
  constexpr std::string_view kBetween = ";,&|\n\r\t";
  json::object pairs;
  std::string_view rest = sdk::trim(payload);
  const bool is_escaped = rest.find('&') != rest.npos || rest.find('%') != rest.npos;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(kBetween), rest.size());
    const std::string_view pair = sdk::trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    auto divider = pair.find_first_of("=:");
    if (divider == std::string_view::npos) divider = before_number(pair);
    if (divider == std::string_view::npos || pairs.size() == kMostPairs) return std::nullopt;
    const auto name = sdk::trim(pair.substr(0, divider));
    const auto value = sdk::trim(pair.substr(divider + 1));
    if (name.empty() || value.empty() || name.size() > kLongestPart) return std::nullopt;
    const bool is_form = is_escaped && pair[divider] == '=';
    pairs[name] = is_form ? unescaped(value) : std::string(value);
  }
  if (pairs.empty()) return std::nullopt;
  return pairs;
}

std::optional<json::value> read_form(std::string_view payload) {
  if (!is_printable(payload)) return std::nullopt;
  if (auto document = xml_in(payload)) return json::value(std::move(*document));
  if (auto lines = lines_of_series(payload)) return json::value(std::move(*lines));
  if (auto pairs = pairs_in(payload)) return json::value(std::move(*pairs));
  if (auto rows = cells_in(payload)) return json::value(std::move(*rows));
  return std::nullopt;
}

std::optional<std::string> text_within(std::string_view payload) {
  constexpr std::size_t kShortest = 8;
  const auto written = sdk::trim(payload);
  if (written.size() < kShortest) return std::nullopt;
  if (auto text = from_hex(written); text && is_printable(*text) && has_a_word(*text)) return text;
  auto text = from_base64(written);
  const bool is_json =
      text && is_printable(*text) && text->starts_with('{') && sdk::trim(*text).ends_with('}');
  return is_json ? text : std::nullopt;
}

std::optional<json::object> pairs_of(const json::array& list) {
  json::object out;
  for (const auto& each : list) {
    const auto* pair = each.if_array();
    if (pair == nullptr || pair->size() != 2 || out.size() == kMostPairs) return std::nullopt;
    const auto* name = pair->front().if_string();
    if (name == nullptr || name->empty() || !is_plain_value(pair->back())) return std::nullopt;
    out[*name] = pair->back();
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<json::array> table_in(const json::value& value) {
  if (!is_table(value)) return std::nullopt;
  const auto& list = value.get_array();
  return rows_below(list.front().get_array(), list);
}

std::optional<json::array> rows_of(const json::object& object) {
  const auto* columns = columns_in(object);
  if (columns == nullptr) {
    for (const auto& member : object) {
      if (auto rows = table_in(member.value())) return rows;
    }
    return std::nullopt;
  }
  json::array rows;
  for (const auto key : {"values", "rows", "data"}) {
    const auto* value = sdk::member(object, key);
    const auto* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr) continue;
    for (const auto& each : *list) {
      const auto* cells = each.if_array();
      if (cells == nullptr || cells->size() != columns->size()) return std::nullopt;
      if (rows.size() == kMostRowsOfTable) break;
      json::object row;
      for (std::size_t i = 0; i < cells->size(); ++i) row[(*columns)[i].get_string()] = (*cells)[i];
      rows.emplace_back(std::move(row));
    }
  }
  if (rows.empty()) return std::nullopt;
  return rows;
}

}  // namespace watchpost::danger
