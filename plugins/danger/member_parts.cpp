#include "danger/member_parts.hpp"

#include <algorithm>
#include <array>

#include "danger/phrase.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

constexpr std::size_t kLongestId = 60;

// What a device says of its connection, and nothing else.
constexpr std::array<std::string_view, 4> kOnline{"online", "connected", "available", "alive"};
constexpr std::array<std::string_view, 6> kOffline{"offline",     "disconnected", "unavailable",
                                                   "unreachable", "dead",         "lost"};
// Words of the names of members that say of what their neighbour tells, and of the neighbour.
constexpr std::array<std::string_view, 29> kWhat{
    "dev", "topic", "type", "kind", "name", "class", "sensor", "device", "n", "detector",
    "category", "service", "model", "identifier", "code", "tagname",
    // As panels, PLCs and building systems say it: tagName, point, object-name, role.
    "tag", "point", "label", "object", "display", "alias", "role",
    // Where a telegram goes, and which input or circuit it is.
    "destination", "signal", "io", "circuit", "def", "definition"};
// With one of those that says of what kind a thing is, they say no more: service_id, switchType.
constexpr std::array<std::string_view, 10> kBesideKind{
    "id", "switch", "sub", "channel", "part", "component", "system", "equipment", "zone", "group"};
// Of a value that has a name of its own.
constexpr std::array<std::string_view, 14> kAttribute{
    "attribute",   "attr",  "property", "characteristic", "datapoint", "parameter",  "param",
    "measurement", "field", "quantity", "metric",         "variable",  "capability", "signal"};
constexpr std::array<std::string_view, 10> kOfAKind{
    "tag", "point", "type", "kind", "class", "category", "service", "model", "def", "definition"};
constexpr std::array<std::string_view, 8> kPress{"call",    "button",  "key",   "press",
                                                 "pressed", "clicked", "click", "called"};
constexpr std::array<std::string_view, 6> kEvent{"alarm", "alert",   "alerts",
                                                 "event", "warning", "warn"};
constexpr std::array<std::string_view, 15> kOfEvent{
    "type", "code",   "kind", "name",        "content", "message", "msg", "text",
    "info", "reason", "desc", "description", "title",   "data",    "id"};
// statusText: how it is, in words.
constexpr std::array<std::string_view, 7> kInWords{"text",    "desc", "description", "msg",
                                                   "message", "info", "name"};
constexpr std::array<std::string_view, 10> kProse{"msg",          "message", "content", "text",
                                                  "notification", "notice",  "subject", "body",
                                                  "log",          "remark"};
// Whose state it is: deviceStateName.
constexpr std::array<std::string_view, 11> kWhoseState{
    "zone",   "part",     "component", "device",  "system", "equipment",
    "sensor", "detector", "work",      "working", "running"};
constexpr std::array<std::string_view, 9> kLoudValue{"violated",  "alarm",     "alert",
                                                     "triggered", "active",    "detected",
                                                     "detect",    "detection", "tripped"};
constexpr std::array<std::string_view, 15> kValue{"value",   "val", "state",  "status", "flag",
                                                  "on",      "v",   "vb",     "vs",     "nvalue",
                                                  "payload", "sta", "result", "bv",     "faulted"};
// With one of those they say no more: tagValue, present-value.
constexpr std::array<std::string_view, 8> kBesideValue{"event", "tag",     "point", "present",
                                                       "new",   "current", "has",   "to"};
// Without case and without what joins words; the first that is there counts.
constexpr std::array<std::string_view, 25> kNamesOfWho{
    "deviceid",     "device",   "deveui",     "id",        "mac",  "sn",       "serial",
    "imei",         "node",     "nodeid",     "addr",      "idx",  "sid",      "devid",
    "devicesn",     "deviceno", "uuid",       "sensorid",  "ieee", "ieeeaddr", "eui",
    "serialnumber", "serialno", "macaddress", "terminalid"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// "device_id" and "deviceId" are both "deviceid".
bool is_called(std::string_view key, std::string_view name) {
  std::size_t at = 0;
  for (const char c : key) {
    if (c == '_' || c == '-' || c == ' ') continue;
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (at == name.size() || name[at++] != lower) return false;
  }
  return at == name.size();
}

const sdk::json::value* member_called(const sdk::json::object& object, std::string_view name) {
  for (const auto& member : object) {
    if (is_called(member.key(), name)) return &member.value();
  }
  return nullptr;
}

}  // namespace

