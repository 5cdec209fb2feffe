#include "lorawan/milesight_items.hpp"
#include "lorawan/models.hpp"
#include "sdk/text.hpp"

namespace watchpost::lorawan::milesight {
namespace {

constexpr unsigned kStored = 0x20CE;  // a record sent again later, with its own time

sdk::Observation& is(sdk::Observation& observation, watchpost_kind kind, watchpost_state state) {
  // An alarm in the same uplink is not undone by a later item.
  if (observation.state() != WATCHPOST_ALARM) observation.state(state);
  return observation.kind(kind);
}

Item distance(Reader& reader, sdk::Quantity quantity) {
  is(reader.current, WATCHPOST_WATER_DISTANCE, WATCHPOST_NORMAL)
      .number(quantity, reader.bytes.u16le());
  return Item::done;
}

// A tilted head measures the wall: the distance is not to be trusted.
Item position(Reader& reader) {
  const bool tilted = reader.bytes.u8() != 0;
  reader.current.boolean({"tilt"}, tilted);
  if (tilted) reader.current.quality(WATCHPOST_SUSPECT);
  return Item::done;
}

Item stored(Reader& reader, watchpost_kind kind, sdk::Quantity quantity, double scale) {
  const auto time = sdk::time_from_epoch(reader.bytes.u32le());
  const auto value = reader.bytes.u16le();
  sdk::Observation observation(kind, WATCHPOST_NORMAL);
  observation.number(quantity, value * scale).history().observed(time, WATCHPOST_TIME_DEVICE);
  if (reader.bytes.ok()) reader.decoded.observations.push_back(std::move(observation));
  return Item::done;
}

Item em310_udl_item(unsigned id, Reader& reader) {
  switch (id) {
    case 0x0382:
      return distance(reader, {"distance", "mm"});
    case 0x0400:
      return position(reader);
    default:
      return common_item(id, reader);
  }
}

Item em500_udl_item(unsigned id, Reader& reader) {
  switch (id) {
    case 0x0382:
      return distance(reader, {"distance", "mm"});
    case kStored:
      return stored(reader, WATCHPOST_WATER_DISTANCE, {"distance", "mm"}, 1);
    default:
      return common_item(id, reader);
  }
}

Item em500_swl_item(unsigned id, Reader& reader) {
  switch (id) {
    case 0x0377:  // centimetres above the probe
      is(reader.current, WATCHPOST_WATER_LEVEL, WATCHPOST_NORMAL)
          .number({"depth", "mm"}, reader.bytes.u16le() * 10.0);
      return Item::done;
    case kStored:
      return stored(reader, WATCHPOST_WATER_LEVEL, {"depth", "mm"}, 10);
    default:
      return common_item(id, reader);
  }
}

Item threshold_distance(Reader& reader) {
  distance(reader, {"distance", "mm"});
  if (reader.bytes.u8() != 0) {
    reader.current.state(WATCHPOST_ALARM).text({"device_alarm"}, "threshold");
  }
  return Item::done;
}

Item em400_mud_item(unsigned id, Reader& reader) {
  switch (id) {
    case 0x0482:
      return distance(reader, {"distance", "mm"});
    case 0x0500:
      return position(reader);
    case 0x8482:
      return threshold_distance(reader);
    case 0x8367:
      reader.current.number({"temperature", "Cel"}, reader.bytes.i16le() / 10.0);
      reader.current.boolean({"temperature_alarm"}, reader.bytes.u8() != 0);
      return Item::done;
    default:
      return common_item(id, reader);
  }
}

sdk::Observation leak_observation(bool leak) {
  sdk::Observation observation(WATCHPOST_WATER_LEAK, leak ? WATCHPOST_ALARM : WATCHPOST_NORMAL);
  observation.boolean({"water_leak"}, leak);
  return observation;
}

// Temperature and humidity of a stored record are placeholders on this model.
Item stored_leak(Reader& reader) {
  const auto time = sdk::time_from_epoch(reader.bytes.u32le());
  reader.bytes.take(3);
  auto observation = leak_observation(reader.bytes.u8() != 0);
  observation.history().observed(time, WATCHPOST_TIME_DEVICE);
  if (reader.bytes.ok()) reader.decoded.observations.push_back(std::move(observation));
  return Item::done;
}

Item em300_mld_item(unsigned id, Reader& reader) {
  if (id == kStored) return stored_leak(reader);
  if (id != 0x0500) return common_item(id, reader);
  const bool leak = reader.bytes.u8() != 0;
  is(reader.current, WATCHPOST_WATER_LEAK, leak ? WATCHPOST_ALARM : WATCHPOST_NORMAL)
      .boolean({"water_leak"}, leak);
  return Item::done;
}

Item ws101_item(unsigned id, Reader& reader) {
  if (id != 0xFF2E) return common_item(id, reader);
  const auto press = reader.bytes.u8();
  const std::string_view name = press == 1   ? "short"
                                : press == 2 ? "long"
                                : press == 3 ? "double"
                                             : "unknown";
  if (!reader.bytes.ok()) return Item::unknown;
  // Whatever the finger did, somebody pressed the button of a person who may need help.
  reader.current.kind(WATCHPOST_SOS).state(WATCHPOST_ALARM);
  reader.current.boolean({"sos"}, true).text({"button"}, name);
  return Item::done;
}

Item gs101_alarm(Reader& reader) {
  const auto code = reader.bytes.u8();
  if (code == 2 || code == 5) {  // device fault; sensor past its life
    reader.current.boolean({"fault"}, true);
    if (reader.current.state() == WATCHPOST_INFO) reader.current.state(WATCHPOST_FAULT);
  }
  reader.current.number({"device_alarm_code"}, code);
  return Item::done;
}

Item gs101_item(unsigned id, Reader& reader) {
  switch (id) {
    case 0x058E: {
      const bool gas = reader.bytes.u8() != 0;
      is(reader.current, WATCHPOST_COMBUSTIBLE_GAS, gas ? WATCHPOST_ALARM : WATCHPOST_NORMAL)
          .boolean({"gas"}, gas);
      return Item::done;
    }
    case 0x0601:
      reader.current.boolean({"valve_open"}, reader.bytes.u8() != 0);
      return Item::done;
    case 0x0701:
      reader.current.boolean({"relay_on"}, reader.bytes.u8() != 0);
      return Item::done;
    case 0x0890:
      reader.current.number({"life_remaining", "s"}, reader.bytes.u32le());
      return Item::done;
    case 0xFF3F:
      return gs101_alarm(reader);
    default:
      return common_item(id, reader);
  }
}

watchpost_state gs524n_state(unsigned message) {
  switch (message) {
    case 1:
      return WATCHPOST_ALARM;
    case 2:
      return WATCHPOST_UNKNOWN;  // silenced by hand: mute is not clear
    case 5:
      return WATCHPOST_FAULT;
    case 10:
      return WATCHPOST_TAMPER;
    case 14:
    case 15:
      return WATCHPOST_TEST;
    default:
      return WATCHPOST_NORMAL;
  }
}

}  // namespace

bool em310_udl(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &em310_udl_item, decoded);
}
bool em500_udl(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &em500_udl_item, decoded);
}
bool em500_swl(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &em500_swl_item, decoded);
}
bool em400_mud(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &em400_mud_item, decoded);
}
bool em300_mld(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &em300_mld_item, decoded);
}
bool ws101(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &ws101_item, decoded);
}
bool gs101(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, &gs101_item, decoded);
}

