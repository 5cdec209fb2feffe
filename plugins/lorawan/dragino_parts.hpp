// Parts that Dragino's models share: battery word, probe, device facts, stored records. Pure.
#pragma once

#include "lorawan/codec.hpp"
#include "sdk/bytes.hpp"

namespace watchpost::lorawan::dragino {

// Ports of every model of the family: 3 stored records (11 bytes each), 4 settings, 5 the facts of
// the device.
inline constexpr int kRecords = 3;
inline constexpr int kSettings = 4;
inline constexpr int kFacts = 5;
inline constexpr std::size_t kRecordSize = 11;

// The top two bits of the word are flags of the model.
void add_battery(std::uint16_t word, sdk::Observation& observation);
// Tenths of a degree; 327.6 degC is a probe that is not connected.
void add_temperature(std::int16_t tenths, sdk::Observation& observation);
// Model, firmware, frequency band, sub-band, battery.
bool device_facts(const Uplink& uplink, Decoded& decoded);
// Cuts the records out of the payload, each with its own time in the last four bytes.
using ReadRecord = void (*)(sdk::ByteReader& bytes, sdk::Observation& observation);
bool records(const Uplink& uplink, ReadRecord read, Decoded& decoded);

// dragino_level.cpp
bool ldds(const Uplink& uplink, Decoded& decoded);
bool dds04(const Uplink& uplink, Decoded& decoded);
bool dds75_3(const Uplink& uplink, Decoded& decoded);
bool lidar(const Uplink& uplink, Decoded& decoded);
bool ps_lb(const Uplink& uplink, Decoded& decoded);

}  // namespace watchpost::lorawan::dragino
