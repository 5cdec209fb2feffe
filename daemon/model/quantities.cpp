#include "model/quantities.hpp"

#include <algorithm>
#include <array>

namespace watchpost {
namespace {

constexpr auto kKnown = std::to_array<std::string_view>({"battery",
                                                         "battery_voltage",
                                                         "carbon_monoxide",
                                                         "co",
                                                         "co2",
                                                         "conductivity",
                                                         "contact",
                                                         "current",
                                                         "depth",
                                                         "distance",
                                                         "door_open",
                                                         "energy",
                                                         "external_power",
                                                         "fall",
                                                         "fault",
                                                         "flow",
                                                         "gas",
                                                         "gas_concentration",
                                                         "heart_rate",
                                                         "heat",
                                                         "humidity",
                                                         "illuminance",
                                                         "level",
                                                         "lqi",
                                                         "low_battery",
                                                         "mains_lost",
                                                         "moisture",
                                                         "muted",
                                                         "occupancy",
                                                         "online",
                                                         "power",
                                                         "presence",
                                                         "pressure",
                                                         "pump_running",
                                                         "rain",
                                                         "rainfall",
                                                         "relay_on",
                                                         "rssi",
                                                         "smoke",
                                                         "smoke_density",
                                                         "snr",
                                                         "tamper",
                                                         "temperature",
                                                         "tilt",
                                                         "vibration",
                                                         "voltage",
                                                         "water_leak",
                                                         "water_level",
                                                         "wind_speed"});

constexpr auto kLengths = std::to_array<std::string_view>({"m", "cm", "mm"});
constexpr auto kPressures = std::to_array<std::string_view>({"kPa", "MPa", "bar", "Pa"});
constexpr auto kRain = std::to_array<std::string_view>({"mm"});

// In the first unit of its family.
struct Unit {
  std::string_view name;
  int family;
  double factor;
};
constexpr auto kMeasures = std::to_array<Unit>({{"m", 0, 1},
                                                {"dm", 0, 0.1},
                                                {"cm", 0, 0.01},
                                                {"mm", 0, 0.001},
                                                {"kPa", 1, 1},
                                                {"Pa", 1, 0.001},
                                                {"hPa", 1, 0.1},
                                                {"mbar", 1, 0.1},
                                                {"bar", 1, 100},
                                                {"MPa", 1, 1'000},
                                                {"%", 2, 1},
                                                {"%RH", 2, 1},
                                                {"%EL", 2, 1},
                                                {"V", 3, 1},
                                                {"mV", 3, 0.001},
                                                {"Cel", 4, 1},
                                                {"°C", 4, 1}});

const Unit* unit_called(std::string_view name) {
  const auto found = std::find_if(kMeasures.begin(), kMeasures.end(),
                                  [name](const Unit& u) { return u.name == name; });
  return found == kMeasures.end() ? nullptr : &*found;
}

bool is_length(std::string_view quantity) {
  return quantity == "level" || quantity == "water_level" || quantity == "depth" ||
         quantity == "distance";
}

}  // namespace

std::span<const std::string_view> known_quantities() {
  return kKnown;
}

bool needs_unit(std::string_view quantity) {
  return is_length(quantity) || quantity == "pressure";
}

std::span<const std::string_view> units_of(std::string_view quantity) {
  if (is_length(quantity)) return kLengths;
  if (quantity == "pressure") return kPressures;
  if (quantity == "rain" || quantity == "rainfall") return kRain;
  return {};
}

Kind kind_of_quantity(std::string_view quantity) {
  if (quantity == "distance") return Kind::water_distance;
  if (is_length(quantity)) return Kind::water_level;
  if (quantity == "rain" || quantity == "rainfall") return Kind::rainfall;
  if (quantity == "pressure") return Kind::hydrant_pressure;
  return Kind::measurement;
}

std::optional<double> converted(double value, UnitPair units) {
  if (units.from == units.to || units.from.empty() || units.to.empty()) return value;
  const Unit* const from = unit_called(units.from);
  const Unit* const to = unit_called(units.to);
  if (from == nullptr || to == nullptr || from->family != to->family) return std::nullopt;
  return value * from->factor / to->factor;
}

}  // namespace watchpost
