#include "zigbee2mqtt/readings.hpp"

#include <algorithm>
#include <array>

#include "danger/units.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

enum class Form { number, boolean, text };
enum class About { device, surroundings };

struct Entry {
  std::string_view key;
  sdk::Quantity quantity;
  Form form;
  About about;
};

// In the order in which they appear in an observation. Of two keys for one quantity the first
// counts.
constexpr std::array kEntries{
    Entry{"battery", {"battery", "%EL"}, Form::number, About::device},
    Entry{"battery_low", {"low_battery"}, Form::boolean, About::device},
    Entry{"tamper", {"tamper"}, Form::boolean, About::device},
    Entry{"linkquality", {"lqi"}, Form::number, About::device},
    Entry{"test", {"test"}, Form::boolean, About::device},
    Entry{"buzzer_manual_mute", {"muted"}, Form::boolean, About::device},
    Entry{"mute", {"muted"}, Form::boolean, About::device},
    Entry{"fault", {"fault"}, Form::boolean, About::device},
    Entry{"device_temperature", {"device_temperature", "Cel"}, Form::number, About::device},
    Entry{"temperature", {"temperature", "Cel"}, Form::number, About::surroundings},
    Entry{"humidity", {"humidity", "%RH"}, Form::number, About::surroundings},
    Entry{"pressure", {"pressure", "hPa"}, Form::number, About::surroundings},
    Entry{"illuminance", {"illuminance", "lx"}, Form::number, About::surroundings},
    Entry{"co2", {"co2", "ppm"}, Form::number, About::surroundings},
    Entry{"contact", {"contact"}, Form::boolean, About::surroundings},
    Entry{"vibration", {"vibration"}, Form::boolean, About::surroundings},
    Entry{"presence", {"presence"}, Form::boolean, About::surroundings},
    Entry{"occupancy", {"presence"}, Form::boolean, About::surroundings},
    Entry{"sensor_status", {"activity"}, Form::text, About::surroundings},
    Entry{"breathing_rate", {"breathing_rate", "1/min"}, Form::number, About::surroundings},
    Entry{"heart_rate", {"heart_rate", "1/min"}, Form::number, About::surroundings},
    Entry{"location_x", {"location_x", "cm"}, Form::number, About::surroundings},
    Entry{"location_y", {"location_y", "cm"}, Form::number, About::surroundings},
    Entry{"power", {"power", "W"}, Form::number, About::surroundings},
    Entry{"energy", {"energy", "kWh"}, Form::number, About::surroundings},
    Entry{"current", {"current", "A"}, Form::number, About::surroundings},
};

// Devices write air pressure in hPa or in kPa; nowhere on land is one taken for the other.
std::string_view unit_of_air(double pressure) {
  if (pressure >= 300 && pressure <= 1'200) return "hPa";
  if (pressure >= 30 && pressure <= 120) return "kPa";
  return {};
}

// The list of the bridge knows best, but for "%", which is of several things.
sdk::Quantity quantity_of(const Entry& entry, double number, const danger::DeviceFacts* facts) {
  const auto* member = facts == nullptr ? nullptr : facts->member(entry.key);
  const auto listed = member == nullptr ? std::nullopt : danger::unit_named(member->unit);
  if (listed && *listed != "%") return {entry.quantity.name, *listed};
  if (entry.key == "pressure") return {entry.quantity.name, unit_of_air(number)};
  return entry.quantity;
}

void add(const Entry& entry, const sdk::json::value& value, const danger::DeviceFacts* facts,
         sdk::Observation& observation) {
  if (value.is_null()) {
    observation.null(quantity_of(entry, 0, facts));
    return;
  }
  switch (entry.form) {
    case Form::number:
      if (const auto number = sdk::number_of(value)) {
        observation.number(quantity_of(entry, *number, facts), *number);
      }
      return;
    case Form::boolean:
      if (value.is_bool()) observation.boolean(entry.quantity, value.get_bool());
      return;
    case Form::text:
      if (value.is_string()) observation.text(entry.quantity, value.get_string());
      return;
  }
}

// Of the table, or the voltage.
bool is_read_by_name(std::string_view name) {
  if (name == "voltage") return true;
  return std::any_of(kEntries.begin(), kEntries.end(),
                     [&](const Entry& entry) { return entry.key == name; });
}

// Millivolts where the device has a battery; mains plugs publish volts under the same key.
void add_voltage(const sdk::json::object& state, sdk::Observation& observation) {
  const auto* value = sdk::member(state, "voltage");
  if (value == nullptr) return;
  const auto number = sdk::number_of(*value);
  const bool on_battery = state.contains("battery") || state.contains("battery_low");
  if (on_battery) {
    observation.number({"battery_voltage", "V"},
                       number ? std::optional<double>(*number / 1000) : std::nullopt);
  } else if (number) {
    observation.number({"voltage", "V"}, *number);
  }
}

}  // namespace

void add_readings(const sdk::json::object& state, const danger::DeviceFacts* facts,
                  sdk::Observation& observation) {
  for (const auto& entry : kEntries) {
    const auto* value = sdk::member(state, entry.key);
    if (value != nullptr && !observation.has(entry.quantity.name)) {
      add(entry, *value, facts, observation);
    }
  }
  add_voltage(state, observation);
}

void add_measures(const danger::Findings& findings, const sdk::json::object& state,
                  const danger::DeviceFacts* facts, sdk::Observation& observation) {
  for (const auto& measure : findings.measures) {
    if (observation.has(measure.name)) continue;
    observation.number({measure.name, measure.unit}, measure.number);
  }
  if (facts == nullptr) return;
  for (const auto& member : facts->members) {
    if (!member.numeric || member.settable || is_read_by_name(member.name)) continue;
    const auto unit = danger::unit_named(member.unit);
    const auto number = sdk::number_at(state, member.name);
    if (!unit || !number || observation.has(member.name)) continue;
    observation.number({member.name, *unit}, *number);
  }
}

bool measures_something(const sdk::json::object& state) {
  for (const auto& entry : kEntries) {
    if (entry.about == About::surroundings && state.contains(entry.key)) return true;
  }
  return false;
}

}  // namespace watchpost::zigbee2mqtt
