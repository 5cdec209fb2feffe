#include "danger/neighbours.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "danger/gas_names.hpp"
#include "danger/happenings.hpp"
#include "danger/lexicon.hpp"
#include "danger/member_parts.hpp"
#include "danger/names.hpp"
#include "danger/object_meaning.hpp"
#include "danger/phrase.hpp"
#include "danger/topic_meaning.hpp"
#include "danger/values.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr std::size_t kLongestText = 60;  // in characters

bool is_scalar(const json::value& value) {
  return !value.is_object() && !value.is_array();
}

// Neither yes nor no.
bool is_measured(const json::value& value) {
  const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
  return number && *number != 0 && *number != 1;
}

// {"status":1,"statusText":"online"}: the number speaks of the connection.
bool speaks_of_connection(const json::object& object) {
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto* text = member.value().if_string();
    return text != nullptr && part_of(member.key()) == MemberPart::in_words &&
           online_in(*text).has_value();
  });
}

// {"type":"smoke sensor","event":"alarm"}
bool is_event_that_says(std::string_view key, const json::value& value) {
  if (!value.is_string() || !Phrase(key).is("event")) return false;
  const auto said = meaning_of_text({.name = key, .text = value.get_string()});
  const bool says = said.saying == Saying::alarm || said.saying == Saying::suspected ||
                    said.saying == Saying::calm || said.saying == Saying::test ||
                    said.saying == Saying::muted;
  return says && !said.danger;
}

// {"上报":"报警","传感器":"水浸"}: what was reported.
bool tells_of_report(std::string_view key) {
  constexpr std::array<std::string_view, 14> kReports{
      "report", "notice", "notification", "push",   "upload",    "reason",  "cause",
      "signal", "result", "situation",    "prompt", "condition", "message", "uplink"};
  return Phrase(key).is_all_of(kReports);
}

// "lumi.sensor_smoke.acn03": the number of a model says nothing.
std::string without_model_numbers(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  std::string clear;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_digit = words[i].find_first_of("0123456789") != std::string_view::npos;
    const bool known = name_part(words[i]).has_value() || subject_at(words, i).name != nullptr;
    if (has_digit && !known) continue;
    clear.append(clear.empty() ? "" : " ").append(words[i]);
  }
  return clear;
}

// "smokeDetection" says what a device does, and here of what its neighbour tells: "smoke".
std::string without_doubt(std::string_view text) {
  const Phrase phrase(text);
  std::string clear;
  for (const auto word : phrase.words()) {
    if (name_part(word) == NamePart::doubtful) continue;
    clear.append(clear.empty() ? "" : " ").append(word);
  }
  return clear;
}

// "Smoke detector Mrs Li": whose it is, or where, nobody told us; a mere yes is not understood.
std::optional<std::string> of_owner(std::string_view text) {
  constexpr std::array<std::string_view, 3> kDetects{"detector", "sensor", "alarm"};
  const Phrase phrase(text);
  const auto words = phrase.words();
  const auto spoken = danger_in(text);
  const bool is_detector = spoken && !spoken->weak && phrase.has_one_of(kDetects);
  const bool has_unknown = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return !name_part(word) && subject_at(std::span(&word, 1), 0).name == nullptr;
  });
  if (!is_detector || !has_unknown) return std::nullopt;
  return "somebody_" + std::string(subject_of(spoken->danger).quantity);
}

// "floodSensor" of "com.fibaro.floodSensor": what stands before it is who made it, or where it is.
std::string_view last_of_path(std::string_view text) {
  const auto point = text.rfind('.');
  if (point == text.npos || text.find(' ') != text.npos) return text;
  const auto last = text.substr(point + 1);
  return meaning_of_name(last).role == Role::danger ? last : text;
}

// As a danger is called in front of its value; empty for a text that names none.
std::string danger_named(std::string_view text) {
  text = last_of_path(text);
  auto meaning = meaning_of_name(text);
  std::string name(text);
  if (meaning.role == Role::doubtful) {
    name = without_model_numbers(text);
    meaning = meaning_of_name(name);
  }
  if (meaning.role == Role::doubtful) return of_owner(text).value_or(without_doubt(text));
  return names_danger(meaning) ? name : std::string();
}

