#include "lorawan/models.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::browan {

// TBWL100, port 106: status, battery (25 + nibble) / 10 V, board temperature + 32, humidity.
bool tbwl(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  const auto status = bytes.u8();
  const auto battery = bytes.u8() & 0x0F;
  const auto temperature = (bytes.u8() & 0x7F) - 32;
  const auto humidity = bytes.u8() & 0x7F;
  if (!bytes.ok() || uplink.port != 106) {
    decoded.why = "a TBWL100 sends at least 4 bytes on port 106";
    return false;
  }
  const bool leak = (status & 0x01) != 0;
  sdk::Observation observation(WATCHPOST_WATER_LEAK, leak ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  observation.boolean({"water_leak"}, leak);
  observation.number({"battery_voltage", "V"}, (25 + battery) / 10.0);
  observation.number({"temperature", "Cel"}, temperature);
  if (humidity <= 100) {
    observation.number({"humidity", "%RH"}, humidity);
  } else {
    observation.null({"humidity", "%RH"}).flag("sentinel");  // 127: the sensor has failed
  }
  decoded.observations.push_back(std::move(observation));
  return true;
}

}  // namespace watchpost::lorawan::browan
