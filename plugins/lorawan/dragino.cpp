#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan::dragino {
namespace {

constexpr int kNoProbe = 0x0CCC;      // 327.6 degC: no temperature probe connected
constexpr std::uint16_t kNoEcho = 0;  // no ultrasonic sensor detected
constexpr std::uint16_t kTooNear = 20;

bool broken(Decoded& decoded, std::string_view why) {
  decoded.why = why;
  return false;
}

// The top two bits are flags of the model.
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

void add_distance(std::uint16_t mm, sdk::Observation& observation) {
  const sdk::Quantity distance{"distance", "mm"};
  if (mm == kNoEcho) {
    observation.null(distance).flag("sentinel").quality(WATCHPOST_INVALID).state(WATCHPOST_FAULT);
  } else if (mm == kTooNear) {
    observation.number(distance, mm).flag("sentinel").quality(WATCHPOST_SUSPECT);
  } else {
    observation.number(distance, mm);
  }
}

bool device_facts(sdk::ByteReader& bytes, Decoded& decoded) {
  bytes.take(5);  // model, firmware, frequency band, sub-band
  const auto battery = bytes.u16be();
  if (!bytes.ok()) return broken(decoded, "device facts of less than 7 bytes");
  sdk::Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  add_battery(battery, observation);
  decoded.observations.push_back(std::move(observation));
  return true;
}

// Port 3: stored records of 11 bytes, each with its own time.
bool dds04_log(sdk::ByteReader& bytes, Decoded& decoded) {
  while (bytes.ok() && !bytes.at_end()) {
    bytes.u8();
    sdk::Observation observation(WATCHPOST_WATER_DISTANCE, WATCHPOST_NORMAL);
    observation.number({"distance_1", "mm"}, bytes.u16be());
    observation.number({"distance_2", "mm"}, bytes.u16be());
    observation.number({"distance_3", "mm"}, bytes.u16be());
    observation.history().observed(sdk::time_from_epoch(bytes.u32be()), WATCHPOST_TIME_DEVICE);
    if (bytes.ok()) decoded.observations.push_back(std::move(observation));
  }
  if (!bytes.ok()) return broken(decoded, "a stored record of less than 11 bytes");
  return true;
}

}  // namespace

// LDDS45, LDDS75, LDDS20: battery, distance mm, interrupt, temperature, sensor flag, big endian.
// Old firmware without a probe sends the first 4 bytes only.
bool ldds(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  if (uplink.port == 5) return device_facts(bytes, decoded);
  const auto size = uplink.bytes.size();
  if (size != 4 && size != 5 && size != 8) return broken(decoded, "an LDDS sends 4, 5 or 8 bytes");
  sdk::Observation observation(WATCHPOST_WATER_DISTANCE, WATCHPOST_NORMAL);
  add_battery(bytes.u16be(), observation);
  add_distance(bytes.u16be(), observation);
  if (size > 4) observation.boolean({"interrupt"}, bytes.u8() != 0);
  if (size == 8) {
    add_temperature(bytes.i16be(), observation);
    if (bytes.u8() == 0) {
      observation.flag("no_sensor").quality(WATCHPOST_INVALID).state(WATCHPOST_FAULT);
    }
  }
  decoded.observations.push_back(std::move(observation));
  return true;
}

// DDS04: battery, four distances in 0.1 cm, message type.
bool dds04(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  if (uplink.port == 3) return dds04_log(bytes, decoded);
  if (uplink.port == 5) return device_facts(bytes, decoded);
  if (uplink.bytes.size() != 11) return broken(decoded, "a DDS04 report has 11 bytes");
  sdk::Observation observation(WATCHPOST_WATER_DISTANCE, WATCHPOST_NORMAL);
  add_battery(bytes.u16be(), observation);
  observation.number({"distance_1", "mm"}, bytes.u16be());
  observation.number({"distance_2", "mm"}, bytes.u16be());
  observation.number({"distance_3", "mm"}, bytes.u16be());
  observation.number({"distance_4", "mm"}, bytes.u16be());
  decoded.observations.push_back(std::move(observation));
  return true;
}

// LWL02 (and its sister LDS02): battery with door and leak bits, mode, counter, minutes, alarm bit.
bool lwl02(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto word = bytes.u16be();
  const auto mode = bytes.u8();
  const auto times = bytes.u24be();
  const auto minutes = bytes.u24be();
  bytes.u8();
  if (!bytes.ok() || !bytes.at_end()) return broken(decoded, "an LWL02 sends 10 bytes");
  if (mode < 1 || mode > 3) return broken(decoded, "an LWL02 mode that is not 1, 2 or 3");
  const bool leak = (word & 0x4000) != 0;
  sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  if (mode == 2 || mode == 3) {
    observation.kind(WATCHPOST_WATER_LEAK).state(leak ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
    observation.boolean({"water_leak"}, leak);
  }
  if (mode == 1 || mode == 3) observation.boolean({"contact"}, (word & 0x8000) == 0);
  if (mode != 3) {
    observation.number({"event_count"}, times).number({"last_event_duration", "min"}, minutes);
  }
  add_battery(word, observation);
  decoded.observations.push_back(std::move(observation));
  return true;
}

}  // namespace watchpost::lorawan::dragino
