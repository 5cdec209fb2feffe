#include "tasmota/sensors.hpp"

#include <algorithm>
#include <array>

#include "danger/conditions.hpp"
#include "danger/names.hpp"

namespace watchpost::tasmota {
namespace {

namespace json = sdk::json;

struct Entry {
  std::string_view key;
  sdk::Quantity quantity;
};
// As every driver of the firmware calls them.
constexpr std::array kEntries{
    Entry{"Humidity", {"humidity", "%RH"}},
    Entry{"Illuminance", {"illuminance", "lx"}},
    Entry{"CarbonDioxide", {"co2", "ppm"}},
    Entry{"eCO2", {"co2", "ppm"}},
    Entry{"PM2.5", {"pm25", "ug/m3"}},
    Entry{"PM10", {"pm10", "ug/m3"}},
    Entry{"BatteryPercentage", {"battery", "%EL"}},
    Entry{"BatteryVoltage", {"battery_voltage", "V"}},
    Entry{"LinkQuality", {"lqi"}},
};
// The distance of these drivers is in this many millimetres.
struct Ranger {
  std::string_view driver;
  double millimetres;
};
constexpr std::array kRangers{Ranger{"SR04", 10},   Ranger{"ME007", 10},  Ranger{"VL53L0X", 1},
                              Ranger{"VL53L1X", 1}, Ranger{"VL6180X", 1}, Ranger{"DYP", 10}};
// Objects and members that speak of no surroundings.
constexpr std::array<std::string_view, 8> kOther{"ENERGY", "ESP32",        "Wifi",     "COUNTER",
                                                 "Time",   "PressureUnit", "TempUnit", "SpeedUnit"};

bool is_other(std::string_view name) {
  return std::find(kOther.begin(), kOther.end(), name) != kOther.end();
}

// "temperature", and "temperature_2" for a second of that name.
std::string_view free_name(std::string_view name, sdk::Observation& observation) {
  if (!observation.has(name)) return name;
  constexpr int kMost = 32;
  for (int i = 2; i <= kMost; ++i) {
    std::string next = std::string(name).append("_").append(std::to_string(i));
    if (!observation.has(next)) return observation.own(std::move(next));
  }
  return {};
}

void add_number(sdk::Quantity quantity, std::optional<double> value, sdk::Observation& to) {
  const auto name = free_name(quantity.name, to);
  if (!name.empty()) to.number({name, quantity.unit}, value);
}

struct Units {
  bool fahrenheit = false;
  std::string_view pressure = "hPa";
};

Units units_of(const json::object& message) {
  Units units;
  units.fahrenheit = sdk::text_at(message, "TempUnit") == "F";
  const auto pressure = sdk::text_at(message, "PressureUnit");
  if (pressure && *pressure != "hPa") units.pressure = {};  // mmHg, inHg
  return units;
}

class Drivers {
 public:
  Drivers(const json::object& message, Sensed& sensed)
      : message_(message), units_(units_of(message)), sensed_(sensed) {}

  void collect() {
    for (const auto& [name, value] : message_) {
      if (is_other(name)) continue;
      if (const auto* driver = value.if_object()) {
        collect_driver(name, *driver);
      } else {
        take(name, value);
      }
    }
  }
  void add_to(sdk::Observation& observation) const {
    for (const auto& [name, value] : message_) {
      const auto* driver = value.if_object();
      if (driver == nullptr || is_other(name)) continue;
      add_temperature(*driver, observation);
      add_pressure(*driver, observation);
      add_quantities(*driver, observation);
      add_distance(name, *driver, observation);
    }
  }
  [[nodiscard]] bool has_distance() const {
    return std::any_of(kRangers.begin(), kRangers.end(), [&](const Ranger& ranger) {
      const auto* driver = sdk::object_at(message_, ranger.driver);
      return driver != nullptr && driver->contains("Distance");
    });
  }

 private:
  // Members of an object below the name of the driver where the name alone says nothing.
  void collect_driver(std::string_view driver, const json::object& members) {
    for (const auto& [name, value] : members) {
      if (value.is_object() || value.is_array()) continue;
      if (danger::meaning_of_name(name).role != danger::Role::none) take(name, value);
      const auto of_driver = danger::meaning_of_name(driver);
      if (of_driver.danger != danger::Danger::none) {
        take(std::string(driver).append(" ").append(name), value);
      }
    }
  }
  void take(std::string_view name, const json::value& value) {
    constexpr std::size_t kMost = 64;
    if (sensed_.state.size() >= kMost || sensed_.state.contains(name)) return;
    const auto number = value.is_bool() ? std::nullopt : sdk::number_of(value);
    const bool is_measure = number && *number != 0 && *number != 1;
    if (is_measure) {
      danger::MemberFacts& member = sensed_.facts.members.emplace_back();
      member.name = name;
      member.numeric = true;
    }
    sensed_.state.emplace(name, value);
  }
  void add_temperature(const json::object& driver, sdk::Observation& to) const {
    const auto* value = sdk::member(driver, "Temperature");
    if (value == nullptr) return;
    auto celsius = sdk::number_of(*value);
    if (celsius && units_.fahrenheit) celsius = (*celsius - 32) / 1.8;
    add_number({"temperature", "Cel"}, celsius, to);
  }
  void add_pressure(const json::object& driver, sdk::Observation& to) const {
    const auto* value = sdk::member(driver, "Pressure");
    if (value == nullptr || units_.pressure.empty()) return;
    add_number({"pressure", units_.pressure}, sdk::number_of(*value), to);
  }
  static void add_distance(std::string_view name, const json::object& driver,
                           sdk::Observation& to) {
    const auto* value = sdk::member(driver, "Distance");
    if (value == nullptr) return;
    for (const Ranger& ranger : kRangers) {
      if (ranger.driver != name) continue;
      const auto number = sdk::number_of(*value);
      add_number({"distance", "mm"},
                 number ? std::optional(*number * ranger.millimetres) : std::nullopt, to);
    }
  }

  const json::object& message_;
  Units units_;
  Sensed& sensed_;
};

}  // namespace

void add_quantities(const json::object& object, sdk::Observation& observation) {
  for (const Entry& entry : kEntries) {
    const auto* value = sdk::member(object, entry.key);
    if (value != nullptr) add_number(entry.quantity, sdk::number_of(*value), observation);
  }
}

void read_sensors(const json::object& message, Sensed& sensed) {
  Drivers drivers(message, sensed);
  drivers.collect();
  const auto findings = danger::findings_in(sensed.state, &sensed.facts);
  sensed.observations = danger::conditions_of(findings, sensed.state);
  sensed.unread = findings.unread;
  if (sensed.observations.empty()) {
    const bool ranges = drivers.has_distance();
    sensed.observations.emplace_back(ranges ? WATCHPOST_WATER_DISTANCE : WATCHPOST_DEVICE_STATUS,
                                     ranges ? WATCHPOST_NORMAL : WATCHPOST_INFO);
  }
  sdk::Observation& first = sensed.observations.front();
  const bool plain = first.kind() == WATCHPOST_DEVICE_STATUS;
  drivers.add_to(first);
  for (const auto& measure : findings.measures) {
    if (!first.has(measure.name)) first.number({measure.name, measure.unit}, measure.number);
  }
  if (plain && !first.empty()) first.kind(WATCHPOST_MEASUREMENT);
}

}  // namespace watchpost::tasmota
