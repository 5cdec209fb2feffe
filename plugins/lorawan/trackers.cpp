// Trackers that people wear: of their messages the calls for help and falls, and signs of life.
// Sources: TheThingsNetwork/lorawan-devices vendor/lansitec/helmet-sensor.js; tago-io/decoders
// lansitec/badge-tracker (v1.0.0, v1.0.1), lansitec/helmet-sensor, lansitec/tracking-label;
// akenza-io/device-type-library types/abeeway and types/digitalMatter.
#include <array>
#include <cmath>

#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::trackers {
namespace {

unsigned octet(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

sdk::Observation help() {
  sdk::Observation observation(WATCHPOST_SOS, WATCHPOST_ALARM);
  observation.boolean({"sos"}, true);
  return observation;
}

sdk::Observation alive() {
  return {WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO};
}

bool not_published(Decoded& decoded) {
  return malformed(decoded, "a message that is not published: is the device profile right?");
}

// The codes that all alarms of Lansitec's newer trackers share: 1 call for help, 2 fall.
bool lansitec_alarm(unsigned code, Decoded& decoded) {
  if (code == 1) return keep(decoded, help());
  if (code == 2) {
    sdk::Observation fall(WATCHPOST_FALL, WATCHPOST_ALARM);
    return keep(decoded, std::move(fall.boolean({"fall"}, true)));
  }
  sdk::Observation unknown(WATCHPOST_SOS, WATCHPOST_UNKNOWN);
  decoded.unread = "an alarm code that is not published";
  return keep(decoded, std::move(unknown.null({"sos"}).flag("not_understood")));
}

// The high half of the first byte: 1 registration, 2 heartbeat, 3 position, 5 names of beacons,
// 7 beacons, 8 alarm.
bool lansitec_helmet(const Uplink& uplink, Decoded& decoded) {
  const auto bytes = uplink.bytes;
  if (bytes.size() < 2) return malformed(decoded, "a message of less than 2 bytes");
  switch (octet(bytes, 0) >> 4) {
    case 1:
    case 3:
    case 5:
    case 7:
      return keep(decoded, alive());
    case 2:
      return keep(decoded, std::move(alive().number({"battery", "%EL"}, octet(bytes, 1))));
    case 8:
      break;
    default:
      return not_published(decoded);
  }
  switch (octet(bytes, 1)) {
    case 3: {  // the worker is in an area that is dangerous
      sdk::Observation area(WATCHPOST_SOS, WATCHPOST_SUSPECTED);
      return keep(decoded, std::move(area.text({"device_alarm"}, "danger_area")));
    }
    case 4:  // it is being looked for
      return keep(decoded, std::move(alive().number({"device_alarm_code"}, 4)));
    default:
      return lansitec_alarm(octet(bytes, 1), decoded);
  }
}

// Two firmwares. The older: 6 alarm with its code in the low half (1 a call for help), 8 an answer
// of 2 bytes. The newer: 8 alarm with its code in the second byte.
bool lansitec_badge(const Uplink& uplink, Decoded& decoded) {
  const auto bytes = uplink.bytes;
  if (bytes.size() < 2) return malformed(decoded, "a message of less than 2 bytes");
  const unsigned type = octet(bytes, 0) >> 4;
  if (type == 0 || type > 8) return not_published(decoded);
  if (type == 6) {
    const unsigned code = octet(bytes, 0) & 0x0FU;
    return lansitec_alarm(code == 1 ? 1 : 0, decoded);
  }
  if (type != 8) return keep(decoded, alive());
  // What may be either is the alarm: an answer comes only where somebody has sent a command.
  const unsigned code = octet(bytes, 1);
  const bool answers = bytes.size() == 2 && code != 1 && code != 2;
  return answers ? keep(decoded, alive()) : lansitec_alarm(code, decoded);
}

// The label: as the newer badge.
bool lansitec_label(const Uplink& uplink, Decoded& decoded) {
  const auto bytes = uplink.bytes;
  if (bytes.size() < 2) return malformed(decoded, "a message of less than 2 bytes");
  const unsigned type = octet(bytes, 0) >> 4;
  if (type == 0 || type > 8) return not_published(decoded);
  return type == 8 ? lansitec_alarm(octet(bytes, 1), decoded) : keep(decoded, alive());
}

// Type, state with the bit of a call for help, battery, temperature, then what the type adds.
bool abeeway(const Uplink& uplink, Decoded& decoded) {
  constexpr unsigned kEvent = 0x0A;
  constexpr unsigned kStart = 7;
  constexpr unsigned kStop = 8;
  const auto bytes = uplink.bytes;
  if (bytes.size() < 5) return malformed(decoded, "a message of less than 5 bytes");
  const unsigned type = octet(bytes, 0);
  const bool event = type == kEvent && bytes.size() >= 6;
  const bool calls = (octet(bytes, 1) & 0x10U) != 0 || (event && octet(bytes, 5) == kStart);
  auto observation = calls ? help() : alive();
  if (!calls && event && octet(bytes, 5) == kStop) {
    observation = sdk::Observation(WATCHPOST_SOS, WATCHPOST_CLEARED);
    observation.boolean({"sos"}, false);
  }
  const unsigned battery = octet(bytes, 2);
  if (battery >= 1 && battery <= 100) observation.number({"battery", "%EL"}, battery);
  const double temperature = octet(bytes, 3) * 129 / 255.0 - 44;
  observation.number({"device_temperature", "Cel"}, std::round(temperature * 10) / 10);
  return keep(decoded, std::move(observation));
}

// Port 1: trip bit and battery, temperature, then man-down bit and inclination, azimuth. A tracker
// that lies is a suspicion: it may have been put down.
bool guppy(const Uplink& uplink, Decoded& decoded) {
  const auto bytes = uplink.bytes;
  if (uplink.port == 2) return true;  // an answer to a command
  if (uplink.port == 3 || uplink.port == 4) return keep(decoded, alive());
  if (uplink.port != 1 || (bytes.size() != 2 && bytes.size() != 4)) {
    return malformed(decoded, "a Guppy reports 2 or 4 bytes on port 1");
  }
  const bool knows = bytes.size() == 4;
  const bool down = knows && (octet(bytes, 2) & 0x01U) != 0;
  auto observation = alive();
  if (knows) {
    observation = sdk::Observation(WATCHPOST_FALL, down ? WATCHPOST_SUSPECTED : WATCHPOST_NORMAL);
    observation.boolean({"man_down"}, down);
  }
  observation.number({"battery_voltage", "V"}, 2 + 0.014 * (octet(bytes, 0) >> 1));
  observation.number({"temperature", "Cel"}, octet(bytes, 1) / 2.0 - 40);
  return keep(decoded, std::move(observation));
}

constexpr std::array kCodecs{
    NamedCodec{"lansitec_helmet", &lansitec_helmet}, NamedCodec{"lansitec_badge", &lansitec_badge},
    NamedCodec{"lansitec_label", &lansitec_label},   NamedCodec{"abeeway_tracker", &abeeway},
    NamedCodec{"digitalmatter_guppy", &guppy},
};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::trackers