MemberPart part_of(std::string_view key) {
  const Phrase phrase(key);
  const auto words = phrase.words();
  const auto all = [&](const auto& is_word) {
    return !words.empty() && std::all_of(words.begin(), words.end(), is_word);
  };
  if (all([](auto word) { return is_in(kProse, word); })) return MemberPart::event;
  const bool has_event =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kEvent, word); });
  const bool of_event =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kOfEvent, word); });
  if (has_event && of_event &&
      all([](auto word) { return is_in(kEvent, word) || is_in(kOfEvent, word); })) {
    return MemberPart::event;
  }
  const bool of_a_kind =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kOfAKind, word); });
  const auto is_what = [of_a_kind](auto word) {
    return is_in(kWhat, word) || (of_a_kind && is_in(kBesideKind, word));
  };
  if (all(is_what)) return MemberPart::what;
  if (words.size() == 1 && is_in(kAttribute, words.front())) return MemberPart::attribute;
  const auto in_words = [](auto word) { return is_in(kInWords, word); };
  const auto of_state = [](auto word) { return word == "state" || word == "status"; };
  if (std::any_of(words.begin(), words.end(), in_words) &&
      std::any_of(words.begin(), words.end(), of_state) && all([&](auto word) {
        return in_words(word) || of_state(word) || is_in(kWhoseState, word);
      })) {
    return MemberPart::in_words;
  }
  // alarmStatusName: how the alarm is.
  const bool of_alarm = phrase.has("alarm") && std::any_of(words.begin(), words.end(), of_state);
  if (of_alarm &&
      all([&](auto word) { return word == "alarm" || of_state(word) || in_words(word); }))
    return MemberPart::loud_value;
  if (phrase.is("event label")) return MemberPart::event;
  if (phrase.is("action")) return MemberPart::course;
  const bool loud =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kLoudValue, word); });
  const bool of_value =
      std::any_of(words.begin(), words.end(), [](auto word) { return is_in(kValue, word); });
  if (!all([of_value](auto word) {
        return is_in(kLoudValue, word) || is_in(kValue, word) ||
               (of_value && is_in(kBesideValue, word));
      })) {
    return MemberPart::other;
  }
  return loud ? MemberPart::loud_value : MemberPart::value;
}

bool is_state_of_thing(std::string_view key) {
  const Phrase phrase(key);
  const auto words = phrase.words();
  const auto of_state = [](auto word) { return word == "state" || word == "status"; };
  return std::any_of(words.begin(), words.end(), of_state) &&
         std::all_of(words.begin(), words.end(), [&](auto word) {
           return of_state(word) || is_in(kWhoseState, word) || is_in(kInWords, word);
         });
}

bool tells_a_press(std::string_view key) {
  const Phrase phrase(key);
  const auto words = phrase.words();
  return !words.empty() &&
         std::all_of(words.begin(), words.end(), [](auto word) { return is_in(kPress, word); });
}

std::optional<bool> online_in(std::string_view text) {
  const auto word = sdk::lower_case(sdk::trim(text));
  if (is_in(kOnline, word)) return true;
  if (is_in(kOffline, word)) return false;
  return std::nullopt;
}

std::string id_in(const sdk::json::object& object) {
  // The number of a request, in the envelopes of clouds.
  const bool is_request = object.contains("params") || object.contains("method");
  for (const auto key : kNamesOfWho) {
    if (is_request && key == "id") continue;
    const auto* value = member_called(object, key);
    if (value == nullptr) continue;
    if (value->is_string() && !value->get_string().empty() &&
        value->get_string().size() <= kLongestId) {
      return std::string(value->get_string());
    }
    if (value->is_int64()) return std::to_string(value->get_int64());
    if (value->is_uint64()) return std::to_string(value->get_uint64());
  }
  return {};
}

}  // namespace watchpost::danger
