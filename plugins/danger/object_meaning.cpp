#include "danger/object_meaning.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "danger/conditions.hpp"
#include "danger/findings.hpp"
#include "danger/lexicon.hpp"
#include "danger/limits.hpp"
#include "danger/phrase.hpp"
#include "danger/values.hpp"
#include "sdk/text.hpp"

namespace watchpost::danger {
namespace {

namespace json = sdk::json;

constexpr int kDeepest = 6;
constexpr std::size_t kMostFlatMembers = 4096;

// Names of members that only hold others.
constexpr std::string_view kWrappers[] = {
    "bytes",       "data",         "decoded",       "payload",
    "message",     "uplink",       "object",        "value",
    "values",      "event",        "events",        "report",
    "measurement", "measurements", "params",        "properties",
    "services",    "reported",     "fields",        "attributes",
    "telemetry",   "body",         "result",        "dp",
    "datas",       "sensors",      "eventContent",  "event_content",
    "serviceData", "service_data", "readings",      "reading",
    "d",           "msg",          "items",         "list",
    "records",     "record",       "metrics",       "content",
    "sensorData",  "sensor_data",  "dataList",      "data_list",
    "measures",    "points",       "DevEUI_uplink", "tags",
    "new_state",   "event_data",   "datapoints",    "datastreams",
    "e",           "registers",    "service",       "devs",
    "devList",     "deviceList",   "device_list",   "subDevices",
    "sub_devices", "devices",      "detection",     "detections",
    "predictions", "updates",      "BooleanState",  "booleanState"};

// Of these words, or of those: "r_data", "Messages", "rw_prot".
constexpr std::array<std::string_view, 30> kHolderWords{
    "status", "bits",  "bit",      "base",    "info",    "extra",  "additional", "messages",
    "msgs",   "array", "payloads", "sample",  "samples", "metric", "point",      "tag",
    "item",   "param", "lists",    "results", "reports", "nodes",  "r",          "rw",
    "prot",   "val",   "context",  "entries", "basic",   "state"};

// "event_2" where there is one already.
std::string free_name(const std::string& key, const json::object& flat) {
  std::string free = key;
  for (int n = 2; flat.contains(free); ++n) free = key + "_" + std::to_string(n);
  return free;
}

// An event has happened, whatever holds it, unless that is called a setting or what once was.
void flatten(const std::string& name, const json::value& value, int depth, json::object& flat) {
  if (flat.size() >= kMostFlatMembers) return;
  const auto inner = [&](const std::string& key) { return name.empty() ? key : name + "_" + key; };
  if (const auto* object = value.if_object(); object != nullptr && depth < kDeepest) {
    for (const auto& member : *object) {
      const std::string key(member.key());
      const bool held = member.value().is_object() || member.value().is_array();
      const bool is_event = !held && key == "event" && may_tell(name);
      const auto below = is_event ? free_name(key, flat) : inner(key);
      flatten(held && only_holds(key) ? name : below, member.value(), depth + 1, flat);
    }
  } else if (const auto* list = value.if_array(); list != nullptr && depth < kDeepest) {
    std::size_t number = 0;
    for (const auto& each : *list) flatten(inner(std::to_string(++number)), each, depth + 1, flat);
  } else {
    flat[name] = value;
  }
}

struct Number {
  std::string_view key;
  sdk::Quantity quantity;
};
// The names whose unit is the same with every maker that we have seen.
constexpr std::array kNumbers{
    Number{"temperature", {"temperature", "Cel"}},
    Number{"humidity", {"humidity", "%RH"}},
    Number{"battery_level", {"battery", "%EL"}},
    Number{"batteryLevel", {"battery", "%EL"}},
    Number{"battery_percent", {"battery", "%EL"}},
    Number{"battery_pct", {"battery", "%EL"}},
    Number{"batV", {"battery_voltage", "V"}},
    Number{"BatV", {"battery_voltage", "V"}},
    Number{"battery_voltage", {"battery_voltage", "V"}},
};

void add_numbers(const json::object& flat, sdk::Observation& observation) {
  for (const auto& [key, quantity] : kNumbers) {
    const auto number = sdk::number_at(flat, key);
    if (number && !observation.has(quantity.name)) observation.number(quantity, *number);
  }
}

bool says(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [text](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

// The last word of an alarm whose kind stands beside it, or the word itself.
std::optional<watchpost_state> change_in(std::string_view text) {
  if (says(text, {"deactiv", "releas", "ignor", "stop", "clear", "end"})) return WATCHPOST_CLEARED;
  if (says(text, {"trigger", "start"})) return WATCHPOST_ALARM;
  return std::nullopt;
}

// What a maker's decoder says in two members ({"alarm_type":"fall","alarm_status":"triggered"}) or
// under a name without a subject ({"detection_status":"fall"}).
void add_statement(std::string_view key, const std::string& text, const json::object& flat,
                   std::deque<sdk::Observation>& observations) {
  const auto name = sdk::lower_case(key);
  std::optional<watchpost_state> state;
  if (name.ends_with("alarm_type") || name.ends_with("event_type")) {
    const std::string status = std::string(key.substr(0, key.size() - 4)) + "status";
    state = change_in(sdk::lower_case(sdk::text_at(flat, status).value_or("")));
  } else if (name.ends_with("event_name") || name.ends_with("eventname")) {
    // {"eventName":"SOS event."}
    const auto said = meaning_of_text({.name = "event", .text = text});
    if (said.saying == Saying::alarm) state = WATCHPOST_ALARM;
    if (said.saying == Saying::calm) state = WATCHPOST_CLEARED;
  } else if (name.ends_with("detection_status")) {
    state = WATCHPOST_ALARM;
  } else if (name.ends_with("operationstatus") || name.ends_with("operation_status")) {
    state = change_in(text);
  }
  if (!state) return;
  const Phrase words(text);
  for (std::size_t at = 0; at < words.words().size(); ++at) {
    const auto subject = subject_at(words.words(), at);
    if (subject.name == nullptr || subject.name->weak) continue;
    const auto& about = subject_of(subject.name->danger);
    std::erase_if(observations, [&](const sdk::Observation& each) {
      return each.kind() == WATCHPOST_UNNAMED_ALARM;  // now it is known of what
    });
    const bool is_told =
        std::any_of(observations.begin(), observations.end(), [&](const sdk::Observation& each) {
          return each.kind() == about.kind && each.state() == WATCHPOST_ALARM;
        });
    if (is_told && *state == WATCHPOST_ALARM) return;  // by the grammar, or by another event
    sdk::Observation observation(about.kind, *state);
    observation.boolean({about.quantity}, *state == WATCHPOST_ALARM);
    observations.push_back(std::move(observation));
    return;
  }
}

struct Threshold {
  std::string_view ending;
  watchpost_kind kind;
};
constexpr std::array kThresholds{
    Threshold{"distance_alarm", WATCHPOST_WATER_DISTANCE},
    Threshold{"depth_alarm", WATCHPOST_WATER_LEVEL},
    Threshold{"level_alarm", WATCHPOST_WATER_LEVEL},
    Threshold{"liquid_alarm", WATCHPOST_WATER_LEVEL},
    Threshold{"temperature_alarm", WATCHPOST_HEAT},
};

// The device's own limit: {"distance_alarm":"threshold_alarm"}.
void add_threshold(std::string_view key, const std::string& text,
                   std::deque<sdk::Observation>& observations) {
  for (const auto& [ending, kind] : kThresholds) {
    if (!key.ends_with(ending) || !says(text, {"alarm"})) continue;
    if (std::any_of(observations.begin(), observations.end(),
                    [kind = kind](const auto& each) { return each.kind() == kind; })) {
      return;  // the grammar has read it
    }
    const bool over = says(text, {"releas", "dismiss", "clear", "no "});
    sdk::Observation observation(kind, over ? WATCHPOST_NORMAL : WATCHPOST_ALARM);
    if (!over) observation.text({"device_alarm"}, observation.own(text));
    observations.push_back(std::move(observation));
    return;
  }
}

}  // namespace

bool only_holds(std::string_view key) {
  if (is_one_of(key, kWrappers)) return true;
  const Phrase phrase(key);
  const auto words = phrase.words();
  return !words.empty() && std::all_of(words.begin(), words.end(), [](std::string_view word) {
    return is_one_of(word, kWrappers) || is_one_of(word, kHolderWords);
  });
}

ObjectMeaning meaning_of_object(const json::object& object) {
  ObjectMeaning meaning;
  flatten({}, object, 0, meaning.flat);
  const auto findings = findings_in(meaning.flat, nullptr);
  meaning.observations = conditions_of(findings, meaning.flat);
  for (const auto& [key, value] : meaning.flat) {
    if (!value.is_string()) continue;
    const auto text = sdk::lower_case(value.get_string());
    add_statement(key, text, meaning.flat, meaning.observations);
    add_threshold(key, text, meaning.observations);
    if (std::string_view(key).ends_with("action") && calls_for_help(value.get_string())) {
      meaning.observations.push_front(call_for_help(value.get_string()));
    }
  }
  const bool plain = meaning.observations.empty();
  if (plain) meaning.observations.emplace_back(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  auto& first = meaning.observations.front();
  for (const auto& measure : findings.measures) {
    if (!first.has(measure.name)) first.number({measure.name, measure.unit}, measure.number);
  }
  add_numbers(meaning.flat, first);
  if (plain && first.empty()) meaning.observations.clear();
  meaning.unread = findings.unread;
  return meaning;
}

bool speaks_of_danger(const ObjectMeaning& meaning) {
  return !meaning.observations.empty() &&
         meaning.observations.front().kind() != WATCHPOST_MEASUREMENT;
}

bool raises(const ObjectMeaning& meaning) {
  return std::any_of(
      meaning.observations.begin(), meaning.observations.end(), [](const sdk::Observation& each) {
        return each.state() == WATCHPOST_ALARM || each.state() == WATCHPOST_SUSPECTED ||
               each.state() == WATCHPOST_CONFIRMED;
      });
}

}  // namespace watchpost::danger
