#include "model/observation.hpp"

#include <algorithm>

#include "model/names.hpp"
#include "model/per_kind.hpp"

namespace watchpost {
namespace {

struct KindName {
  Kind kind;
  std::string_view name;
  Domain domain;
};

constexpr PerKind<KindName> kKinds{{
    {Kind::smoke, "smoke", Domain::fire},
    {Kind::heat, "heat", Domain::fire},
    {Kind::co, "co", Domain::fire},
    {Kind::combustible_gas, "combustible_gas", Domain::fire},
    {Kind::manual_call_point, "manual_call_point", Domain::fire},
    {Kind::fire_part, "fire_part", Domain::fire},
    {Kind::fire_system, "fire_system", Domain::fire},
    {Kind::transmission_device, "transmission_device", Domain::fire},
    {Kind::hydrant_pressure, "hydrant_pressure", Domain::fire},
    {Kind::water_level, "water_level", Domain::water},
    {Kind::water_distance, "water_distance", Domain::water},
    {Kind::water_leak, "water_leak", Domain::water},
    {Kind::rainfall, "rainfall", Domain::water},
    {Kind::fall, "fall", Domain::fall},
    {Kind::sos, "sos", Domain::fall},
    {Kind::presence, "presence", Domain::fall},
    {Kind::patrol_scan, "patrol_scan", Domain::patrol},
    {Kind::device_status, "device_status", Domain::device},
    {Kind::heartbeat, "heartbeat", Domain::device},
    {Kind::rf_code, "rf_code", Domain::other},
    {Kind::measurement, "measurement", Domain::other},
    {Kind::unnamed_alarm, "unnamed_alarm", Domain::other},
}};
static_assert(is_whole(kKinds));

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
  return row_of(kKinds, kind).name;
}

std::optional<Kind> kind_from(std::string_view name) {
  for (const KindName& each : kKinds) {
    if (each.name == name) return each.kind;
  }
  return std::nullopt;
}

const std::vector<std::string_view>& kind_names() {
  static const auto all = [] {
    std::vector<std::string_view> names;
    for (const KindName& each : kKinds) names.push_back(each.name);
    return names;
  }();
  return all;
}

Domain domain_of(Kind kind) {
  return row_of(kKinds, kind).domain;
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
