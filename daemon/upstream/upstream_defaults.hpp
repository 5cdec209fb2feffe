// upstream_defaults: what holds for an upstream where nobody sets anything else. The configuration
// takes its defaults from here, and so do the options of the uplink, so that tests of the uplink
// run with the values that boxes run with. Promise: plain constants. Any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/strong.hpp"
#include "model/event_class.hpp"

namespace watchpost::upstream {

// Publications without an acknowledgement, and how many of them are kept free for alarms.
inline constexpr std::uint32_t kDefaultWindow = 1'000;
inline constexpr std::uint32_t kDefaultAlarmSlots = 10;
// Events of one publication, 1: no batches; and the text of a batch, before compression.
inline constexpr std::uint32_t kDefaultBatchEvents = 1;
inline constexpr ByteCount kDefaultBatchBytes{16U * 1'024};
// The most that is read ahead for each class.
inline constexpr std::size_t kPrefetchRecords = 512;
inline constexpr ByteCount kPrefetchBytes{1U << 20U};  // passed by at most one record
// Alarms and patrols: what the broker took while nobody had subscribed is not delivered.
inline constexpr PerClass<bool> kDefaultHeardClasses{true, true, false, false};
inline constexpr std::chrono::milliseconds kDefaultAcknowledgeTimeout{30'000};
inline constexpr std::chrono::milliseconds kDefaultReceiptTimeout{60'000};
// After an outage a district's gateways come back within this time, not all at once.
inline constexpr std::chrono::milliseconds kDefaultReconnectSpread{10'000};

}  // namespace watchpost::upstream
