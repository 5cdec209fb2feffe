// Dragino's distance, level and pressure sensors. Source:
// dragino/dragino-end-node-decoder@e81cc58a.
#include <algorithm>
#include <array>

#include "lorawan/dragino_parts.hpp"

namespace watchpost::lorawan::dragino {
namespace {

constexpr std::uint16_t kNoEcho = 0;  // no ultrasonic sensor detected
constexpr std::uint16_t kTooNear = 20;
constexpr std::uint16_t kError = 0xFFFF;

void add_distance(std::string_view quantity, std::uint16_t mm, sdk::Observation& observation) {
  const sdk::Quantity distance{quantity, "mm"};
  if (mm == kNoEcho || mm == kError) {
    observation.null(distance).flag("sentinel").quality(WATCHPOST_INVALID).state(WATCHPOST_FAULT);
  } else if (mm == kTooNear) {
    observation.number(distance, mm).flag("sentinel").quality(WATCHPOST_SUSPECT);
  } else {
    observation.number(distance, mm);
  }
}

// Of several heads some may not be connected: that is no fault of the others.
void add_head(std::string_view quantity, std::uint16_t mm, sdk::Observation& observation) {
  const bool there = mm != kNoEcho && mm != kError;
  if (there) {
    observation.number({quantity, "mm"}, mm);
  } else {
    observation.null({quantity, "mm"}).flag("sentinel");
  }
}

sdk::Observation distance_observation() {
  return {WATCHPOST_WATER_DISTANCE, WATCHPOST_NORMAL};
}

void ldds_record(sdk::ByteReader& bytes, sdk::Observation& observation) {
  observation = distance_observation();
  add_battery(bytes.u16be(), observation);
  add_distance("distance", bytes.u16be(), observation);
  add_temperature(bytes.i16be(), observation);
}

void dds04_record(sdk::ByteReader& bytes, sdk::Observation& observation) {
  observation = distance_observation();
  bytes.u8();
  for (const std::string_view head : {"distance_1", "distance_2", "distance_3"}) {
    add_head(head, bytes.u16be(), observation);
  }
}

void dds75_3_record(sdk::ByteReader& bytes, sdk::Observation& observation) {
  observation = distance_observation();
  for (const std::string_view head : {"distance_1", "distance_2", "distance_3"}) {
    add_head(head, bytes.u16be(), observation);
  }
}

void lidar_record(sdk::ByteReader& bytes, sdk::Observation& observation) {
  observation = distance_observation();
  bytes.take(2);
  add_distance("distance", bytes.u16be(), observation);
}

// Interrupt, probe temperature, sensor flag: how an LDDS report ends.
void add_ldds_tail(sdk::ByteReader& bytes, sdk::Observation& observation) {
  observation.boolean({"interrupt"}, bytes.u8() != 0);
  add_temperature(bytes.i16be(), observation);
  if (bytes.u8() != 0) return;
  observation.flag("no_sensor").quality(WATCHPOST_INVALID).state(WATCHPOST_FAULT);
}

// A DDS75-LB with flag 0x1000 of the battery word: a row of distances behind the eighth byte, the
// latest last, then the tail.
bool ldds_row(sdk::ByteReader& bytes, sdk::Observation& observation, Decoded& decoded) {
  bytes.take(6);
  std::uint16_t latest = kNoEcho;
  while (bytes.left() >= 6) latest = bytes.u16be();
  add_distance("distance", latest, observation);
  add_ldds_tail(bytes, observation);
  if (!bytes.ok() || !bytes.at_end()) return malformed(decoded, "a row of distances that is cut");
  return keep(decoded, std::move(observation));
}

// What the pressure or depth is for a current, by the probe's number of the mode.
struct Probe {
  double zero;  // mA
  double per_ma;
};
constexpr std::array kPressureKpa{Probe{4, 37.5},   Probe{4, 62.5},  Probe{4, 100},
                                  Probe{4, 156.25}, Probe{4, 625},   Probe{4, 2500},
                                  Probe{4, 3750},   Probe{4, -6.25}, Probe{12, 12.5},
                                  Probe{4, 0.3125}, Probe{4, 3.125}, Probe{4, 6.25}};

void add_probe(unsigned mode, unsigned probe, double ma, sdk::Observation& observation) {
  if (mode == 0) {  // a probe in water; `probe` is its range in metres
    observation.kind(WATCHPOST_WATER_LEVEL).state(WATCHPOST_NORMAL);
    observation.number({"depth", "mm"}, std::max(ma - 4, 0.0) * probe * 1000 / 16);
  } else if (mode == 1 && probe >= 1 && probe <= kPressureKpa.size()) {
    const auto& [zero, per_ma] = kPressureKpa[probe - 1];
    observation.kind(WATCHPOST_HYDRANT_PRESSURE).state(WATCHPOST_NORMAL);
    observation.number({"pressure", "kPa"}, ma <= 4 ? 0 : (ma - zero) * per_ma);
  }
}

}  // namespace

// LDDS45, LDDS75, LDDS20 and the -LB line: battery, distance mm, interrupt, temperature, sensor
// flag, big endian. Old firmware without a probe sends the first 4 bytes only.
bool ldds(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &ldds_record, decoded);
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  const auto size = uplink.bytes.size();
  auto observation = distance_observation();
  if (uplink.port == 6 && size >= 2 && size % 2 == 0) {  // a row, the latest last
    bytes.take(size - 2);
    add_distance("distance", bytes.u16be(), observation);
    return keep(decoded, std::move(observation));
  }
  const bool row = size > 12 && (static_cast<std::uint8_t>(uplink.bytes.front()) & 0x10U) != 0;
  if (size != 4 && size != 5 && size != 8 && !row) {
    return malformed(decoded, "an LDDS sends 4, 5 or 8 bytes");
  }
  const auto battery = bytes.u16be();
  add_battery(row ? battery & 0x0FFF : battery, observation);
  if (row) return ldds_row(bytes, observation, decoded);
  add_distance("distance", bytes.u16be(), observation);
  if (size == 5) observation.boolean({"interrupt"}, bytes.u8() != 0);
  if (size == 8) add_ldds_tail(bytes, observation);
  return keep(decoded, std::move(observation));
}

