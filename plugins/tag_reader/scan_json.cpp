#include "tag_reader/scan_json.hpp"

#include <algorithm>
#include <array>

namespace watchpost::tag_reader {
namespace {

using sdk::text_at;
namespace json = sdk::json;

constexpr std::array<std::string_view, 22> kUid{
    "uid",     "UID",    "Uid",     "card",       "tag_id", "tag",        "tagId", "tag_uid",
    "tagUid",  "TagID",  "card_id", "cardId",     "cardID", "rfid",       "RFID",  "nfc",
    "card_no", "cardNo", "epc",     "cardNumber", "EPC",    "card_number"};
constexpr std::array<std::string_view, 7> kLink{"url",  "URL",     "uri",    "link",
                                                "ndef", "tag_url", "tag_uri"};

// The first member of `names` that is a text; else nothing.
template <std::size_t N>
std::string_view first_text(const json::object& message,
                            const std::array<std::string_view, N>& names) {
  for (const auto name : names) {
    if (const auto text = text_at(message, name)) return *text;
  }
  return {};
}

bool can_be_uid(const json::value& value) {
  return value.is_string() || value.is_number() || value.is_array();
}

// Tasmota: {"Time":"..","RC522":{"UID":"..","Data":"","Type":".."}}; PN532, RDM6300 and Wiegand
// alike. Wiegand says how many bits came; four or eight are a key of a keypad (docs/Wiegand.md).
std::optional<Reading> tasmota(const json::object& message, int zone_minutes) {
  constexpr std::array<std::string_view, 5> kReaders{"RC522", "PN532", "RDM6300", "Wiegand",
                                                     "MFRC522"};
  constexpr std::array<std::string_view, 2> kContent{"DATA", "Data"};
  for (const auto name : kReaders) {
    const auto* reader = sdk::object_at(message, name);
    if (reader == nullptr) continue;
    const auto* uid = sdk::member(*reader, "UID");
    if (uid == nullptr || !can_be_uid(*uid)) return Reading{Form::echo};
    const auto bits = sdk::number_at(*reader, "Size");
    if (name == "Wiegand" && bits && *bits <= 8) return Reading{Form::key};
    Reading reading{Form::scan, {}};
    reading.scan.uid = uid;
    reading.scan.content = first_text(*reader, kContent);
    reading.scan.type = text_at(*reader, "Type").value_or("");
    reading.scan.time = sdk::time_at(message, "Time", zone_minutes);
    return reading;
  }
  return std::nullopt;
}

// esp-rfid publishes boot, heartbeat and access on one topic; "isKnown" is the text "true".
std::optional<Reading> esp_rfid(const json::object& message, int zone_minutes) {
  const auto type = text_at(message, "type");
  if (!type) return std::nullopt;
  if (*type == "boot" || *type == "heartbeat" || *type == "INFO" || *type == "WARN") {
    return Reading{Form::housekeeping};
  }
  const auto* uid = sdk::member(message, "uid");
  if (*type != "access" || uid == nullptr || !can_be_uid(*uid)) return std::nullopt;
  Reading reading{Form::scan, {}};
  reading.scan.uid = uid;
  reading.scan.reader = text_at(message, "hostname").value_or("");
  reading.scan.patroller = text_at(message, "username").value_or("");
  const auto known = text_at(message, "isKnown");
  if (known == "true" || known == "false") reading.scan.known = known == "true";
  reading.scan.time = sdk::time_at(message, "time", zone_minutes);
  return reading;
}

bool is_hex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The members of a tag's link, where a reader has taken it apart: the code stands last, as it does
// in a link. {"uid":"..","ctr":"..","cmac":".."}, {"picc_data":"..","enc":"..","cmac":".."}
std::string query_of(const json::object& message) {
  std::string query;
  std::string code;
  bool says_which = false;
  for (const auto& member : message) {
    const auto* text = member.value().if_string();
    if (text == nullptr || !is_hex(*text)) continue;
    const std::string_view name = member.key();
    const std::string part = std::string(name).append("=").append(*text);
    if (text->size() == 16 && !is_one_of(name, kUid)) {
      code = part;
    } else if (text->size() == 6 || text->size() == 14 || text->size() == 48 ||
               text->size() % 32 == 0) {
      says_which |= text->size() != 6;
      query.append(part).push_back('&');
    }
  }
  return code.empty() || !says_which ? std::string() : query + code;
}

std::optional<Reading> plain(const json::object& message, int zone_minutes) {
  constexpr std::array<std::string_view, 4> kReader{"device", "reader", "hostname", "reader_id"};
  constexpr std::array<std::string_view, 4> kTime{"time", "Time", "timestamp", "ts"};
  Reading reading{Form::scan, {}};
  reading.scan.link = query_of(message);
  if (reading.scan.link.empty()) reading.scan.link = first_text(message, kLink);
  for (const auto name : kUid) {
    const auto* uid = sdk::member(message, name);
    if (reading.scan.uid == nullptr && uid != nullptr && can_be_uid(*uid)) reading.scan.uid = uid;
  }
  if (reading.scan.uid == nullptr && reading.scan.link.empty()) return std::nullopt;
  reading.scan.reader = first_text(message, kReader);
  for (const auto name : kTime) {
    if (!reading.scan.time) reading.scan.time = sdk::time_at(message, name, zone_minutes);
  }
  return reading;
}

}  // namespace

Reading read_scan(const json::object& message, int zone_minutes) {
  if (const auto reading = tasmota(message, zone_minutes)) return *reading;
  if (const auto reading = esp_rfid(message, zone_minutes)) return *reading;
  return plain(message, zone_minutes).value_or(Reading{});
}

}  // namespace watchpost::tag_reader
