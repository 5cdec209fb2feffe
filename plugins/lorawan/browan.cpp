// Browan's tabs: status, battery (25 + nibble) / 10 V, board temperature + 32, then what the model
// adds. Sources: TheThingsNetwork/lorawan-devices vendor/browan, akenza-io/device-type-library
// types/browan.
#include <array>

#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::browan {
namespace {

struct Head {
  bool on = false;
  double battery = 0;
  int temperature = 0;
};

Head head_of(sdk::ByteReader& bytes) {
  Head head;
  head.on = (bytes.u8() & 0x01U) != 0;
  head.battery = (25 + (bytes.u8() & 0x0F)) / 10.0;
  head.temperature = (bytes.u8() & 0x7F) - 32;
  return head;
}

void add_head(const Head& head, sdk::Observation& observation) {
  observation.number({"battery_voltage", "V"}, head.battery);
  observation.number({"temperature", "Cel"}, head.temperature);
}

watchpost_state alarm_if(bool on) {
  return on ? WATCHPOST_ALARM : WATCHPOST_NORMAL;
}

// TBWL100, port 106.
bool tbwl(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto head = head_of(bytes);
  const auto humidity = bytes.u8() & 0x7F;
  if (!bytes.ok() || uplink.port != 106) {
    return malformed(decoded, "a TBWL100 sends at least 4 bytes on port 106");
  }
  sdk::Observation observation(WATCHPOST_WATER_LEAK, alarm_if(head.on));
  observation.boolean({"water_leak"}, head.on);
  add_head(head, observation);
  if (humidity <= 100) {
    observation.number({"humidity", "%RH"}, humidity);
  } else {
    observation.null({"humidity", "%RH"}).flag("sentinel");  // 127: the sensor has failed
  }
  return keep(decoded, std::move(observation));
}

// TBPB100, a push button, port 147.
bool tbpb(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto head = head_of(bytes);
  if (!bytes.ok() || uplink.port != 147) {
    return malformed(decoded, "a TBPB100 sends at least 3 bytes on port 147");
  }
  sdk::Observation observation(WATCHPOST_SOS, alarm_if(head.on));
  observation.boolean({"sos"}, head.on);
  add_head(head, observation);
  return keep(decoded, std::move(observation));
}

struct Counter {
  int port;
  std::string_view why;
  watchpost_kind kind;
  std::string_view quantity;
  bool inverse;  // the bit says open, the quantity says closed
};

bool counting(const Uplink& uplink, const Counter& model, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto head = head_of(bytes);
  const auto minutes = bytes.u16le();
  const std::uint32_t low = bytes.u16le();
  const std::uint32_t count = low | static_cast<std::uint32_t>(bytes.u8()) << 16;
  if (!bytes.ok() || uplink.port != model.port) return malformed(decoded, model.why);
  sdk::Observation observation(model.kind, WATCHPOST_INFO);
  observation.boolean({model.quantity}, head.on != model.inverse);
  add_head(head, observation);
  observation.number({"minutes_since_event", "min"}, minutes).number({"event_count"}, count);
  return keep(decoded, std::move(observation));
}

bool tbdw(const Uplink& uplink, Decoded& decoded) {
  return counting(
      uplink, {100, "a TBDW100 sends 8 bytes on port 100", WATCHPOST_MEASUREMENT, "contact", true},
      decoded);
}

bool tbms(const Uplink& uplink, Decoded& decoded) {
  return counting(
      uplink, {102, "a TBMS100 sends 8 bytes on port 102", WATCHPOST_PRESENCE, "presence", false},
      decoded);
}

constexpr std::array kCodecs{
    NamedCodec{"browan_tbwl", &tbwl},
    NamedCodec{"browan_tbpb", &tbpb},
    NamedCodec{"browan_tbdw", &tbdw},
    NamedCodec{"browan_tbms", &tbms},
};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::browan
