#include "cli/event_line.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace watchpost::cli {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string readings(const json::object& event) {
  const json::value* list = event.if_contains("readings");
  if (list == nullptr || !list->is_array()) return {};
  std::string line;
  for (const json::value& value : list->get_array()) {
    if (!value.is_object()) continue;
    const json::object& reading = value.get_object();
    std::string shown = text(reading, "vs");
    if (shown.empty()) shown = text(reading, "vb");
    if (shown.empty()) shown = text(reading, "v");
    if (shown.empty()) shown = "?";
    const auto unit = text(reading, "u");
    line += fmt::format("  {}={}{}{}", text(reading, "n"), shown, unit.empty() ? "" : " ", unit);
  }
  return line;
}

}  // namespace

std::string event_line(std::string_view event) {
  boost::system::error_code error;
  const json::value parsed = json::parse(event, error);
  if (error || !parsed.is_object()) return std::string(event);
  const json::object& root = parsed.get_object();
  static const json::object empty;
  const json::value* value = root.if_contains("data");
  const json::object& data = value != nullptr && value->is_object() ? value->get_object() : empty;
  const auto state = text(data, "state").empty() ? text(data, "outcome") : text(data, "state");
  return fmt::format("{}  {:<9} {:<14} {:<28} {:<10}{}{}", text(root, "recordedtime"),
                     text(root, "wpclass"), text(root, "id"), text(root, "subject"), state,
                     readings(data),
                     text(data, "why").empty() ? "" : "  (" + text(data, "why") + ")");
}

}  // namespace watchpost::cli
