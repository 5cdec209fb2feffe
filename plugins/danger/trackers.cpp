#include "danger/trackers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kMostTrackerFields = 40;
constexpr std::size_t kLongestLine = 1024;

bool are_all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (fields.size() < kMostTrackerFields) {
    const auto end = line.find(',');
    fields.push_back(sdk::trim(line.substr(0, end)));
    if (end == line.npos) break;
    line.remove_prefix(end + 1);
  }
  return fields;
}

json::object call_of(std::string_view event, std::string_view who) {
  json::object out{{"event", event}};
  if (!who.empty()) out["imei"] = who;
  return out;
}

// Queclink, "@Track Air Interface Protocol" of GL200, GL300, GV200 and GV300: "GTSOS" is the only
// report that a person asks for help with. GTFLA tells of fuel, GTMPN and GTMPF of power, GTTOW of
// towing, GTHBM of driving. "+BUFF": kept back while there was no network.
std::optional<json::object> queclink_call(std::string_view line) {
  const bool is_report = line.starts_with("+RESP:GTSOS,") || line.starts_with("+BUFF:GTSOS,");
  if (!is_report) return std::nullopt;
  constexpr std::size_t kImeiDigits = 15;
  const auto fields = fields_of(line);
  for (std::size_t i = 1; i < std::min<std::size_t>(fields.size(), 3); ++i) {
    if (fields[i].size() == kImeiDigits && are_all_digits(fields[i]))
      return call_of("sos alarm", fields[i]);
  }
  return call_of("sos alarm", {});
}

// Coban TK103, "GPS103 protocol": "help me" is the button for SOS.
std::optional<json::object> coban_call(std::string_view line) {
  if (!line.starts_with("imei:")) return std::nullopt;
  const auto fields = fields_of(line.substr(sizeof("imei:") - 1));
  constexpr std::size_t kFewest = 3;
  if (fields.size() < kFewest || !are_all_digits(fields[0]) || fields[1] != "help me")
    return std::nullopt;
  return call_of("sos alarm", fields[0]);
}

// The protocol of GPS watches (3G, SG, CS and ZJ in front): AL is an alarm, and the upper bits of
// its status say which: 16 SOS, 21 and 22 a fall; battery, fences and the strap are others.
std::optional<json::object> watch_call(std::string_view line) {
  constexpr std::size_t kStatusField = 16;
  constexpr std::size_t kHexDigits = 8;
  constexpr std::uint32_t kSos = 1U << 16U;
  constexpr std::uint32_t kFalls = (1U << 21U) | (1U << 22U);
  if (!line.starts_with('[')) return std::nullopt;
  const auto al = line.find("*AL,");
  const auto id = line.find('*');
  if (al == line.npos || id >= al) return std::nullopt;
  const auto fields = fields_of(line.substr(al + 1));
  if (fields.size() <= kStatusField || fields[kStatusField].size() < kHexDigits)
    return std::nullopt;
  const auto status = fields[kStatusField].substr(0, kHexDigits);
  std::uint32_t bits = 0;
  const auto* end = status.data() + status.size();
  if (std::from_chars(status.data(), end, bits, 16).ptr != end) return std::nullopt;
  const auto who = line.substr(id + 1, line.find('*', id + 1) - id - 1);
  if ((bits & kSos) != 0) return call_of("sos alarm", who);
  if ((bits & kFalls) != 0) return call_of("fall alarm", who);
  return std::nullopt;
}

}  // namespace

std::optional<json::object> tracker_call_in(std::string_view text) {
  const auto line = sdk::trim(text);
  if (line.size() > kLongestLine) return std::nullopt;
  if (auto call = queclink_call(line)) return call;
  if (auto call = coban_call(line)) return call;
  return watch_call(line);
}

}  // namespace watchpost::danger
