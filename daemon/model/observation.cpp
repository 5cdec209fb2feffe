#include "model/observation.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace watchpost {
namespace {

constexpr names::Table<Kind, 22> kKindNames{{
    {Kind::smoke, "smoke"},
    {Kind::heat, "heat"},
    {Kind::co, "co"},
    {Kind::combustible_gas, "combustible_gas"},
    {Kind::manual_call_point, "manual_call_point"},
    {Kind::fire_part, "fire_part"},
    {Kind::fire_system, "fire_system"},
    {Kind::transmission_device, "transmission_device"},
    {Kind::hydrant_pressure, "hydrant_pressure"},
    {Kind::water_level, "water_level"},
    {Kind::water_distance, "water_distance"},
    {Kind::water_leak, "water_leak"},
    {Kind::rainfall, "rainfall"},
    {Kind::fall, "fall"},
    {Kind::sos, "sos"},
    {Kind::presence, "presence"},
    {Kind::patrol_scan, "patrol_scan"},
    {Kind::device_status, "device_status"},
    {Kind::heartbeat, "heartbeat"},
    {Kind::rf_code, "rf_code"},
    {Kind::measurement, "measurement"},
    {Kind::unnamed_alarm, "unnamed_alarm"},
}};

constexpr names::Table<DeclaredState, 10> kStateNames{{
    {DeclaredState::normal, "normal"},
    {DeclaredState::alarm, "alarm"},
    {DeclaredState::suspected, "suspected"},
    {DeclaredState::confirmed, "confirmed"},
    {DeclaredState::cleared, "cleared"},
    {DeclaredState::test, "test"},
    {DeclaredState::fault, "fault"},
    {DeclaredState::tamper, "tamper"},
    {DeclaredState::unknown, "unknown"},
    {DeclaredState::info, "info"},
}};

constexpr names::Table<TimeSource, 4> kTimeSourceNames{{
    {TimeSource::device, "device"},
    {TimeSource::network, "network"},
    {TimeSource::gateway, "gateway"},
    {TimeSource::received, "received"},
}};

constexpr names::Table<Quality, 4> kQualityNames{{
    {Quality::ok, "ok"},
    {Quality::suspect, "suspect"},
    {Quality::invalid, "invalid"},
    {Quality::stale, "stale"},
}};

template <class Table>
std::vector<std::string_view> names_in(const Table& table) {
  std::vector<std::string_view> list;
  for (const auto& [value, name] : table) list.push_back(name);
  return list;
}

}  // namespace

std::string_view to_string(Kind kind) {
  return names::name_of(kKindNames, kind);
}

std::optional<Kind> kind_from(std::string_view name) {
  return names::value_of(kKindNames, name);
}

const std::vector<std::string_view>& kind_names() {
  static const auto all = names_in(kKindNames);
  return all;
}

Domain domain_of(Kind kind) {
  switch (kind) {
    case Kind::smoke:
    case Kind::heat:
    case Kind::co:
    case Kind::combustible_gas:
    case Kind::manual_call_point:
    case Kind::fire_part:
    case Kind::fire_system:
    case Kind::transmission_device:
    case Kind::hydrant_pressure:
      return Domain::fire;
    case Kind::water_level:
    case Kind::water_distance:
    case Kind::water_leak:
    case Kind::rainfall:
      return Domain::water;
    case Kind::fall:
    case Kind::sos:
    case Kind::presence:
      return Domain::fall;
    case Kind::patrol_scan:
      return Domain::patrol;
    case Kind::device_status:
    case Kind::heartbeat:
      return Domain::device;
    case Kind::rf_code:
    case Kind::measurement:
    case Kind::unnamed_alarm:
      return Domain::other;
  }
  return Domain::other;
}

std::string_view to_string(DeclaredState state) {
  return names::name_of(kStateNames, state);
}

std::optional<DeclaredState> declared_state_from(std::string_view name) {
  return names::value_of(kStateNames, name);
}

const std::vector<std::string_view>& declared_state_names() {
  static const auto all = names_in(kStateNames);
  return all;
}

std::string_view to_string(TimeSource source) {
  return names::name_of(kTimeSourceNames, source);
}

std::string_view to_string(Quality quality) {
  return names::name_of(kQualityNames, quality);
}

const Reading* Observation::find(std::string_view quantity) const {
  const auto found = std::find_if(readings.begin(), readings.end(), [&](const Reading& reading) {
    return reading.quantity == quantity;
  });
  return found == readings.end() ? nullptr : &*found;
}

Domain domain_of(const Observation& observation) {
  return observation.domain.value_or(domain_of(observation.kind));
}

}  // namespace watchpost
