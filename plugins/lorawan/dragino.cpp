// Dragino's leak and door sensors and its button, and the list of its profiles.
// Source: dragino/dragino-end-node-decoder@e81cc58a.
#include <array>

#include "lorawan/dragino_parts.hpp"
#include "lorawan/models.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan::dragino {
namespace {

constexpr int kNoProbe = 0x0CCC;

bool bit(unsigned byte, unsigned n) {
  return (byte >> n & 1U) != 0;
}

// LWL02 and its sister LDS02: battery with door and leak bits, mode (1 door, 2 leak, 3 both),
// counter, minutes, alarm bit. Port 7 of an LDS02 counts edges.
bool lwl02(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto word = bytes.u16be();
  sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  add_battery(word, observation);
  if (uplink.port == 7 && bytes.left() == 3) {
    observation.boolean({"contact"}, (word & 0x8000) == 0).number({"event_count"}, bytes.u24be());
    return keep(decoded, std::move(observation));
  }
  const auto mode = bytes.u8();
  const auto times = bytes.u24be();
  const auto minutes = bytes.u24be();
  const bool timeout = bit(bytes.u8(), 0);
  if (!bytes.ok() || !bytes.at_end()) return malformed(decoded, "an LWL02 sends 10 bytes");
  const bool leak = (word & 0x4000) != 0;
  if (mode < 1 || mode > 3) {  // some of the maker's codecs read the two bits all the same
    decoded.unread = "an LWL02 mode that is not 1, 2 or 3";
    observation.kind(WATCHPOST_WATER_LEAK).state(leak ? WATCHPOST_ALARM : WATCHPOST_UNKNOWN);
    if (leak) observation.boolean({"water_leak"}, true);
    return keep(decoded, std::move(observation.flag("partly_read")));
  }
  if (mode != 1) {
    observation.kind(WATCHPOST_WATER_LEAK).state(leak ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
    observation.boolean({"water_leak"}, leak);
  }
  if (mode != 2) observation.boolean({"contact"}, (word & 0x8000) == 0);
  if (mode != 3) {
    observation.number({"event_count"}, times).number({"last_event_duration", "min"}, minutes);
  }
  if (timeout) observation.text({"device_alarm"}, "timeout");  // open or wet for too long
  return keep(decoded, std::move(observation));
}

// State bits (0 wet, 1 wet for too long), counter, minutes; then the device's time.
void leak_part(sdk::ByteReader& bytes, sdk::Observation& observation) {
  const unsigned state = bytes.u8();
  const bool leak = bit(state, 0);
  const bool timeout = bit(state, 1);
  observation.kind(WATCHPOST_WATER_LEAK);
  observation.state(leak || timeout ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  observation.boolean({"water_leak"}, leak);
  observation.number({"event_count"}, bytes.u24be());
  observation.number({"last_event_duration", "min"}, bytes.u24be());
  if (timeout) observation.text({"device_alarm"}, "timeout");
}

void door_part(sdk::ByteReader& bytes, sdk::Observation& observation) {
  const unsigned state = bytes.u8();
  observation.boolean({"contact"}, !bit(state, 0));
  observation.number({"event_count"}, bytes.u24be());
  observation.number({"last_event_duration", "min"}, bytes.u24be());
  if (bit(state, 1)) observation.text({"device_alarm"}, "timeout");
}

// LWL03A, LWL04-LB, WL03A-LB.
bool leak_with_time(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &leak_part, decoded);
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (bytes.left() != kRecordSize) return malformed(decoded, "a leak report has 11 bytes");
  sdk::Observation observation(WATCHPOST_WATER_LEAK, WATCHPOST_NORMAL);
  leak_part(bytes, observation);
  return keep(decoded, std::move(observation));
}

// LDS03A, DS03A-LB: one contact, or two in 18 bytes.
bool door_with_time(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &door_part, decoded);
  if (uplink.port == kSettings) return true;
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (bytes.left() != kRecordSize && bytes.left() != 18) {
    return malformed(decoded, "a door report has 11 or 18 bytes");
  }
  sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  door_part(bytes, observation);
  bytes.take(4);
  if (!bytes.at_end()) observation.boolean({"contact_2"}, !bit(bytes.u8(), 0));
  return keep(decoded, std::move(observation));
}

void button_part(sdk::ByteReader& bytes, sdk::Observation& observation) {
  add_temperature(bytes.i16be(), observation);
  bytes.take(4);
  const bool pressed = bit(bytes.u8(), 0);
  observation.kind(WATCHPOST_SOS).state(pressed ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  observation.boolean({"sos"}, pressed);
}

// PB01: battery, sound settings, alarm bit, temperature, humidity.
bool pb01(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kRecords) return records(uplink, &button_part, decoded);
  if (uplink.port == kFacts) return device_facts(uplink, decoded);
  sdk::ByteReader bytes(uplink.bytes);
  if (uplink.port != 2 || bytes.left() != 8) return malformed(decoded, "a PB01 sends 8 bytes");
  const auto battery = bytes.u16be();
  bytes.u8();
  const bool pressed = bit(bytes.u8(), 0);
  sdk::Observation observation(WATCHPOST_SOS, pressed ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  observation.boolean({"sos"}, pressed);
  add_battery(battery, observation);
  add_temperature(bytes.i16be(), observation);
  observation.number({"humidity", "%RH"}, bytes.u16be() / 10.0);
  return keep(decoded, std::move(observation));
}

constexpr std::array kCodecs{
    NamedCodec{"dragino_ldds45", &ldds},
    NamedCodec{"dragino_ldds75", &ldds},
    NamedCodec{"dragino_ldds20", &ldds},
    NamedCodec{"dragino_dds45_lb", &ldds},
    NamedCodec{"dragino_dds75_lb", &ldds},
    NamedCodec{"dragino_dds20_lb", &ldds},
    NamedCodec{"dragino_dds75_3_lb", &dds75_3},
    NamedCodec{"dragino_ldds04", &dds04},
    NamedCodec{"dragino_dds04", &dds04},
    NamedCodec{"dragino_dds04_lb", &dds04},
    NamedCodec{"dragino_llds12", &lidar},
    NamedCodec{"dragino_lds12_lb", &lidar},
    NamedCodec{"dragino_lds25_lb", &lidar},
    NamedCodec{"dragino_lds40_lb", &lidar},
    NamedCodec{"dragino_ps_lb", &ps_lb},
    NamedCodec{"dragino_lwl02", &lwl02},
    NamedCodec{"dragino_lds02", &lwl02},
    NamedCodec{"dragino_lwl03a", &leak_with_time},
    NamedCodec{"dragino_lwl04_lb", &leak_with_time},
    NamedCodec{"dragino_wl03a_lb", &leak_with_time},
    NamedCodec{"dragino_lds03a", &door_with_time},
    NamedCodec{"dragino_ds03a_lb", &door_with_time},
    NamedCodec{"dragino_pb01", &pb01},
};

}  // namespace

void add_battery(std::uint16_t word, sdk::Observation& observation) {
  observation.number({"battery_voltage", "V"}, (word & 0x3FFF) / 1000.0);
}

void add_temperature(std::int16_t tenths, sdk::Observation& observation) {
  if (tenths == kNoProbe) {
    observation.null({"temperature", "Cel"}).flag("sentinel");
  } else {
    observation.number({"temperature", "Cel"}, tenths / 10.0);
  }
}

bool device_facts(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  bytes.take(5);
  const auto battery = bytes.u16be();
  if (!bytes.ok()) return malformed(decoded, "device facts of less than 7 bytes");
  sdk::Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  add_battery(battery, observation);
  return keep(decoded, std::move(observation));
}

bool records(const Uplink& uplink, ReadRecord read, Decoded& decoded) {
  auto rest = uplink.bytes;
  if (rest.empty() || rest.size() % kRecordSize != 0) {
    return malformed(decoded, "a stored record of less than 11 bytes");
  }
  for (; !rest.empty(); rest.remove_prefix(kRecordSize)) {
    sdk::ByteReader bytes(rest.substr(0, kRecordSize - 4));
    sdk::ByteReader time(rest.substr(kRecordSize - 4, 4));
    sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
    read(bytes, observation);
    observation.history().observed(sdk::time_from_epoch(time.u32be()), WATCHPOST_TIME_DEVICE);
    decoded.observations.push_back(std::move(observation));
  }
  return true;
}

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::dragino
