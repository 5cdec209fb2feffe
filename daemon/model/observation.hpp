// Observation: what one message said about one device, after decoding.
// Promise: a null in a payload stays null, it never becomes false (DOMAIN pitfall 1); a value keeps
// the unit that the device gave it, named after SenML (RFC 8428, RFC 8798) or UCUM. Plain values,
// used on any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "model/event_class.hpp"

namespace watchpost {

enum class Kind : std::uint8_t {
  smoke,
  heat,
  co,
  combustible_gas,
  manual_call_point,
  fire_part,
  fire_system,
  transmission_device,
  hydrant_pressure,
  water_level,
  water_distance,
  water_leak,
  rainfall,
  fall,
  sos,
  presence,
  patrol_scan,
  device_status,
  heartbeat,
  rf_code,
  measurement,
  unnamed_alarm,  // the device says alarm, and nothing says of what
};
inline constexpr std::size_t kKindCount = static_cast<std::size_t>(Kind::unnamed_alarm) + 1;
[[nodiscard]] std::string_view to_string(Kind kind);
[[nodiscard]] std::optional<Kind> kind_from(std::string_view name);
// Names of all kinds, for messages that offer the nearest spelling.
[[nodiscard]] const std::vector<std::string_view>& kind_names();
[[nodiscard]] Domain domain_of(Kind kind);

// What the device itself declares. Fall detectors say `suspected` first and `confirmed` later.
enum class DeclaredState : std::uint8_t {
  normal,
  alarm,
  suspected,
  confirmed,
  cleared,
  test,
  fault,
  tamper,
  unknown,
  info,
};
[[nodiscard]] std::string_view to_string(DeclaredState state);
[[nodiscard]] std::optional<DeclaredState> declared_state_from(std::string_view name);
[[nodiscard]] const std::vector<std::string_view>& declared_state_names();

// Whose clock `observed_at` is read from. `received`: the message names no usable time.
enum class TimeSource : std::uint8_t { device, network, gateway, received };
[[nodiscard]] std::string_view to_string(TimeSource source);

enum class Quality : std::uint8_t { ok, suspect, invalid, stale };
[[nodiscard]] std::string_view to_string(Quality quality);

// One quantity. Names in use: smoke, temperature (Cel), battery (%EL), battery_voltage (V),
// distance (mm), depth (mm), level (m), pressure (kPa), humidity (%RH), rssi (dBm), snr (dB), lqi,
// low_battery, tamper, tilt, muted, test, tag_uid, ...
struct Reading {
  using Value = std::variant<std::monostate, bool, double, std::string>;  // monostate = null
  std::string quantity;
  std::string unit;  // empty where the quantity has none
  Value value;
  friend bool operator==(const Reading&, const Reading&) = default;
};

struct Observation {
  std::string device;  // as the device or its network calls it: EUI, IEEE address, friendly name
  Kind kind = Kind::measurement;
  std::optional<Domain> domain;  // set where the configuration or the topic overrides the kind's
  DeclaredState state = DeclaredState::info;
  std::optional<WallTime> observed_at;  // set unless time_source is `received`
  TimeSource time_source = TimeSource::received;
  Quality quality = Quality::ok;
  bool history = false;      // a late record, by the device's word
  bool stored_copy = false;  // from a broker's retained copy: it says what was once
  std::vector<Reading> readings;
  std::vector<std::string> flags;  // clock_suspect, sentinel, retained, ...
  std::string name{};              // for people: where it hangs; empty where the site says nothing

  [[nodiscard]] const Reading* find(std::string_view quantity) const;
};

[[nodiscard]] Domain domain_of(const Observation& observation);

}  // namespace watchpost
