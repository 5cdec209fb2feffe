// Smoke detectors with a layout of their own: Hager TG563A, Nexelec Origin and Guard.
// Sources: akenza-io/device-type-library@0c405d3d types/hager/TG563A and types/nexelec/origin;
// TheThingsNetwork/lorawan-devices vendor/nexelec/origin-plus-codec.js.
#include <array>

#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::smoke {
namespace {

bool bit(unsigned byte, unsigned n) {
  return (byte >> n & 1U) != 0;
}

// Telegram and version, configuration, temperature, minor and general state, major state; a long
// telegram goes on with battery and dates, which are not of this world on the published samples.
bool tg563a(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const unsigned telegram = bytes.u8() & 0x0FU;
  bytes.u8();
  const auto temperature = bytes.i8();
  const unsigned state = bytes.u8();
  const unsigned major = bytes.u8();
  if (!bytes.ok()) return malformed(decoded, "a TG563A sends at least 5 bytes");
  const bool smoke = bit(major, 0);
  const bool fault = (major & 0x7CU) != 0;
  const bool mounted = bit(state, 0);
  sdk::Observation observation(WATCHPOST_SMOKE, smoke      ? WATCHPOST_ALARM
                                                : fault    ? WATCHPOST_FAULT
                                                : !mounted ? WATCHPOST_TAMPER
                                                           : WATCHPOST_NORMAL);
  observation.boolean({"smoke"}, smoke).number({"temperature", "Cel"}, temperature);
  if (telegram == 0x0F && !bytes.at_end()) {
    observation.number({"battery_voltage", "V"}, bytes.u8() / 100.0 + 1);
  }
  if (bit(major, 1)) observation.boolean({"low_battery"}, true);
  if (fault) observation.boolean({"fault"}, true);
  if (!mounted) observation.boolean({"tamper"}, true);
  if (telegram > 9 && telegram != 0x0F) {
    observation.flag("partly_read");
    decoded.unread = "a telegram of a type that is not published";
  }
  return keep(decoded, std::move(observation));
}

// Bits of a payload, the highest of the first byte first.
unsigned bits(std::string_view bytes, std::size_t from, std::size_t count) {
  unsigned value = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    const unsigned byte = static_cast<std::uint8_t>(bytes[i / 8]);
    value = value << 1 | (byte >> (7 - i % 8) & 1U);
  }
  return value;
}

// Tenths from -30 degC; 1022 not connected, 1023 error.
void add_temperature(unsigned code, sdk::Observation& observation) {
  if (code < 1022) {
    observation.number({"temperature", "Cel"}, code / 10.0 - 30);
  } else {
    observation.null({"temperature", "Cel"}).flag("sentinel");
  }
}

bool nexelec_status(std::string_view bytes, Decoded& decoded) {
  const unsigned state = static_cast<std::uint8_t>(bytes[5]);
  const unsigned base = state >> 2 & 7U;  // 1 on its base, 3 just put there
  const bool off = base == 0 || base == 2 || base == 4;
  // Broken, or on its base with the smoke sensor switched off.
  const bool fault = bit(state, 7) || (!off && !bit(state, 5));
  constexpr std::array<int, 4> kLevels{100, 50, 10, 0};
  sdk::Observation observation(WATCHPOST_DEVICE_STATUS, fault ? WATCHPOST_FAULT
                                                        : off ? WATCHPOST_TAMPER
                                                              : WATCHPOST_INFO);
  observation.number({"battery", "%EL"}, kLevels[state & 3U]);
  observation.number({"battery_voltage", "V"}, static_cast<std::uint8_t>(bytes[6]) / 200.0 + 2);
  if (fault) observation.boolean({"fault"}, true);
  if (off) observation.boolean({"tamper"}, true);
  return keep(decoded, std::move(observation));
}

// Alarm: 0 none, 1 here, 2 at a linked detector. Silenced by hand or from afar is no all-clear.
watchpost_state nexelec_state(unsigned alarm, bool muted, bool test) {
  if (alarm == 1 || alarm == 2) return WATCHPOST_ALARM;
  if (alarm == 3 || muted) return WATCHPOST_UNKNOWN;
  return test ? WATCHPOST_TEST : WATCHPOST_NORMAL;
}

bool nexelec_alarm(std::string_view bytes, Decoded& decoded) {
  const unsigned alarm = bits(bytes, 16, 2);
  const bool muted = bits(bytes, 18, 2) != 0;
  const bool test = bits(bytes, 20, 2) != 0;
  sdk::Observation observation(WATCHPOST_SMOKE, nexelec_state(alarm, muted, test));
  if (alarm < 3) observation.boolean({"smoke"}, alarm != 0);
  if (alarm == 3) observation.flag("not_understood");
  if (muted) observation.boolean({"muted"}, true);
  if (test) observation.boolean({"test"}, true);
  add_temperature(bits(bytes, 39, 10), observation);
  return keep(decoded, std::move(observation));
}

bool nexelec_climate(std::string_view bytes, Decoded& decoded) {
  sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  add_temperature(bits(bytes, 16, 10), observation);
  const unsigned humidity = bits(bytes, 26, 8);
  if (humidity == 255) {
    observation.null({"humidity", "%RH"}).flag("sentinel");
  } else {
    observation.number({"humidity", "%RH"}, humidity / 2.0);
  }
  return keep(decoded, std::move(observation));
}

// Averages of a day, and a list of temperatures without times: that the detector lives is what
// counts of them.
bool nexelec_log(std::string_view bytes, bool has_temperature, Decoded& decoded) {
  sdk::Observation observation(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  if (has_temperature) add_temperature(bits(bytes, 36, 10), observation);
  return keep(decoded, std::move(observation));
}

bool nexelec(const Uplink& uplink, Decoded& decoded) {
  constexpr std::array<std::size_t, 6> kShortest{7, 11, 7, 9, 5, 6};
  const auto bytes = uplink.bytes;
  if (bytes.size() < 2) return malformed(decoded, "an Origin or Guard sends at least 5 bytes");
  const unsigned product = static_cast<std::uint8_t>(bytes[0]);
  const unsigned message = static_cast<std::uint8_t>(bytes[1]);
  const bool ours = (product >= 0xB1 && product <= 0xB4) || product == 0xBD;
  if (!ours) return malformed(decoded, "another product than an Origin or Guard");
  if (message >= kShortest.size()) return malformed(decoded, "a message that is not published");
  if (bytes.size() < kShortest[message]) return malformed(decoded, "a message that is cut");
  switch (message) {
    case 0:
      return nexelec_status(bytes, decoded);
    case 1:
      return true;  // its configuration
    case 2:
      return nexelec_alarm(bytes, decoded);
    case 3:
      return nexelec_log(bytes, true, decoded);
    case 4:
      return nexelec_climate(bytes, decoded);
    default:  // how many temperatures, in the six highest bits
      return nexelec_log(bytes, bits(bytes, 16, 6) != 0, decoded);
  }
}

constexpr std::array kCodecs{
    NamedCodec{"hager_tg563a", &tg563a},
    NamedCodec{"nexelec_origin", &nexelec},
    NamedCodec{"nexelec_guard", &nexelec},
};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::smoke