// "home/hall/smoke" beside the value, as Node-RED passes it on, and "Channel1.Device1.SmokeAlarm":
// the last levels count.
std::string danger_of_path(std::string_view key, std::string_view text) {
  const bool is_topic = Phrase(key).is("topic");
  if (is_topic) return meaning_of_topic(text).name;
  // "/features/smoke/properties/alarm", "notifications.fire"
  if (Phrase(key).is("path")) {
    std::string path(text);
    std::replace(path.begin(), path.end(), '.', '/');
    return meaning_of_topic(path).name;
  }
  constexpr std::array<std::string_view, 9> kIds{"id",        "node id",       "ds id",
                                                 "stream id", "datastream id", "tag id",
                                                 "point id",  "sensor id",     "human name"};
  const Phrase name(key);
  const bool is_id =
      std::any_of(kIds.begin(), kIds.end(), [&](std::string_view words) { return name.is(words); });
  if (!is_id) return {};
  // "ns=2;s=Hall.Smoke"
  const auto at = text.find(";s=");
  return danger_named(at == text.npos ? text : text.substr(at + 3));
}

// "LeakSensor.Report": the event of a thing, which another member tells more about.
std::string danger_of_reporter(std::string_view text) {
  constexpr std::array<std::string_view, 5> kReports{"report", "alert", "getstate", "statuschange",
                                                     "setstate"};
  const auto point = text.rfind('.');
  if (point == text.npos) return {};
  std::string last = sdk::lower_case(text.substr(point + 1));
  return is_one_of(last, kReports) ? danger_named(text.substr(0, point)) : std::string{};
}

// "state" and "alarm" leave it to the device of what they are.
bool leaves_it_open(std::string_view attribute) {
  const auto part = part_of(attribute);
  if (part == MemberPart::value || part == MemberPart::loud_value) return true;
  const auto role = meaning_of_name(attribute).role;
  return role == Role::alarm || role == Role::statement;
}

// Home Assistant's name of a class, and of an entity: "binary_sensor.kitchen_smoke".
std::string entity_named(std::string_view key, std::string_view text) {
  constexpr std::string_view kBinary = "binary_sensor.";
  if (key == "device_class" && text == "moisture") return "water_leak";
  if (key == "device_class") return danger_named(text);
  if (key != "entity_id" || !text.starts_with(kBinary)) return {};
  return danger_named(text.substr(kBinary.size()));
}

// {"deviceType":"smokeDetector","alarmType":"lowPower","alarmState":1}: an alarm of something else.
bool is_type_of_other(std::string_view key, std::string_view text) {
  constexpr std::array<std::string_view, 6> kTypes{"type", "kind",   "code",
                                                   "name", "reason", "identifier"};
  constexpr std::array<std::string_view, 17> kOther{
      "battery",     "power",    "voltage", "tamper",   "fault",         "failure",
      "malfunction", "error",    "offline", "online",   "communication", "signal",
      "test",        "selftest", "trouble", "lowpower", "connection"};
  constexpr std::size_t kFewWords = 3;
  const Phrase phrase(text);
  const bool names = Phrase(key).has_one_of(kTypes) || phrase.words().size() <= kFewWords;
  return names && danger_named(text).empty() && phrase.has_one_of(kOther);
}

// {"point":"FAS.L1.SD-014","value":"Alarm","desc":"Smoke det corridor"}: where nothing else names
// it, what is written of a point that says in words how it is.
std::string described_point(const json::object& object) {
  const auto key = value_in(object);
  const auto* said = key.empty() ? nullptr : object.at(key).if_string();
  if (said == nullptr || sdk::number_of(object.at(key))) return {};
  const auto saying = meaning_of_text({.name = "state", .text = *said});
  if (saying.saying != Saying::calm && saying.saying != Saying::alarm) return {};
  for (const auto& member : object) {
    const auto* text = member.value().if_string();
    const Phrase name(member.key());
    const bool describes = name.is("desc") || name.is("description");
    if (text != nullptr && describes && !is_prose(*text)) return danger_named(*text);
  }
  return {};
}

