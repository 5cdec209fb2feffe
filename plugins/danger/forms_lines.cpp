// Series of numbers, a line each: InfluxDB's line protocol ("smoke,room=hall value=1i 17000000000")
// and the text format of Prometheus ("smoke{room=\"hall\"} 1").
#include <algorithm>

#include "danger/forms.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kMostLines = 64;
constexpr std::size_t kMostFields = 64;

// The first `mark` that stands in no quotation marks and behind no backslash; the end, where there
// is none.
std::size_t find_open(std::string_view text, char mark) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (text[i] == mark && !is_quoted) {
      return i;
    }
  }
  return text.size();
}

std::string_view take_up_to(std::string_view& rest, char mark) {
  const auto end = find_open(rest, mark);
  const auto before = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return before;
}

std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() > 1 && text.starts_with('"') && text.ends_with('"');
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

// true as InfluxDB writes it: t, true, T.
std::optional<bool> truth_in(std::string_view text) {
  const std::string word = sdk::lower_case(text);
  if (word == "t" || word == "true") return true;
  if (word == "f" || word == "false") return false;
  return std::nullopt;
}

// "1i" is 1; nothing for what is no value of a field.
std::optional<json::value> field_in(std::string_view text) {
  if (text.starts_with('"')) return json::value(unquoted(text));
  if (const auto truth = truth_in(text)) return json::value(*truth);
  const bool is_whole = text.ends_with('i') || text.ends_with('u');
  const auto number = sdk::number_from(is_whole ? text.substr(0, text.size() - 1) : text);
  if (!number) return std::nullopt;
  return json::value(*number);
}

// name=value,name=value; nothing where one is none.
bool read_fields(std::string_view text, bool are_tags, json::object& out) {
  while (!text.empty()) {
    const auto pair = take_up_to(text, ',');
    const auto divider = find_open(pair, '=');
    if (divider == 0 || divider + 1 >= pair.size() || out.size() == kMostFields) return false;
    const auto written = pair.substr(divider + 1);
    auto value = are_tags ? json::value(unquoted(written)) : field_in(written);
    if (!value) return false;
    out[pair.substr(0, divider)] = std::move(*value);
  }
  return true;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == text.npos;
}

std::optional<json::object> influx_line(std::string_view line) {
  constexpr std::string_view kNoName = "=\"{}<>[]:";
  std::string_view rest = line;
  std::string_view series = take_up_to(rest, ' ');
  const auto fields = take_up_to(rest, ' ');
  const auto name = take_up_to(series, ',');
  if (name.empty() || name.find_first_of(kNoName) != name.npos || fields.empty()) return {};
  if (!is_digits(sdk::trim(rest))) return {};
  json::object out;
  if (!series.empty() && !read_fields(series, true, out)) return {};
  if (!out.contains("name")) out["name"] = name;
  if (!read_fields(fields, false, out)) return {};
  return out;
}

std::optional<json::object> prometheus_line(std::string_view line) {
  const auto open = find_open(line, '{');
  if (open == 0 || open == line.size() || line.find(' ') < open) return {};
  std::string_view rest = line.substr(open + 1);
  auto labels = take_up_to(rest, '}');
  rest = sdk::trim(rest);
  const auto number = sdk::number_from(take_up_to(rest, ' '));
  if (!number || !is_digits(sdk::trim(rest))) return {};
  json::object out;
  if (labels.ends_with(',')) labels.remove_suffix(1);
  if (!read_fields(labels, true, out)) return {};
  out["name"] = line.substr(0, open);
  out["value"] = *number;
  return out;
}

}  // namespace

std::optional<json::array> lines_of_series(std::string_view payload) {
  json::array out;
  while (!payload.empty()) {
    const auto end = std::min(payload.find('\n'), payload.size());
    const auto line = sdk::trim(payload.substr(0, end));
    payload.remove_prefix(std::min(end + 1, payload.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (out.size() == kMostLines) break;
    auto read = prometheus_line(line);
    if (!read) read = influx_line(line);
    if (!read) return std::nullopt;
    out.emplace_back(std::move(*read));
  }
  if (out.empty()) return std::nullopt;
  return out;
}

}  // namespace watchpost::danger
