// Record: one row of a log, the unit of custody.
// Promise: (epoch, class, seq) is its identity and never repeats, also after a disk swap.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/strong.hpp"
#include "model/event_class.hpp"
#include "model/record_type.hpp"
#include "model/severity.hpp"

namespace watchpost {

// What one start of the daemon numbers under; each row keeps its own. 8 lower-case hex digits,
// drawn at random at each start (docs/decisions/0023).
using Epoch = std::string;
// Epochs are stored and compared as numbers; only those 8 digits are shown.
[[nodiscard]] std::uint32_t number_of(const Epoch& epoch);
[[nodiscard]] Epoch epoch_from(std::uint32_t number);

struct Record {
  EventClass event_class = EventClass::telemetry;
  Epoch epoch;  // with `seq` given by the spool at commit
  Seq seq;
  RecordType type = RecordType::undecoded;
  Domain domain = Domain::other;
  std::uint8_t severity_number = kSeverityInfo;
  ClockQuality clock = ClockQuality::unset;
  WallTime received_at{};
  std::optional<WallTime> observed_at;
  std::string device;      // empty for what the gateway says of itself
  std::string topic;       // as received
  std::string payload;     // as received; empty where another record of the same message has it
  std::string annotation;  // JSON object: the event's `data` without `raw`
};

// Bytes that a record takes in memory, but for what the allocator adds.
[[nodiscard]] inline std::size_t memory_of(const Record& record) {
  return sizeof record + record.device.size() + record.topic.size() + record.payload.size() +
         record.annotation.size();
}

// Once in memory, however many upstreams are sent it.
using SharedRecord = std::shared_ptr<const Record>;

}  // namespace watchpost