// {"title":{"en":"Smoke detector"}}: the first of its languages.
const json::string* text_of_title(std::string_view key, const json::value& value) {
  const auto* inside = value.if_object();
  if (inside == nullptr || inside->empty() || !Phrase(key).is("title")) return value.if_string();
  return inside->begin()->value().if_string();
}

About about_in(const json::object& object) {
  std::string device;
  std::string path;
  const bool is_alarm = is_message_of_alarm(object);
  for (const auto& member : object) {
    const auto* text = text_of_title(member.key(), member.value());
    if (text == nullptr || text->empty() || is_prose(*text)) continue;
    if (device.empty()) device = gas_named(member.key(), member.value());
    const auto part = part_of(member.key());
    if (path.empty()) path = danger_of_path(member.key(), *text);
    if (device.empty()) device = entity_named(member.key(), *text);
    if (part == MemberPart::attribute) {
      auto named = danger_named(*text);
      if (!named.empty()) return {std::move(named), true};
      if (!leaves_it_open(*text)) return {std::string(*text), false};
    }
    const Phrase name(member.key());
    // {"deviceType":"GasDetector","type":"alert","name":"低电量告警"}
    const bool names_alarm =
        name.is("identifier") || (is_alarm && name.is("name") && says_alarm_in_words(*text));
    const bool is_of_event = part == MemberPart::event || name.is("event") || names_alarm;
    if (is_of_event && is_type_of_other(member.key(), *text)) {
      return {std::string(*text), false};
    }
    if (device.empty() && name.is("event")) device = danger_of_reporter(*text);
    const bool is_path = name.is("topic");
    const bool tells = (part == MemberPart::what && !is_path) || part == MemberPart::event ||
                       (is_alarm && name.is("title"));
    if (tells && device.empty()) device = danger_named(*text);
  }
  if (device.empty()) device = std::move(path);
  if (device.empty()) device = described_point(object);
  const bool found = !device.empty();
  return {std::move(device), found};
}

}  // namespace

bool is_prose(std::string_view text) {
  // Characters count, since a Chinese one has three bytes.
  const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  });
  return static_cast<std::size_t>(characters) > kLongestText;
}

std::string value_in(const json::object& object, std::string_view about) {
  std::string_view found;
  std::string_view event;
  const bool calls = !about.empty() && meaning_of_name(about).danger == Danger::sos;
  for (const auto& member : object) {
    const auto& value = member.value();
    if (!is_scalar(value) || value.is_null()) continue;
    const bool online = value.is_string() && online_in(value.get_string());
    if (online || (value.is_string() && is_prose(value.get_string()))) continue;
    const auto part = part_of(member.key());
    if (part == MemberPart::loud_value) return std::string(member.key());
    if (calls && tells_a_press(member.key())) return std::string(member.key());
    // "start", but not "report".
    const bool goes = part == MemberPart::course && value.is_string() &&
                      value_part(sdk::lower_case(value.get_string())) != ValuePart::unread;
    // {"value":120,"state":"A2"}: a word says more of it than what was measured.
    const bool is_word = part == MemberPart::value && value.is_string() && !sdk::number_of(value);
    const bool says_more = is_word && !found.empty() && is_measured(object.at(found));
    if (((goes || part == MemberPart::value) && found.empty()) || says_more) found = member.key();
    const bool is_event = is_event_that_says(member.key(), value);
    // {"deviceType":"烟感","设备状态":"报警"}; a number there may speak of the connection.
    const bool is_of_all = is_state_of_thing(member.key()) || is_type_of_message(member.key()) ||
                           tells_of_report(member.key()) || names_grade(member.key());
    const bool alarms =
        value.is_string() && is_of_all && part != MemberPart::value &&
        (says_only_alarm(value.get_string()) || Phrase(value.get_string()).is("violated"));
    if (!about.empty() && (is_event || alarms)) event = member.key();
  }
  if (!found.empty() && speaks_of_connection(object)) return {};
  return std::string(found.empty() ? event : found);
}

