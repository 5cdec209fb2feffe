// Netvox R315: up to eight sensors of a list in one device. Of its functions, which it names in
// each report, a bit says whether it is there, and another one whether it is triggered; port 6
// reports, 7 answers. Sources: TheThingsNetwork/lorawan-devices vendor/netvox/payload/r315.js (both
// of its versions: the later one names the bits); R315 Series User Manual 5.2, water detected: 1.
#include <array>

#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::netvox_r315 {
namespace {

constexpr unsigned kType = 0xD2;
constexpr int kReports = 6;
constexpr int kAnswers = 7;

// A function as its bit in "which are there" and in "which are triggered".
struct Function {
  unsigned there;
  unsigned triggered;
  watchpost_kind kind;
  std::string_view quantity;
  bool is_danger = false;
  bool inverse = false;  // the bit says open, the quantity says closed
};
constexpr std::array kFunctions{
    Function{3, 1, WATCHPOST_SOS, "sos", true},
    Function{12, 9, WATCHPOST_WATER_LEAK, "water_leak_1", true},
    Function{13, 10, WATCHPOST_WATER_LEAK, "water_leak_2", true},
    Function{2, 0, WATCHPOST_PRESENCE, "presence"},
    Function{4, 2, WATCHPOST_DEVICE_STATUS, "tilt"},
    Function{5, 3, WATCHPOST_MEASUREMENT, "contact", false, true},
    Function{6, 4, WATCHPOST_MEASUREMENT, "contact_2", false, true},
    Function{8, 6, WATCHPOST_DEVICE_STATUS, "vibration"},
    Function{10, 8, WATCHPOST_MEASUREMENT, "input"},
};

bool bit(unsigned bits, unsigned number) {
  return ((bits >> number) & 1U) != 0;
}

void add_function(const Function& function, bool on, Decoded& decoded) {
  for (auto& observation : decoded.observations) {
    if (observation.kind() != function.kind) continue;
    if (function.is_danger && on) observation.state(WATCHPOST_ALARM);
    observation.boolean({function.quantity}, on != function.inverse);
    return;
  }
  const auto calm = function.is_danger ? WATCHPOST_NORMAL : WATCHPOST_INFO;
  sdk::Observation observation(function.kind, function.is_danger && on ? WATCHPOST_ALARM : calm);
  observation.boolean({function.quantity}, on != function.inverse);
  decoded.observations.push_back(std::move(observation));
}

// A bit that is set counts, whatever the device says of what it has.
void add_functions(unsigned there, unsigned triggered, Decoded& decoded) {
  for (const Function& function : kFunctions) {
    const bool on = bit(triggered, function.triggered);
    if (on || bit(there, function.there)) add_function(function, on, decoded);
  }
}

sdk::Observation& first_of(Decoded& decoded) {
  if (decoded.observations.empty()) {
    decoded.observations.emplace_back(WATCHPOST_MEASUREMENT, WATCHPOST_INFO);
  }
  return decoded.observations.front();
}

// The device's own limits: temperature, humidity and light, low and high in turn.
void add_limits(unsigned bits, Decoded& decoded) {
  if (!bit(bits, 1)) return;
  sdk::Observation heat(WATCHPOST_HEAT, WATCHPOST_ALARM);
  heat.boolean({"heat"}, true).text({"device_alarm"}, "high_temperature");
  decoded.observations.insert(decoded.observations.begin(), std::move(heat));
}

bool cut(Decoded& decoded) {
  return malformed(decoded, "a report that is cut");
}

bool read_report(unsigned type, sdk::ByteReader& bytes, Decoded& decoded) {
  if (type == 0x01) {
    const unsigned there = bytes.u16be();
    const unsigned triggered = bytes.u16be();
    const auto hundredths = bytes.i16be();
    const unsigned humidity = bytes.u8();
    if (!bytes.ok()) return cut(decoded);
    add_functions(there, triggered, decoded);
    if (!bit(there, 0)) return true;
    first_of(decoded).number({"temperature", "Cel"}, hundredths / 100.0);
    first_of(decoded).number({"humidity", "%RH"}, humidity / 2.0);
    return true;
  }
  if (type == 0x11) {
    bytes.take(1);  // whether it has a second glass sensor
    const unsigned there = bytes.u16be();
    const unsigned triggered = bytes.u16be();
    if (!bytes.ok()) return cut(decoded);
    add_functions(there, triggered, decoded);
    return true;
  }
  if (type == 0x02) {
    first_of(decoded).number({"illuminance", "lx"}, bytes.u16be());
    add_limits(bytes.u8(), decoded);
    return bytes.ok() || cut(decoded);
  }
  if (type == 0x12) {
    auto& first = first_of(decoded);
    first.number({"temperature", "Cel"}, bytes.i16be() / 100.0);
    first.number({"humidity", "%RH"}, bytes.u16be() / 100.0);
    first.number({"illuminance", "lx"}, bytes.u16be());
    add_limits(bytes.u8(), decoded);
    return bytes.ok() || cut(decoded);
  }
  auto& unknown = first_of(decoded);
  unknown.kind(WATCHPOST_DEVICE_STATUS).state(WATCHPOST_UNKNOWN).flag("not_understood");
  decoded.unread = "a report of a type that is not published";
  return true;
}

bool r315(const Uplink& uplink, Decoded& decoded) {
  if (uplink.port == kAnswers) return true;
  sdk::ByteReader bytes(uplink.bytes);
  bytes.take(1);  // version
  const unsigned device = bytes.u8();
  const unsigned report = bytes.u8();
  const unsigned battery = bytes.u8();
  if (!bytes.ok() || uplink.port != kReports) {
    return malformed(decoded, "an R315 reports 11 bytes on port 6");
  }
  if (device != kType) {
    return malformed(decoded, "another device type than the profile's: is the profile right?");
  }
  if (report == 0) {  // versions
    sdk::Observation facts(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    return keep(decoded, std::move(facts.number({"firmware_version"}, battery / 10.0)));
  }
  if (!read_report(report, bytes, decoded)) return false;
  auto& first = first_of(decoded);
  first.number({"battery_voltage", "V"}, (battery & 0x7FU) / 10.0);
  if ((battery & 0x80U) != 0) first.boolean({"low_battery"}, true);
  return true;
}

constexpr std::array kCodecs{NamedCodec{"netvox_r315", &r315}};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::netvox_r315
