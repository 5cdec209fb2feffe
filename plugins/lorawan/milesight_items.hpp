// Milesight's TLV: channel, type, value, little endian, item after item.
// Promise: an item that is not known to the model, or is cut, is malformed, except where an alarm
// was already read: then the alarm stands and is flagged "partly_read". Pure.
#pragma once

#include "lorawan/codec.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::milesight {

enum class Item { unknown, done, configuration };

// Reads the value of one item into `current` or, for a stored record, into `decoded`.
struct Reader {
  sdk::ByteReader& bytes;
  sdk::Observation& current;
  Decoded& decoded;
};
using ModelItems = Item (*)(unsigned id, Reader& reader);

// The observation of now comes first, stored records after it.
bool read_items(const Uplink& uplink, ModelItems items, Decoded& decoded);

// Items common to many models: battery, climate, product facts.
Item common_item(unsigned id, Reader& reader);

}  // namespace watchpost::lorawan::milesight
