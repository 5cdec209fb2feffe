#include "rf_codes/message.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "danger/conditions.hpp"
#include "danger/names.hpp"
#include "danger/phrase.hpp"
#include "danger/rf_codes.hpp"

namespace watchpost::rf_codes {
namespace {

namespace json = sdk::json;

std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_number() || value.is_bool()) return json::serialize(value);
  return {};
}

std::string member_text(const json::object& message, std::string_view key) {
  const auto* value = sdk::member(message, key);
  return value == nullptr ? std::string{} : text_of(*value);
}

struct Entry {
  std::string_view key;
  sdk::Quantity quantity;
  double per = 1;
};
constexpr std::array kEntries{
    Entry{"temperature_C", {"temperature", "Cel"}},
    Entry{"humidity", {"humidity", "%RH"}},
    Entry{"pressure_hPa", {"pressure", "hPa"}},
    Entry{"pressure_kPa", {"pressure", "kPa"}},
    Entry{"battery_V", {"battery_voltage", "V"}},
    Entry{"battery_mV", {"battery_voltage", "V"}, 1000},
    Entry{"depth_cm", {"distance", "mm"}, 0.1},
    Entry{"rssi", {"rssi", "dBm"}},
};

void add_readings(const json::object& message, sdk::Observation& observation) {
  for (const Entry& entry : kEntries) {
    const auto number = sdk::number_at(message, entry.key);
    if (number && !observation.has(entry.quantity.name)) {
      observation.number(entry.quantity, *number / entry.per);
    }
  }
  if (const auto fahrenheit = sdk::number_at(message, "temperature_F")) {
    if (!observation.has("temperature")) {
      observation.number({"temperature", "Cel"}, (*fahrenheit - 32) / 1.8);
    }
  }
  // From 0, empty, to 1, full; old versions say "OK" and "LOW".
  const auto battery = sdk::number_at(message, "battery_ok");
  if (battery) {
    observation.boolean({"low_battery"}, *battery <= 0);
  } else if (const auto word = sdk::text_at(message, "battery")) {
    if (*word == "LOW" || *word == "OK") observation.boolean({"low_battery"}, *word == "LOW");
  }
  const auto tamper = sdk::number_at(message, "tamper");
  if (tamper) observation.boolean({"tamper"}, *tamper != 0);
}

// Reports that are no call: of the battery, that the device is alive, of a test.
bool is_report(const json::object& message, watchpost_state& state) {
  constexpr std::array<std::string_view, 9> kReports{"battery",     "report",    "heartbeat",
                                                     "supervision", "supervise", "ping",
                                                     "alive",       "status",    "checkin"};
  for (const std::string_view key : {"event", "cmd", "command", "message_type"}) {
    const danger::Phrase said(member_text(message, key));
    const bool report = std::any_of(kReports.begin(), kReports.end(),
                                    [&](std::string_view word) { return said.has(word); });
    if (said.has("test")) state = WATCHPOST_TEST;
    if (report || state == WATCHPOST_TEST) return true;
  }
  for (const std::string_view key : {"learn", "test", "testing"}) {
    if (sdk::number_at(message, key).value_or(0) == 0) continue;
    state = WATCHPOST_TEST;
    return true;
  }
  for (const std::string_view key : {"heartbeat", "supervised"}) {
    if (sdk::number_at(message, key).value_or(0) != 0) return true;
  }
  return false;
}

// What a contact of the message says: true for open.
std::optional<bool> contact_in(const json::object& message) {
  for (const std::string_view key : {"contact_open", "reed_open", "opened", "open", "state",
                                     "alarm", "triggered", "detect_wet", "leaking"}) {
    const auto* value = sdk::member(message, key);
    if (value == nullptr) continue;
    if (const auto active = danger::contact_value(*value)) return active;
  }
  if (const auto closed = sdk::number_at(message, "closed")) return *closed == 0;
  return std::nullopt;
}

// Of a device whose meaning the site has given.
Heard listed(const json::object& message, const danger::SiteWord& word, json::object& state) {
  for (const auto& [key, value] : message) {
    const auto role = danger::meaning_of_name(key).role;
    if (role == danger::Role::danger || key == "event" || key == "state") state[key] = value;
  }
  auto findings = danger::findings_in(state, nullptr);
  std::erase_if(findings.dangers,
                [&](const danger::Finding& each) { return each.danger != word.danger; });
  if (!findings.dangers.empty()) {
    auto conditions = danger::conditions_of(findings, state);
    return {std::move(conditions.front()), findings.unread};
  }
  if (const auto contact = contact_in(message)) return {danger::contact_of(word, contact)};
  watchpost_state reported = WATCHPOST_INFO;
  if (is_report(message, reported)) {
    const bool test = reported == WATCHPOST_TEST;
    const auto kind = test ? danger::subject_of(word.danger).kind : WATCHPOST_DEVICE_STATUS;
    return {sdk::Observation(kind, reported)};
  }
  return {danger::contact_of({word.danger}, true)};
}

}  // namespace

std::string device_in(const json::object& message) {
  std::string device = member_text(message, "model");
  for (const std::string_view key : {"subtype", "channel", "id"}) {
    const auto text = member_text(message, key);
    if (!device.empty() && !text.empty()) device.append("/").append(text);
  }
  constexpr std::size_t kLongest = 200;
  return device.size() > kLongest ? std::string{} : device;
}

Heard heard_in(const json::object& message, const std::optional<danger::SiteWord>& word,
               json::object& state) {
  Heard heard{sdk::Observation(WATCHPOST_RF_CODE, WATCHPOST_UNKNOWN)};
  if (word) {
    heard = listed(message, *word, state);
  } else if (message.contains("temperature_C") || message.contains("temperature_F") ||
             message.contains("humidity") || message.contains("depth_cm")) {
    heard.observation.kind(WATCHPOST_MEASUREMENT).state(WATCHPOST_INFO);
  }
  auto& observation = heard.observation;
  for (const std::string_view key : {"code", "data", "cmd", "button"}) {
    const auto text = member_text(message, key);
    if (text.empty() || text.size() > 200 || observation.has("rf_code")) continue;
    observation.text({"rf_code"}, observation.own(text));
  }
  add_readings(message, observation);
  return heard;
}

}  // namespace watchpost::rf_codes
