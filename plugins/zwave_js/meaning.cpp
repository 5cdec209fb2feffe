#include "zwave_js/meaning.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "danger/conditions.hpp"
#include "danger/names.hpp"
#include "danger/site_word.hpp"
#include "danger/units.hpp"
#include "zwave_js/notifications.hpp"

namespace watchpost::zwave_js {
namespace {

namespace json = sdk::json;
using danger::Danger;

// true, "true", 255 and 1; false, "false" and 0.
std::optional<bool> flag_of(const json::value& value) {
  if (const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value)) {
    if (*number == 255) return true;
  }
  return danger::contact_value(value);
}

void conclude(Meant& meant, watchpost_kind kind, watchpost_state state) {
  meant.known = true;
  meant.observation.kind(kind).state(state);
}

void add_flag(Meant& meant, std::string_view quantity, bool value, watchpost_state state) {
  conclude(meant, WATCHPOST_DEVICE_STATUS, state);
  meant.observation.boolean({quantity}, value);
}

void condition(Meant& meant, const Notified& notified, watchpost_state state,
               std::optional<bool> value) {
  const auto& subject = danger::subject_of(notified.danger.value_or(Danger::none));
  conclude(meant, notified.level ? WATCHPOST_WATER_LEVEL : subject.kind, state);
  if (!notified.level) meant.observation.boolean({subject.quantity}, value);
}

void tell(Meant& meant, const Notified& notified, std::string_view what) {
  switch (notified.means) {
    case Means::calm:
      condition(meant, notified, WATCHPOST_NORMAL, false);
      break;
    case Means::alarm:
      condition(meant, notified, WATCHPOST_ALARM, true);
      break;
    case Means::test:
      condition(meant, notified, WATCHPOST_TEST, std::nullopt);
      break;
    case Means::muted:
      condition(meant, notified, WATCHPOST_UNKNOWN, std::nullopt);
      meant.observation.boolean({"muted"}, true);
      break;
    case Means::unread:
      condition(meant, notified, WATCHPOST_UNKNOWN, std::nullopt);
      meant.observation.flag("not_understood");
      meant.unread = "\"" + std::string(what) + "\" is in no form that is known";
      break;
    case Means::fault:
      add_flag(meant, "fault", true, WATCHPOST_FAULT);
      break;
    case Means::sound:
      add_flag(meant, "fault", false, WATCHPOST_NORMAL);
      break;
    case Means::tamper:
      add_flag(meant, "tamper", true, WATCHPOST_TAMPER);
      break;
    case Means::closed:
      add_flag(meant, "tamper", false, WATCHPOST_NORMAL);
      break;
    case Means::battery:
      add_flag(meant, "low_battery", true, WATCHPOST_INFO);
      break;
    case Means::mains_lost:
    case Means::mains:
      add_flag(meant, "external_power", notified.means == Means::mains,
               notified.means == Means::mains ? WATCHPOST_NORMAL : WATCHPOST_FAULT);
      break;
    case Means::presence:
    case Means::absence:
      conclude(meant, WATCHPOST_PRESENCE, WATCHPOST_INFO);
      meant.observation.boolean({"presence"}, notified.means == Means::presence);
      break;
    case Means::opened:
    case Means::shut:
      conclude(meant, WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
      meant.observation.boolean({"contact"}, notified.means == Means::shut);
      break;
    case Means::nothing:
      break;
  }
  const bool says_more = !notified.label.empty() && notified.label != "idle";
  if (meant.known && says_more) meant.observation.text({"event"}, notified.label);
}

void notification(Meant& meant, const Value& place, const json::value& value) {
  const std::string what =
      place.property + " " + place.key + " " + json::serialize(value).substr(0, 80);
  // Alarms of version 1 have numbers of each maker's own.
  if (place.property == "alarmtype" || place.property == "alarmlevel") return;
  if (!place.key.empty() && !is_variable(place.key)) {
    return tell(meant, notified_event({.type = place.property, .event = place.key}), what);
  }
  const auto number =
      value.is_bool() ? std::optional<double>(value.get_bool() ? 1 : 0) : sdk::number_of(value);
  if (!number || *number < 0 || *number > 0xFFFF) {
    if (value.is_null()) return;
    if (value.is_string()) {
      const auto event =
          notified_event({.type = place.property, .event = words_of(value.get_string())});
      return tell(meant, event, what);
    }
    return;
  }
  tell(meant,
       notified_state({.type = place.property, .variable = place.key},
                      static_cast<unsigned>(*number)),
       what);
}

// Types of the binary sensor (BinarySensorCC of zwave-js names them so).
struct Sensor {
  std::string_view property;
  std::optional<Danger> danger{};
  Means on = Means::nothing;
  Means off = Means::nothing;
};
constexpr std::array kSensors{
    Sensor{"smoke", Danger::smoke, Means::alarm, Means::calm},
    Sensor{"co", Danger::co, Means::alarm, Means::calm},
    Sensor{"co2", Danger::none, Means::alarm, Means::calm},
    Sensor{"heat", Danger::heat, Means::alarm, Means::calm},
    Sensor{"water", Danger::leak, Means::alarm, Means::calm},
    Sensor{"tamper", {}, Means::tamper, Means::closed},
    Sensor{"motion", {}, Means::presence, Means::absence},
    Sensor{"door window", {}, Means::opened, Means::shut},
};
// Of the alarm sensor, by number (AlarmSensorCC).
constexpr std::array<Danger, 6> kAlarmSensors{Danger::none, Danger::smoke, Danger::co,
                                              Danger::none, Danger::heat,  Danger::leak};

void binary_sensor(Meant& meant, const Value& place, const json::value& value) {
  const auto on = flag_of(value);
  for (const Sensor& sensor : kSensors) {
    if (sensor.property != place.property) continue;
    if (on) return tell(meant, {*on ? sensor.on : sensor.off, sensor.danger}, place.property);
    if (!sensor.danger) return;
    condition(meant, {Means::nothing, sensor.danger}, WATCHPOST_UNKNOWN, std::nullopt);
    if (value.is_null()) return;
    return tell(meant, {Means::unread, sensor.danger},
                place.property + " " + json::serialize(value).substr(0, 80));
  }
}

void alarm_sensor(Meant& meant, const Value& place, const json::value& value) {
  if (place.property != "state") return;
  const auto type = sdk::number_from(place.key);
  const auto on = flag_of(value);
  if (!on) return;
  const bool known = type && *type >= 0 && *type < static_cast<double>(kAlarmSensors.size());
  const auto topic = known ? kAlarmSensors[static_cast<std::size_t>(*type)] : Danger::none;
  tell(meant, {*on ? Means::alarm : Means::calm, topic}, place.key);
}

void battery(Meant& meant, const Value& place, const json::value& value) {
  if (place.property == "level") {
    conclude(meant, WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    meant.observation.number({"battery", "%EL"}, sdk::number_of(value));
  } else if (place.property == "islow") {
    conclude(meant, WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    meant.observation.boolean({"low_battery"}, flag_of(value));
  }
}

void multilevel_sensor(Meant& meant, const Value& place, const json::value& value,
                       std::string_view unit) {
  const auto number = sdk::number_of(value);
  if (!number) return;
  const bool fahrenheit = unit == "°F";
  sdk::Quantity quantity;
  if (place.property == "humidity") {
    quantity = {"humidity", "%RH"};
  } else if (place.property.ends_with("temperature") && !unit.empty()) {
    quantity = {"temperature", "Cel"};
  } else if (place.property == "illuminance" && unit != "%") {
    quantity = {"illuminance", "lx"};
  } else {
    // As the device calls it; without a unit where nobody tells one that is known.
    std::string name = place.property.substr(0, 100);
    std::replace(name.begin(), name.end(), ' ', '_');
    if (name.empty()) return;
    quantity = {meant.observation.own(std::move(name)), danger::unit_named(unit).value_or("")};
  }
  conclude(meant, WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  meant.observation.number(quantity, fahrenheit ? (*number - 32) / 1.8 : *number);
}

// A value of which the topic says only the name that the site chose for it.
void named(Meant& meant, const Value& place, const json::value& value) {
  const auto flag = flag_of(value);
  json::object state;
  state[place.property] = flag ? json::value(*flag) : value;
  const auto findings = danger::findings_in(state, nullptr);
  if (findings.dangers.empty()) return;
  const auto& danger = findings.dangers.front();
  Notified notified{Means::nothing, danger.danger};
  if (danger.saying >= danger::Saying::suspected) notified.means = Means::alarm;
  if (danger.saying == danger::Saying::calm) notified.means = Means::calm;
  if (danger.saying == danger::Saying::test) notified.means = Means::test;
  if (danger.saying == danger::Saying::unread) notified.means = Means::unread;
  tell(meant, notified, place.property + " " + json::serialize(value).substr(0, 80));
}

}  // namespace

Meant meaning_of(const Value& place, const json::value& value, std::string_view unit,
                 const sdk::Device* listed) {
  Meant meant;
  const auto word = danger::site_word(listed);
  switch (place.command_class) {
    case kNotification:
      notification(meant, place, value);
      break;
    case kBinarySensor:
      binary_sensor(meant, place, value);
      break;
    case kAlarmSensor:
      alarm_sensor(meant, place, value);
      break;
    case kBattery:
      battery(meant, place, value);
      break;
    case kMultilevelSensor:
      multilevel_sensor(meant, place, value, unit);
      break;
    case kCentralScene: {
      // 1 is the release; null that nothing is pressed any more.
      const auto number = sdk::number_of(value);
      if (!word || !number || *number == 1) break;
      meant.known = true;
      meant.observation = danger::contact_of({word->danger}, true);
      break;
    }
    case 0:
      named(meant, place, value);
      break;
    default:
      break;
  }
  const bool may_be_contact =
      place.command_class == kBasic || place.command_class == kBinarySensor ||
      (place.command_class == kNotification && place.key.ends_with("state"));
  if (word && may_be_contact) {
    if (const auto on = flag_of(value)) {
      meant.known = true;
      meant.observation = danger::contact_of(*word, on);
    }
  }
  return meant;
}

}  // namespace watchpost::zwave_js