// LDDS04, DDS04-LB: battery, four distances in 0.1 cm, message type.
bool dds04(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &dds04_record, decoded);
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (bytes.left() != 11) return malformed(decoded, "a DDS04 report has 11 bytes");
  auto observation = distance_observation();
  add_battery(bytes.u16be(), observation);
  for (const std::string_view head : {"distance_1", "distance_2", "distance_3", "distance_4"}) {
    add_head(head, bytes.u16be(), observation);
  }
  return keep(decoded, std::move(observation));
}

// DDS75-3-LB: battery, temperature, three distances, flags.
bool dds75_3(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &dds75_3_record, decoded);
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (bytes.left() != 11) return malformed(decoded, "a DDS75-3 report has 11 bytes");
  auto observation = distance_observation();
  add_battery(bytes.u16be(), observation);
  add_temperature(bytes.i16be(), observation);
  for (const std::string_view head : {"distance_1", "distance_2", "distance_3"}) {
    add_head(head, bytes.u16be(), observation);
  }
  return keep(decoded, std::move(observation));
}

// LLDS12, LDS12-LB, LDS25-LB, LDS40-LB: battery, temperature, distance in 0.1 cm, signal,
// interrupt, temperature of the head, message type.
bool lidar(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &lidar_record, decoded);
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (bytes.left() != 11) return malformed(decoded, "a lidar's report has 11 bytes");
  auto observation = distance_observation();
  add_battery(bytes.u16be(), observation);
  add_temperature(bytes.i16be(), observation);
  add_distance("distance", bytes.u16be(), observation);
  bytes.take(2);
  observation.boolean({"interrupt"}, (bytes.u8() & 0x01U) != 0);
  return keep(decoded, std::move(observation));
}

// PS-LB: battery, mode and number of the probe, its current and voltage, inputs. Port 7 is a row of
// currents, whose probe it does not tell.
bool ps_lb(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (uplink.port == 7 && bytes.left() >= 2) {
    sdk::Observation status(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    add_battery(bytes.u16be(), status);
    return keep(decoded, std::move(status));
  }
  if (bytes.left() < 9) return malformed(decoded, "a PS-LB report has 9 bytes");
  sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  add_battery(bytes.u16be(), observation);
  const unsigned mode = bytes.u8();
  const unsigned probe = bytes.u8();
  const double ma = bytes.u16be() / 1000.0;
  add_probe(mode, probe, ma, observation);
  observation.number({"loop_current", "mA"}, ma);
  observation.number({"voltage", "V"}, bytes.u16be() / 1000.0);
  return keep(decoded, std::move(observation));
}

}  // namespace watchpost::lorawan::dragino
