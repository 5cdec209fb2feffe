#include "cli/event_line.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/columns.hpp"
#include "cli/local_time.hpp"
#include "cli/status_json.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;

// Writes a number as people do: 97, not 9.7E1; 3.312, not 3.3120000000000003.
std::string shown(const json::value& value) {
  if (value.is_null()) return "?";
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_double()) return json::serialize(value);
  const double measured = value.get_double();
  constexpr double kWholeBelow = 1e15;
  const bool whole =
      measured == static_cast<double>(static_cast<std::int64_t>(
                      measured < kWholeBelow && measured > -kWholeBelow ? measured : 0));
  return whole ? fmt::format("{}", measured) : fmt::format("{:.15g}", measured);
}

std::string readings(const json::object& data) {
  std::string line;
  for (const json::value& value : list(data, "readings")) {
    if (!value.is_object()) continue;
    const json::object& reading = value.get_object();
    const json::value* measured = reading.if_contains("vs");
    if (measured == nullptr) measured = reading.if_contains("vb");
    if (measured == nullptr) measured = reading.if_contains("v");
    const auto unit = text(reading, "u");
    line +=
        fmt::format("  {}={}{}{}", text(reading, "n"), measured == nullptr ? "?" : shown(*measured),
                    unit.empty() ? "" : " ", unit);
  }
  return line;
}

std::string clock_words(const json::object& data) {
  const double offset = static_cast<double>(number(data, "offset_ms")) / 1'000;
  return fmt::format("  clock {} (was {}), set by {:+} s", text(data, "quality"), text(data, "was"),
                     offset);
}

std::string gap_words(const json::object& data) {
  return fmt::format("  given up: {} {} to {} of epoch {}", text(data, "class"),
                     number(data, "first"), number(data, "last"), text(data, "epoch"));
}

std::string who_did(const json::object& by) {
  const auto who = text(by, "who");
  return who.empty() ? "the gateway" : who;
}

std::string change_words(const json::object& data) {
  const json::object& alarm = section(data, "alarm");
  const auto note = text(alarm, "note");
  return fmt::format("  alarm {}: {} to {}, {} by {}{}", number(alarm, "number"),
                     text(alarm, "previous"), text(alarm, "state"), text(alarm, "event"),
                     who_did(section(alarm, "by")), note.empty() ? "" : ": " + note);
}

std::string duty_words(const json::object& data) {
  const auto device = text(data, "device");
  const auto note = text(data, "note");
  return fmt::format("  {}{} by {}{}", text(data, "action"), device.empty() ? "" : " " + device,
                     who_did(section(data, "by")), note.empty() ? "" : ": " + note);
}

// The words for an event that the gateway sends about itself.
std::string gateway_words(std::string_view type, const json::object& data) {
  if (type.find(".gateway.clock.") != std::string_view::npos) return clock_words(data);
  if (type.find(".gateway.gap.") != std::string_view::npos) return gap_words(data);
  if (type.find(".gateway.duty.") != std::string_view::npos) return duty_words(data);
  std::string line;
  for (const auto& [key, value] : data) {
    if (value.is_object() || value.is_array() || key == "reason") continue;
    line += fmt::format("  {}={}", std::string_view(key), shown(value));
  }
  return line;
}

std::string device_of(const json::object& event, const json::object& data) {
  const auto name = text(data, "name");
  const auto id = text(event, "subject");
  return name.empty() ? id : fmt::format("{} ({})", name, id);
}

std::string time_of(const json::object& event) {
  const auto time = local_time(text(event, "recordedtime"));
  return time + (text(event, "wpclock") == "unset" ? "?" : " ");
}

// A text that is no event is also printed as one line.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return printable(line);
}

}  // namespace

std::string event_line(std::string_view event) {
  boost::system::error_code error;
  const json::value parsed = json::parse(event, error);
  if (error || !parsed.is_object()) return one_line(event);
  const json::object& root = parsed.get_object();
  const json::object& data = section(root, "data");
  const auto type = text(root, "type");
  const bool is_gateways = type.find(".gateway.") != std::string::npos;
  std::string state = text(data, "state");
  if (state.empty()) state = text(data, "outcome");
  if (state.empty()) state = text(data, "reason");
  std::string line =
      fmt::format("{} {} {} {} {}", time_of(root), padded(text(root, "wpclass"), 9),
                  padded(text(root, "id"), 14), padded(device_of(root, data), 28), state);
  if (is_gateways) return one_line(line + gateway_words(type, data));
  if (type.find(".transition.") != std::string::npos) return one_line(line + change_words(data));
  line += readings(data);
  // A message that could not be decoded is recognised by its topic.
  if (data.if_contains("readings") == nullptr) line += "  " + text(data, "topic");
  if (const auto why = text(data, "why"); !why.empty()) line += "  (" + why + ")";
  return one_line(line);
}

bool tells_of(std::string_view event, NamedDevice device) {
  boost::system::error_code error;
  const json::value parsed = json::parse(event, error);
  if (error || !parsed.is_object()) return false;
  const json::object& root = parsed.get_object();
  return text(root, "subject") == device.name || text(section(root, "data"), "name") == device.name;
}

}  // namespace watchpost::cli
