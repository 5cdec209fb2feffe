#include "home_assistant/classes.hpp"

#include <algorithm>
#include <array>

#include "danger/phrase.hpp"
#include "danger/units.hpp"

namespace watchpost::home_assistant {
namespace {

struct DangerClass {
  std::string_view device_class;
  danger::Danger danger;
};
constexpr std::array kDangers{
    DangerClass{"smoke", danger::Danger::smoke},
    DangerClass{"gas", danger::Danger::gas},
    DangerClass{"heat", danger::Danger::heat},
    DangerClass{"carbon_monoxide", danger::Danger::co},
    DangerClass{"moisture", danger::Danger::leak},
    DangerClass{"safety", danger::Danger::none},
};

// A binary sensor that is no danger. `on`: what the reading is while it is on.
struct Flag {
  std::string_view device_class;
  std::string_view quantity;
  bool on = true;
};
constexpr std::array kFlags{
    Flag{"tamper", "tamper"},
    Flag{"problem", "fault"},
    Flag{"battery", "low_battery"},
    Flag{"connectivity", "online"},
    Flag{"presence", "presence"},
    Flag{"occupancy", "presence"},
    Flag{"motion", "presence"},
    Flag{"moving", "vibration"},
    Flag{"vibration", "vibration"},
    Flag{"door", "contact", false},
    Flag{"window", "contact", false},
    Flag{"opening", "contact", false},
    Flag{"garage_door", "contact", false},
    Flag{"plug", "external_power"},
    Flag{"power", "external_power"},
};
constexpr std::array<std::string_view, 8> kSilent{"battery_charging", "cold",  "light",  "lock",
                                                  "running",          "sound", "update", "none"};

struct Measured {
  std::string_view device_class;
  std::string_view quantity;
  std::string_view unit;  // empty: as the entity says
};
constexpr std::array kMeasured{
    Measured{"temperature", "temperature", "Cel"},
    Measured{"humidity", "humidity", "%RH"},
    Measured{"battery", "battery", "%EL"},
    Measured{"illuminance", "illuminance", "lx"},
    Measured{"carbon_dioxide", "co2", "ppm"},
    Measured{"carbon_monoxide", "co", "ppm"},
    Measured{"signal_strength", "rssi", "dBm"},
    Measured{"pressure", "pressure", ""},
    Measured{"atmospheric_pressure", "pressure", ""},
    Measured{"pm25", "pm25", "ug/m3"},
    Measured{"pm10", "pm10", "ug/m3"},
    Measured{"voltage", "voltage", ""},
    Measured{"current", "current", ""},
    Measured{"power", "power", ""},
    Measured{"energy", "energy", ""},
    Measured{"distance", "distance", ""},
};

template <class T, std::size_t N>
const T* find(const std::array<T, N>& table, std::string_view device_class) {
  for (const T& each : table) {
    if (each.device_class == device_class) return &each;
  }
  return nullptr;
}

// Without a class the name may be the quantity ("Temperature" of an ESPHome without discovery).
const Measured* by_name(std::string_view name) {
  const danger::Phrase phrase(name);
  for (const std::string_view word : {"temperature", "humidity"}) {
    if (phrase.has(word)) return find(kMeasured, word);
  }
  return nullptr;
}

}  // namespace

std::optional<danger::Danger> danger_of_class(std::string_view device_class) {
  const DangerClass* found = find(kDangers, device_class);
  if (found == nullptr) return std::nullopt;
  return found->danger;
}

bool is_plain_class(std::string_view device_class) {
  return find(kFlags, device_class) != nullptr ||
         std::find(kSilent.begin(), kSilent.end(), device_class) != kSilent.end();
}

bool add_flag(std::string_view device_class, bool on, sdk::Observation& observation) {
  const Flag* found = find(kFlags, device_class);
  if (found == nullptr) return false;
  if (!observation.has(found->quantity)) observation.boolean({found->quantity}, on == found->on);
  return true;
}

bool add_number(const Number& number, sdk::Observation& observation) {
  const Measured* measured = find(kMeasured, number.device_class);
  if (measured == nullptr && number.unit.empty()) measured = by_name(number.name);
  std::string_view name = number.name;
  std::string_view unit;
  double value = number.value;
  if (measured != nullptr) {
    name = measured->quantity;
    unit = measured->unit;
  }
  const bool fahrenheit = number.unit == "°F";
  if (fahrenheit) value = (value - 32) / 1.8;
  if (fahrenheit && unit.empty()) unit = "Cel";
  if (unit.empty() && !number.unit.empty()) {
    const auto named = danger::unit_named(number.unit);
    if (!named) return false;
    unit = *named;
  }
  if (name.empty() || observation.has(name)) name = number.name;
  if (name.empty() || observation.has(name)) return false;
  observation.number({name, unit}, value);
  return true;
}

}  // namespace watchpost::home_assistant
