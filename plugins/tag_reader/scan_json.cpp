#include "tag_reader/scan_json.hpp"

#include <array>

namespace watchpost::tag_reader {
namespace {

using sdk::text_at;

// The first member of `names` that is a text; else nothing.
template <std::size_t N>
std::string_view first_text(const sdk::json::object& message,
                            const std::array<std::string_view, N>& names) {
  for (const auto name : names) {
    if (const auto text = text_at(message, name)) return *text;
  }
  return {};
}

// Tasmota: {"Time":"..","RC522":{"UID":"..","Data":"","Type":".."}}; PN532 and RDM6300 alike.
std::optional<Reading> tasmota(const sdk::json::object& message, int zone_minutes) {
  constexpr std::array<std::string_view, 3> kReaders{"RC522", "PN532", "RDM6300"};
  constexpr std::array<std::string_view, 2> kContent{"DATA", "Data"};
  for (const auto name : kReaders) {
    const auto* reader = sdk::object_at(message, name);
    if (reader == nullptr) continue;
    const auto uid = text_at(*reader, "UID");
    if (!uid) return Reading{Form::echo};
    Reading reading{Form::scan, {}};
    reading.scan.uid = *uid;
    reading.scan.content = first_text(*reader, kContent);
    reading.scan.type = text_at(*reader, "Type").value_or("");
    reading.scan.time = sdk::time_at(message, "Time", zone_minutes);
    return reading;
  }
  return std::nullopt;
}

// esp-rfid publishes boot, heartbeat and access on one topic; "isKnown" is the text "true".
std::optional<Reading> esp_rfid(const sdk::json::object& message, int zone_minutes) {
  const auto type = text_at(message, "type");
  if (!type) return std::nullopt;
  if (*type == "boot" || *type == "heartbeat" || *type == "INFO" || *type == "WARN") {
    return Reading{Form::housekeeping};
  }
  const auto uid = text_at(message, "uid");
  if (*type != "access" || !uid) return std::nullopt;
  Reading reading{Form::scan, {}};
  reading.scan.uid = *uid;
  reading.scan.reader = text_at(message, "hostname").value_or("");
  reading.scan.patroller = text_at(message, "username").value_or("");
  const auto known = text_at(message, "isKnown");
  if (known == "true" || known == "false") reading.scan.known = known == "true";
  reading.scan.time = sdk::time_at(message, "time", zone_minutes);
  return reading;
}

std::optional<Reading> plain(const sdk::json::object& message, int zone_minutes) {
  constexpr std::array<std::string_view, 6> kUid{"uid", "UID", "card", "tag_id", "tag", "tagId"};
  constexpr std::array<std::string_view, 3> kReader{"device", "reader", "hostname"};
  constexpr std::array<std::string_view, 4> kTime{"time", "Time", "timestamp", "ts"};
  Reading reading{Form::scan, {}};
  reading.scan.uid = first_text(message, kUid);
  if (reading.scan.uid.empty()) return std::nullopt;
  reading.scan.reader = first_text(message, kReader);
  for (const auto name : kTime) {
    if (!reading.scan.time) reading.scan.time = sdk::time_at(message, name, zone_minutes);
  }
  return reading;
}

}  // namespace

Reading read_scan(const sdk::json::object& message, int zone_minutes) {
  if (const auto reading = tasmota(message, zone_minutes)) return *reading;
  if (const auto reading = esp_rfid(message, zone_minutes)) return *reading;
  return plain(message, zone_minutes).value_or(Reading{});
}

}  // namespace watchpost::tag_reader
