// GS524N, whose layout is its own, and what tables cannot say of other models.
#include "lorawan/milesight_hooks.hpp"
#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::milesight {
namespace {

unsigned octet(std::string_view value, std::size_t at) {
  return static_cast<std::uint8_t>(value[at]);
}

watchpost_state gs524n_state(unsigned message) {
  switch (message) {
    case 1:
      return WATCHPOST_ALARM;
    case 2:
      return WATCHPOST_UNKNOWN;  // silenced by hand: mute is not clear
    case 5:
      return WATCHPOST_FAULT;
    case 10:
      return WATCHPOST_TAMPER;
    case 14:
    case 15:
      return WATCHPOST_TEST;
    case 4:
    case 7:
    case 11:
      return WATCHPOST_NORMAL;
    default:
      return WATCHPOST_UNKNOWN;
  }
}

bool is_published(unsigned message) {
  return gs524n_state(message) != WATCHPOST_UNKNOWN || message == 2;
}

void not_understood(Findings& findings, watchpost_kind kind) {
  settle(findings.current, kind, WATCHPOST_UNKNOWN);
  findings.current.flag("not_understood");
}

}  // namespace

void press(std::string_view value, Findings& findings) {
  if (value.empty()) return;
  const auto code = octet(value, 0);
  const std::string_view name = code == 1   ? "short"
                                : code == 2 ? "long"
                                : code == 3 ? "double"
                                            : "unknown";
  // Whatever the finger did, somebody pressed the button of a person who may need help.
  settle(findings.current, WATCHPOST_SOS, WATCHPOST_ALARM);
  if (findings.current.has("sos")) return;
  findings.current.boolean({"sos"}, true).text({"button"}, name);
}

// 0 power off, 1 power on, 2 fault, 3 fault gone, 4 soon past its life, 5 past its life.
void gas_detector_event(std::string_view value, Findings& findings) {
  if (value.empty()) return;
  const auto code = octet(value, 0);
  if (code == 2 || code == 5) findings.current.boolean({"fault"}, true);
  if (code == 0 || code == 2 || code == 5) {  // what is off or broken smells no gas
    settle(findings.current, WATCHPOST_COMBUSTIBLE_GAS, WATCHPOST_FAULT);
  }
  if (code == 3) findings.current.boolean({"fault"}, false);
  if (code < 2) findings.current.boolean({"external_power"}, code == 1);
  findings.current.number({"device_alarm_code"}, code);
}

// 1 no water for too long, 2 over; 3 water flows for too long (perhaps a leak), 4 over.
void water_meter_alarm(std::string_view value, Findings& findings) {
  if (value.size() < 9) return;
  const auto code = octet(value, 8);
  if (code == 0 || code > 4) return not_understood(findings, WATCHPOST_MEASUREMENT);
  const bool alarm = code == 1 || code == 3;
  settle(findings.current, WATCHPOST_MEASUREMENT, alarm ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  if (alarm) findings.current.text({"device_alarm"}, code == 1 ? "no_flow" : "long_flow");
}

// 0 not calibrated, 1 full, 2 critical, 255 error; with a second byte: 1 alarm, 0 alarm over.
void liquid(std::string_view value, Findings& findings) {
  if (value.empty()) return;
  auto& current = findings.current;
  const auto code = octet(value, 0);
  const bool alarm = code == 2 || (value.size() > 1 && octet(value, 1) == 1);
  if (alarm) {
    settle(current, WATCHPOST_WATER_LEVEL, WATCHPOST_ALARM);
    current.text({"device_alarm"}, "liquid_critical");
  } else if (code == 0 || code == 255) {
    settle(current, WATCHPOST_WATER_LEVEL, code == 0 ? WATCHPOST_UNKNOWN : WATCHPOST_FAULT);
    current.quality(WATCHPOST_INVALID);
  } else if (code == 1 && (value.size() == 1 || octet(value, 1) == 0)) {
    settle(current, WATCHPOST_WATER_LEVEL, WATCHPOST_NORMAL);
  } else {
    not_understood(findings, WATCHPOST_WATER_LEVEL);
  }
}

// The last byte: bit 0 to 2, an axis is over its threshold.
void tilt_angles(std::string_view value, Findings& findings) {
  if (value.size() < 7) return;
  const bool over = (octet(value, 6) & 0x07U) != 0;
  settle(findings.current, WATCHPOST_MEASUREMENT, over ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  if (over) findings.current.text({"device_alarm"}, "threshold");
}

// Three angles in hundredths of a degree, each with its threshold in the lowest bit.
void tilt_angles_with_bits(std::string_view value, Findings& findings) {
  if (value.size() < 6) return;
  sdk::ByteReader bytes(value);
  bool over = false;
  for (const std::string_view axis : {"angle_x", "angle_y", "angle_z"}) {
    const int word = bytes.i16le();
    over = over || (word & 1) != 0;
    findings.current.number({axis, "deg"}, (word >> 1) / 100.0);
  }
  settle(findings.current, WATCHPOST_MEASUREMENT, over ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  if (over) findings.current.text({"device_alarm"}, "threshold");
}

// 0 out of the blind zone again, 1 the water stands in it, 2 no target, 3 the sensor failed.
void radar_exception(std::string_view value, Findings& findings) {
  if (value.size() < 3) return;
  auto& current = findings.current;
  switch (octet(value, 2)) {
    case 0:
      return settle(current, WATCHPOST_WATER_DISTANCE, WATCHPOST_NORMAL);
    case 1:
      settle(current, WATCHPOST_WATER_DISTANCE, WATCHPOST_ALARM);
      current.text({"device_alarm"}, "blind_zone");
      return;
    case 2:
      return settle(current, WATCHPOST_WATER_DISTANCE, WATCHPOST_UNKNOWN);
    case 3:
      current.boolean({"fault"}, true);
      return settle(current, WATCHPOST_WATER_DISTANCE, WATCHPOST_FAULT);
    default:
      return not_understood(findings, WATCHPOST_WATER_DISTANCE);
  }
}

// Six bytes that sum to 0: versions, sensor type and message, battery, smoke, temperature,
// checksum.
bool gs524n(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  unsigned sum = 0;
  for (const char byte : uplink.bytes) sum += static_cast<std::uint8_t>(byte);
  bytes.u8();
  const unsigned message = bytes.u8() & 0x0F;
  const auto battery = bytes.u8();
  const auto smoke = bytes.u8();
  const auto temperature = bytes.i8();
  bytes.u8();
  if (!bytes.ok() || !bytes.at_end()) {
    decoded.why = "a GS524N sends 6 bytes";
    return false;
  }
  if (sum % 256 != 0) {
    decoded.why = "the checksum of the GS524N is wrong";
    return false;
  }
  sdk::Observation observation(WATCHPOST_SMOKE, gs524n_state(message));
  if (message == 1 || message == 7) observation.boolean({"smoke"}, message == 1);
  observation.number({"smoke_density", "%"}, smoke).number({"temperature", "Cel"}, temperature);
  observation.number({"battery", "%EL"}, battery);
  if (!is_published(message)) observation.flag("not_understood");
  if (message == 2) observation.boolean({"muted"}, true);
  if (message == 5) observation.boolean({"fault"}, true);
  if (message == 4 || message == 15) observation.boolean({"low_battery"}, true);
  if (message == 10) observation.boolean({"tamper"}, true);
  if (message == 14 || message == 15) observation.boolean({"test"}, true);
  decoded.observations.push_back(std::move(observation));
  return true;
}

}  // namespace watchpost::lorawan::milesight