bool says_only_alarm(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  if (phrase.is("pre alarm") || phrase.is("prealarm")) return true;
  if (words.size() != 1) return false;
  return words.front().starts_with("alarm") || words.front().starts_with("danger");
}

About about_what(const json::object& object) {
  auto about = about_in(object);
  if (!about.name.empty() || value_in(object).empty()) return about;
  for (const auto& member : object) {
    const auto* inside = member.value().if_object();
    if (inside == nullptr || !value_in(*inside).empty()) continue;
    const bool tells = !only_holds(member.key()) || inside->contains("device_class");
    if (!tells) continue;
    about = about_in(*inside);
    if (!about.name.empty()) return about;
  }
  return about;
}

std::string about_in_header(const json::object& object) {
  constexpr std::array<std::string_view, 5> kHeads{"header", "head", "hdr", "meta", "metadata"};
  if (!value_in(object).empty()) return {};
  for (const auto& member : object) {
    const auto* inside = member.value().if_object();
    if (inside == nullptr || !Phrase(member.key()).is_all_of(kHeads)) continue;
    auto about = about_in(*inside);
    if (about.is_danger) return std::move(about.name);
  }
  return {};
}

bool names_grade(std::string_view key) {
  constexpr std::array<std::string_view, 5> kAlarms{"warn", "warning", "alarm", "alert", "danger"};
  constexpr std::array<std::string_view, 4> kGrades{"level", "grade", "rank", "class"};
  const Phrase name(key);
  const auto words = name.words();
  return words.size() == 2 && is_one_of(words.front(), kAlarms) && is_one_of(words.back(), kGrades);
}

bool is_said_to_be_alarm(const json::object& object) {
  return std::any_of(object.begin(), object.end(), [](const auto& member) {
    const auto* text = member.value().if_string();
    const auto part = part_of(member.key());
    if (text == nullptr || (part != MemberPart::what && part != MemberPart::event)) return false;
    const auto said = meaning_of_text({.name = "event", .text = *text});
    return said.saying == Saying::alarm && !said.danger;
  });
}

bool is_message_of_alarm(const json::object& object) {
  constexpr std::array<std::string_view, 5> kAlarms{"alarm", "alert", "warn", "warning", "alarms"};
  return std::any_of(object.begin(), object.end(), [&](const auto& member) {
    const auto* text = member.value().if_string();
    const bool names =
        text != nullptr && (is_type_of_message(member.key()) || Phrase(member.key()).is("type"));
    if (!names) return false;
    const Phrase phrase(*text);
    return phrase.words().size() == 1 && is_one_of(phrase.words().front(), kAlarms);
  });
}

bool says_alarm_in_words(std::string_view text) {
  const Phrase phrase(text);
  const auto words = phrase.words();
  return std::any_of(words.begin(), words.end(),
                     [](std::string_view word) { return value_part(word) == ValuePart::alarm; });
}

bool tells_of_itself(const json::object& object) {
  constexpr std::array<std::string_view, 12> kOfItself{
      "battery", "batt",        "bat",      "voltage", "rssi",     "snr",
      "lqi",     "linkquality", "firmware", "version", "interval", "online"};
  return std::any_of(object.begin(), object.end(),
                     [&](const auto& member) { return mentions(member.key(), kOfItself); });
}

bool is_setting(const json::object& object) {
  constexpr std::array<std::string_view, 7> kOfSettings{
      "enable", "enabled", "threshold", "limit", "delay", "sensitivity", "volume"};
  return std::any_of(object.begin(), object.end(), [&](const auto& member) {
    const Phrase phrase(member.key());
    const auto words = phrase.words();
    return std::find_first_of(words.begin(), words.end(), kOfSettings.begin(), kOfSettings.end()) !=
           words.end();
  });
}

}  // namespace watchpost::danger
