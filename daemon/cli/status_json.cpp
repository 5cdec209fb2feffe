#include "cli/status_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_members.hpp"

namespace watchpost::cli {

namespace json = boost::json;

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::int64_t number(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) return 0;
  if (value->is_double()) return static_cast<std::int64_t>(value->get_double());
  boost::system::error_code none;
  const auto integer = value->to_number<std::int64_t>(none);
  return none ? 0 : integer;
}

const json::object& section(const json::object& object, std::string_view key) {
  static const json::object empty;
  const json::object* const found = object_in(object, key);
  return found == nullptr ? empty : *found;
}

const json::array& list(const json::object& object, std::string_view key) {
  return list_in(object, key);
}

bool has_any(const json::object& counts) {
  return std::any_of(kEventClasses.begin(), kEventClasses.end(), [&](EventClass event_class) {
    return number(counts, to_string(event_class)) > 0;
  });
}

std::string bytes(std::int64_t count) {
  if (count >= 1 << 30) return fmt::format("{:.1f} GiB", static_cast<double>(count) / (1 << 30));
  if (count >= 1 << 20) return fmt::format("{:.1f} MiB", static_cast<double>(count) / (1 << 20));
  if (count >= 1 << 10) return fmt::format("{:.1f} KiB", static_cast<double>(count) / (1 << 10));
  return fmt::format("{} B", count);
}

std::string duration(std::int64_t seconds, Language language) {
  const bool english = language == Language::english;
  if (seconds >= 172'800) return fmt::format("{} {}", seconds / 86'400, english ? "days" : "天");
  if (seconds >= 7'200) return fmt::format("{} {}", seconds / 3'600, english ? "h" : "小时");
  if (seconds >= 120) return fmt::format("{} {}", seconds / 60, english ? "min" : "分钟");
  return fmt::format("{} {}", seconds, english ? "s" : "秒");
}

std::string per_class(const json::object& counts, Language language, bool sizes) {
  std::string line;
  for (const auto event_class : kEventClasses) {
    const auto count = number(counts, to_string(event_class));
    if (!line.empty()) line += language == Language::english ? ", " : "，";
    line += class_word(event_class, language);
    line += sizes ? " " + bytes(count) : fmt::format(" {}", count);
  }
  return line;
}

}  // namespace watchpost::cli
