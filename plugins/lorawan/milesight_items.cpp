#include "lorawan/milesight_items.hpp"

namespace watchpost::lorawan::milesight {
namespace {

// Facts about the product that every model sends after joining. 0: not one of them.
std::size_t fact_length(unsigned id) {
  switch (id) {
    case 0xFF01:
    case 0xFF0B:
    case 0xFF0F:
    case 0xFFFE:
      return 1;
    case 0xFF09:
    case 0xFF0A:
    case 0xFFFF:
      return 2;
    case 0xFF08:
      return 6;
    case 0xFF16:
      return 8;
    default:
      return 0;
  }
}

bool is_configuration(unsigned id) {
  const unsigned channel = id >> 8;
  return channel == 0xFE || channel == 0xFF || channel == 0xF8 || channel == 0xF9;
}

bool declares_alarm(const sdk::Observation& observation) {
  return observation.state() == WATCHPOST_ALARM || observation.state() == WATCHPOST_SUSPECTED;
}

}  // namespace

Item common_item(unsigned id, Reader& reader) {
  auto& [bytes, current, decoded] = reader;
  switch (id) {
    case 0x0175:
      current.number({"battery", "%EL"}, bytes.u8());
      return Item::done;
    // The two channels differ by model and mean the same.
    case 0x0367:
    case 0x0467:
      current.number({"temperature", "Cel"}, bytes.i16le() / 10.0);
      return Item::done;
    case 0x0468:
      current.number({"humidity", "%RH"}, bytes.u8() / 2.0);
      return Item::done;
    default:
      break;
  }
  if (const auto length = fact_length(id); length > 0) {
    bytes.take(length);
    return Item::done;
  }
  return is_configuration(id) ? Item::configuration : Item::unknown;
}

bool read_items(const Uplink& uplink, ModelItems items, Decoded& decoded) {
  sdk::ByteReader bytes(uplink.bytes);
  sdk::Observation current(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  Reader reader{bytes, current, decoded};
  bool complete = true;
  bool configuration = false;
  while (bytes.ok() && !bytes.at_end()) {
    const unsigned channel = bytes.u8();
    const unsigned id = channel << 8 | bytes.u8();
    const Item item = bytes.ok() ? items(id, reader) : Item::unknown;
    if (item == Item::done && bytes.ok()) continue;
    // An answer to a configuration command: its length is not known, what follows is not read.
    configuration = item == Item::configuration;
    complete = configuration;
    break;
  }
  const bool alarm = declares_alarm(current);
  if (!complete && !alarm) {
    decoded.observations.clear();
    decoded.why = bytes.ok() ? "an item this model does not send: is the device profile right?"
                             : "the last item is cut";
    return false;
  }
  if (alarm && (!complete || configuration)) current.flag("partly_read");
  const bool nothing = current.empty() && current.kind() == WATCHPOST_DEVICE_STATUS;
  if (!nothing || (decoded.observations.empty() && !configuration)) {
    decoded.observations.insert(decoded.observations.begin(), std::move(current));
  }
  return true;
}

}  // namespace watchpost::lorawan::milesight