// Six bytes that sum to 0: versions, sensor type and message, battery, smoke, temperature,
// checksum.
bool gs524n(const Uplink& uplink, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  unsigned sum = 0;
  for (const char byte : uplink.bytes) sum += static_cast<std::uint8_t>(byte);
  bytes.u8();
  const unsigned message = bytes.u8() & 0x0F;
  const auto battery = bytes.u8();
  const auto smoke = bytes.u8();
  const auto temperature = bytes.i8();
  bytes.u8();
  if (!bytes.ok() || !bytes.at_end()) {
    decoded.why = "a GS524N sends 6 bytes";
    return false;
  }
  if (sum % 256 != 0) {
    decoded.why = "the checksum of the GS524N is wrong";
    return false;
  }
  sdk::Observation observation(WATCHPOST_SMOKE, gs524n_state(message));
  if (message == 1 || message == 7) observation.boolean({"smoke"}, message == 1);
  observation.number({"smoke_density", "%"}, smoke).number({"temperature", "Cel"}, temperature);
  observation.number({"battery", "%EL"}, battery);
  if (message == 2) observation.boolean({"muted"}, true);
  if (message == 5) observation.boolean({"fault"}, true);
  if (message == 4 || message == 15) observation.boolean({"low_battery"}, true);
  if (message == 10) observation.boolean({"tamper"}, true);
  if (message == 14 || message == 15) observation.boolean({"test"}, true);
  decoded.observations.push_back(std::move(observation));
  return true;
}

}  // namespace watchpost::lorawan::milesight
