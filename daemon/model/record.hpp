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

namespace watchpost {

// Names one life of a store: 8 lower-case hex digits, drawn at random when the store is created.
using Epoch = std::string;
// Epochs are stored and compared as numbers; only those 8 digits are shown.
[[nodiscard]] std::uint32_t number_of(const Epoch& epoch);
[[nodiscard]] Epoch epoch_from(std::uint32_t number);

struct Record {
  EventClass event_class = EventClass::telemetry;
  Epoch epoch;  // with `seq` given by the spool at commit
  Seq seq;
  Domain domain = Domain::other;
  std::uint8_t severity_number = 9;  // OpenTelemetry numbers, as in CloudEvents' severity extension
  bool decoded = false;
  ClockQuality clock = ClockQuality::unset;
  WallTime received_at{};
  std::optional<WallTime> observed_at;
  std::string device;
  std::string topic;       // as received
  std::string payload;     // as received; empty where a sibling record of the same message holds it
  std::string annotation;  // JSON object: the event's `data` without `raw`
};

// Once in memory, however many upstreams are sent it.
using SharedRecord = std::shared_ptr<const Record>;

// "<epoch>.<class letter>.<seq>", the CloudEvents id.
[[nodiscard]] std::string event_id(const Epoch& epoch, EventClass event_class, Seq seq);
void append_event_id(std::string& out, const Record& record);

// Severity numbers in use.
inline constexpr std::uint8_t kSeverityTelemetry = 5;
inline constexpr std::uint8_t kSeverityInfo = 9;
inline constexpr std::uint8_t kSeverityWarning = 13;
inline constexpr std::uint8_t kSeverityAlarm = 21;

}  // namespace watchpost
