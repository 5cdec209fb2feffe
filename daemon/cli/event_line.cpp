#include "cli/event_line.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace watchpost::cli {
namespace {

namespace json = boost::json;

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  if (value->is_string()) return std::string(value->get_string());
  // 97, not 9.7E1.
  if (value->is_double()) return fmt::format("{}", value->get_double());
  return json::serialize(*value);
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
  std::string line =
      fmt::format("{}  {:<9} {:<14} {:<28} {}", text(root, "recordedtime"), text(root, "wpclass"),
                  text(root, "id"), text(root, "subject"), state);
  line += readings(data);
  // What could not be read is found again by its topic.
  if (data.if_contains("readings") == nullptr) line += "  " + text(data, "topic");
  if (const auto why = text(data, "why"); !why.empty()) line += "  (" + why + ")";
  return line;
}

}  // namespace watchpost::cli
