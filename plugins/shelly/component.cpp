#include <boost/json/serialize.hpp>

#include "danger/conditions.hpp"
#include "danger/names.hpp"
#include "danger/site_word.hpp"
#include "shelly/status.hpp"

namespace watchpost::shelly {
namespace {

namespace json = sdk::json;

std::string_view type_of(std::string_view component) {
  return component.substr(0, component.find(':'));
}

// The first of a type speaks for the Shelly; a second probe is a device of its own.
bool is_own(std::string_view component) {
  const auto colon = component.find(':');
  return colon == std::string_view::npos || component.substr(colon) == ":0";
}

struct Slot {
  sdk::Observation& observation;
  bool is_own = false;
};

Slot slot_for(std::string_view component, Report& report) {
  if (is_own(component)) {
    report.has_own = true;
    return {report.own, true};
  }
  auto& told = report.others.emplace_back();
  told.device = std::string(report.device).append("/").append(component);
  told.observation = sdk::Observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  return {told.observation, false};
}

std::string errors_of(const json::object& component) {
  const auto* errors = sdk::member(component, "errors");
  if (errors == nullptr || !errors->is_array()) return {};
  std::string words;
  for (const auto& each : errors->get_array()) {
    if (!each.is_string()) continue;
    words.append(words.empty() ? "" : ", ").append(std::string_view(each.get_string()));
  }
  if (words.empty() && !errors->get_array().empty()) words = "unnamed";
  return words.substr(0, 200);
}

void add_errors(const json::object& component, sdk::Observation& observation, bool is_detector) {
  std::string errors = errors_of(component);
  if (errors.empty() || observation.has("fault")) return;
  observation.boolean({"fault"}, true).text({"errors"}, observation.own(std::move(errors)));
  // What a probe without its cable calls dry is not dry.
  if (!is_detector) return;
  observation.quality(WATCHPOST_INVALID);
  if (observation.state() != WATCHPOST_ALARM) observation.state(WATCHPOST_FAULT);
}

// The alarm in a form that is no boolean is left to the grammar.
watchpost_state state_of(const json::value& alarm, std::string_view type, Report& report) {
  if (alarm.is_null()) return WATCHPOST_UNKNOWN;
  if (alarm.is_bool()) return alarm_state(alarm.get_bool());
  const auto said =
      alarm.is_string()
          ? danger::meaning_of_text({.name = "alarm", .text = alarm.get_string()}).saying
          : danger::Saying::unread;
  if (said >= danger::Saying::suspected) return WATCHPOST_ALARM;
  if (said == danger::Saying::calm) return WATCHPOST_NORMAL;
  if (said == danger::Saying::test) return WATCHPOST_TEST;
  if (said == danger::Saying::unread) {
    report.unread = "the alarm of " + std::string(type) + " says " +
                    json::serialize(alarm).substr(0, 80) + ", in no form that is known";
  }
  return WATCHPOST_UNKNOWN;
}

void read_detector(std::string_view name, const json::object& component, danger::Danger about,
                   Report& report) {
  const auto& subject = danger::subject_of(about);
  auto& observation = slot_for(name, report).observation;
  const auto* alarm = sdk::member(component, "alarm");
  // A NotifyStatus may carry the mute alone: that says nothing about the alarm.
  const auto state = alarm == nullptr ? WATCHPOST_UNKNOWN : state_of(*alarm, type_of(name), report);
  const bool worse = observation.state() != WATCHPOST_ALARM;
  if (worse) observation.kind(subject.kind).state(state);
  if (alarm != nullptr && !observation.has(subject.quantity)) {
    const bool said = state == WATCHPOST_ALARM || state == WATCHPOST_NORMAL;
    observation.boolean({subject.quantity},
                        said ? std::optional(state == WATCHPOST_ALARM) : std::nullopt);
  }
  if (!report.unread.empty()) observation.flag("not_understood");
  if (component.contains("mute") && !observation.has("muted")) {
    observation.boolean({"muted"}, sdk::boolean_at(component, "mute"));
  }
  add_errors(component, observation, true);
}

void read_power(const json::object& component, sdk::Observation& observation) {
  if (const auto* battery = sdk::object_at(component, "battery")) {
    observation.number({"battery", "%EL"}, sdk::number_at(*battery, "percent"));
    observation.number({"battery_voltage", "V"}, sdk::number_at(*battery, "V"));
  }
  if (const auto* mains = sdk::object_at(component, "external")) {
    const auto present = sdk::boolean_at(*mains, "present");
    if (present) observation.boolean({"external_power"}, *present);
  }
}

struct Measured {
  std::string_view type;
  std::string_view member;
  sdk::Quantity quantity;
};
constexpr Measured kMeasured[] = {
    {"temperature", "tC", {"temperature", "Cel"}},
    {"humidity", "rh", {"humidity", "%RH"}},
    {"illuminance", "lux", {"illuminance", "lx"}},
    {"wifi", "rssi", {"rssi", "dBm"}},
};

bool read_measured(std::string_view name, const json::object& component, Report& report) {
  for (const Measured& measured : kMeasured) {
    if (measured.type != type_of(name)) continue;
    if (!component.contains(measured.member) && errors_of(component).empty()) return false;
    auto& observation = slot_for(name, report).observation;
    if (component.contains(measured.member) && !observation.has(measured.quantity.name)) {
      observation.number(measured.quantity, sdk::number_at(component, measured.member));
    }
    add_errors(component, observation, false);
    return true;
  }
  return false;
}

std::string contact_id(std::string_view contact, const Report& report) {
  return std::string(report.device).append("/").append(contact);
}

std::optional<danger::SiteWord> word_of(std::string_view contact, const Report& report) {
  const auto word = danger::site_word(report.options.device(contact_id(contact, report)));
  if (word) return word;
  // A button has one meaning, whichever of its contacts speaks.
  const auto whole = danger::site_word(report.options.device(report.device));
  return whole;
}

void tell(std::string_view contact, sdk::Observation observation, Report& report) {
  const std::string id = contact_id(contact, report);
  const bool listed = report.options.device(id) != nullptr;
  report.others.push_back({listed ? id : std::string(report.device), std::move(observation)});
}

}  // namespace

bool read_contact(std::string_view contact, const json::value& value, Report& report) {
  const auto word = word_of(contact, report);
  const bool listed = report.options.device(contact_id(contact, report)) != nullptr;
  // What is said of the whole device is of its first contact.
  if (!word || (!listed && !is_own(contact))) return false;
  auto said = danger::contact_said(*word, value);
  tell(contact, std::move(said.observation), report);
  if (!said.unread.empty()) report.unread = std::move(said.unread);
  return true;
}

bool read_press(const Press& press, Report& report) {
  const auto contact = press.contact;
  const auto event = press.event;
  const auto word = word_of(contact, report);
  if (!word || event == "btn_up" || !danger::is_press(event)) return false;
  tell(contact, danger::contact_of({word->danger}, true), report);
  return true;
}

bool read_component(std::string_view name, const json::object& component, Report& report) {
  const auto type = type_of(name);
  const auto meaning = danger::meaning_of_name(type);
  const bool detects = meaning.role == danger::Role::danger && !meaning.weak;
  const bool declares =
      component.contains("alarm") || component.contains("mute") || !errors_of(component).empty();
  if (declares && (detects || component.contains("alarm"))) {
    read_detector(name, component, detects ? meaning.danger : danger::Danger::none, report);
    return true;
  }
  if (type == "devicepower") {
    auto& observation = slot_for(name, report).observation;
    read_power(component, observation);
    add_errors(component, observation, false);
    return true;
  }
  if (read_measured(name, component, report)) return true;
  for (const std::string_view member : {"state", "value"}) {
    const auto* value = sdk::member(component, member);
    if (value != nullptr && read_contact(name, *value, report)) return true;
  }
  return false;
}

bool read_components(const json::object& components, Report& report) {
  bool known = false;
  for (const auto& [name, value] : components) {
    const auto* component = value.if_object();
    if (component != nullptr) known = read_component(name, *component, report) || known;
  }
  auto& own = report.own;
  const bool measures = own.has("temperature") || own.has("humidity") || own.has("illuminance");
  if (own.kind() == WATCHPOST_DEVICE_STATUS && measures) own.kind(WATCHPOST_MEASUREMENT);
  return known;
}

}  // namespace watchpost::shelly
