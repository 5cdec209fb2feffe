// Abeeway trackers with AT3 firmware (Compact Tracker 2.0, Combo): a head with the bit of a call
// for help, then what the type of the message adds. Source: TheThingsNetwork/lorawan-devices
// vendor/abeeway/asset-tracker-3.js, and Abeeway's own driver asset-tracker-3 (basicHeader.js,
// notification.js), whose later version has the bit of stored messages.
#include <array>

#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::abeeway_at3 {
namespace {

constexpr unsigned kNotification = 1;
constexpr unsigned kLastType = 5;  // position, query, response, telemetry

struct Head {
  bool calls = false;
  unsigned type = 0;
  unsigned battery = 0;
  bool is_stored = false;  // kept while there was no network
  std::uint32_t unix_s = 0;
};

sdk::Observation help(watchpost_state state) {
  sdk::Observation observation(WATCHPOST_SOS, state);
  if (state == WATCHPOST_ALARM) observation.boolean({"sos"}, true);
  if (state == WATCHPOST_CLEARED) observation.boolean({"sos"}, false);
  return observation;
}

sdk::Observation alive() {
  return {WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO};
}

// High half of the byte: the class. Low half: what of it.
sdk::Observation notified(unsigned code, Decoded& decoded) {
  switch (code) {
    case 0x01:
      return std::move(alive().boolean({"low_battery"}, true));
    case 0x10:
      return help(WATCHPOST_ALARM);
    case 0x11:
      return help(WATCHPOST_CLEARED);
    case 0x20: {
      sdk::Observation heat(WATCHPOST_HEAT, WATCHPOST_ALARM);
      return std::move(heat.boolean({"heat"}, true).text({"device_alarm"}, "high_temperature"));
    }
    case 0x22: {
      sdk::Observation heat(WATCHPOST_HEAT, WATCHPOST_NORMAL);
      return std::move(heat.boolean({"heat"}, false));
    }
    case 0x52:  // it has come into an area that is dangerous
      return std::move(help(WATCHPOST_SUSPECTED).text({"device_alarm"}, "danger_area"));
    default:
      break;
  }
  if (code >> 4 == 1) {
    decoded.unread = "a notification about a call for help that is not published";
    return std::move(help(WATCHPOST_UNKNOWN).null({"sos"}).flag("not_understood"));
  }
  return alive();
}

bool tracker(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const unsigned flags = bytes.u8();
  const unsigned battery = bytes.u8();
  Head head{(flags & 0x40U) != 0, flags >> 3 & 0x07U, battery & 0x7FU, (battery & 0x80U) != 0};
  if (head.is_stored) {
    head.unix_s = bytes.u32be();
  } else {
    bytes.take(2);  // seconds of half a day
  }
  if (!bytes.ok()) return malformed(decoded, "a message of less than 4 bytes");
  if (head.type == 0 || head.type > kLastType) {
    return malformed(decoded, "a message that is not published: is the device profile right?");
  }
  auto observation = alive();
  if (head.type == kNotification) {
    const unsigned code = bytes.u8();
    if (!bytes.ok() && !head.calls) return malformed(decoded, "a notification that is cut");
    if (bytes.ok()) observation = notified(code, decoded);
  }
  // What else it tells counts less, but for the end of the call.
  const bool is_over =
      observation.kind() == WATCHPOST_SOS && observation.state() == WATCHPOST_CLEARED;
  if (head.calls && !is_over && observation.state() != WATCHPOST_ALARM) {
    decoded.unread.clear();
    observation = help(WATCHPOST_ALARM);
  }
  if (head.battery >= 1 && head.battery <= 100) {
    observation.number({"battery", "%EL"}, head.battery);
  }
  if (head.is_stored) {
    observation.observed(std::int64_t{head.unix_s} * 1'000'000'000, WATCHPOST_TIME_DEVICE);
    observation.history();
  }
  return keep(decoded, std::move(observation));
}

constexpr std::array kCodecs{NamedCodec{"abeeway_at3", &tracker}};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::abeeway_at3
