#include <array>

#include "shelly/status.hpp"

namespace watchpost::shelly {
namespace {

struct Detector {
  std::string_view name;
  watchpost_kind kind;
  std::string_view quantity;
};
constexpr std::array kDetectors{
    Detector{"flood", WATCHPOST_WATER_LEAK, "water_leak"},
    Detector{"smoke", WATCHPOST_SMOKE, "smoke"},
};

std::optional<bool> boolean_from(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

struct GasWord {
  std::string_view word;
  watchpost_state state;
};
constexpr std::array kGasWords{
    GasWord{"none", WATCHPOST_NORMAL},
    GasWord{"mild", WATCHPOST_ALARM},
    GasWord{"heavy", WATCHPOST_ALARM},
    GasWord{"test", WATCHPOST_TEST},
};

bool is_gas_word(std::string_view word) {
  for (const auto& known : kGasWords) {
    if (known.word == word) return true;
  }
  return false;
}

// Shelly Gas. "unknown" says nothing about the gas; another word may say anything.
void read_gas(std::string_view word, sdk::Observation& observation) {
  observation.kind(WATCHPOST_COMBUSTIBLE_GAS).state(WATCHPOST_UNKNOWN);
  if (!word.empty() && word != "unknown" && !is_gas_word(word)) observation.flag("not_understood");
  for (const auto& known : kGasWords) {
    if (known.word != word) continue;
    observation.state(known.state).text({"gas_alarm"}, known.word);
    return;
  }
  observation.null({"gas_alarm"});
}

}  // namespace

bool read_info(const sdk::json::object& info, sdk::Observation& observation) {
  observation.kind(WATCHPOST_DEVICE_STATUS).state(WATCHPOST_INFO);
  for (const auto& detector : kDetectors) {
    if (!info.contains(detector.name)) continue;
    const auto alarm = sdk::boolean_at(info, detector.name);
    observation.kind(detector.kind).state(alarm_state(alarm)).boolean({detector.quantity}, alarm);
  }
  if (const auto* gas = sdk::object_at(info, "gas_sensor")) {
    read_gas(sdk::text_at(*gas, "alarm_state").value_or(""), observation);
  }
  if (const auto* temperature = sdk::object_at(info, "tmp")) {
    const bool valid = sdk::boolean_at(*temperature, "is_valid").value_or(true);
    const auto celsius = sdk::number_at(*temperature, "tC");
    if (valid && celsius) observation.number({"temperature", "Cel"}, *celsius);
  }
  if (const auto* battery = sdk::object_at(info, "bat")) {
    observation.number({"battery", "%EL"}, sdk::number_at(*battery, "value"));
    observation.number({"battery_voltage", "V"}, sdk::number_at(*battery, "voltage"));
  }
  if (const auto* wifi = sdk::object_at(info, "wifi_sta")) {
    if (const auto rssi = sdk::number_at(*wifi, "rssi")) observation.number({"rssi", "dBm"}, *rssi);
  }
  const bool broken = sdk::number_at(info, "sensor_error").value_or(0) != 0;
  if (broken) observation.boolean({"fault"}, true).quality(WATCHPOST_INVALID);
  if (broken && observation.state() == WATCHPOST_NORMAL) observation.state(WATCHPOST_FAULT);
  observation.observed(sdk::time_at(info, "unixtime", 0), WATCHPOST_TIME_DEVICE);
  return !observation.empty();
}

bool read_sensor(const SensorValue& sensor, sdk::Observation& observation) {
  const auto name = sensor.name;
  const auto value = sensor.value;
  for (const auto& detector : kDetectors) {
    if (name != detector.name) continue;
    const auto alarm = boolean_from(value);
    observation.kind(detector.kind).state(alarm_state(alarm)).boolean({detector.quantity}, alarm);
    return true;
  }
  if (name == "gas") return read_gas(value, observation), true;
  const auto number = sdk::number_from(value);
  if (name == "operation" || name == "error" || name == "sensor_error") {
    const bool fault = value == "fault" || (number && *number != 0);
    observation.kind(WATCHPOST_DEVICE_STATUS)
        .state(fault ? WATCHPOST_FAULT : WATCHPOST_INFO)
        .boolean({"fault"}, fault);
  } else if (name == "concentration") {
    // In ppm, and -1 where it is not measured.
    observation.kind(WATCHPOST_MEASUREMENT)
        .number({"gas_concentration", "ppm"},
                number && *number >= 0 ? number : std::optional<double>());
  } else if (name == "battery") {
    observation.kind(WATCHPOST_DEVICE_STATUS).number({"battery", "%EL"}, number);
  } else if (name == "temperature") {
    observation.number({"temperature", "Cel"}, number);
  } else if (name == "humidity") {
    observation.number({"humidity", "%RH"}, number);
  } else {
    return false;
  }
  return true;
}

}  // namespace watchpost::shelly
