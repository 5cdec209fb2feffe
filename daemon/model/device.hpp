// Device: what judgement must know of a device beyond its messages, as it is kept.
// Promise: who is not registered is judged all the same. A plain value; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/compact_optional.hpp"
#include "base/compact_text.hpp"
#include "base/rare.hpp"
#include "model/device_card.hpp"
#include "model/observation.hpp"
#include "model/service_time.hpp"

namespace watchpost {

enum class DeviceService : std::uint8_t {
  unregistered,  // it was heard, and nobody has entered it
  in_service,
  out_of_service,
};
[[nodiscard]] std::string_view to_string(DeviceService service);
[[nodiscard]] std::optional<DeviceService> device_service_from(std::string_view name);

// Why a device is out of service; few are, so that it stands apart.
struct OutOfService {
  std::string why;
  std::string by;
  Stamp since{};
  bool was_registered = false;  // what it is when it comes back
  friend bool operator==(const OutOfService&, const OutOfService&) = default;
};

// What was learnt of how a device is heard; of those that were.
struct Habit {
  std::chrono::seconds learned{0};  // the longest that it is usually not heard; 0: not known
  std::string learning{};           // what that is learnt from (rules/learned_interval.hpp)
  std::string radio{};              // over which it is heard (rules/supervision.hpp)
  std::string broker{};             // [[broker]] that brings it; empty: it comes to the listener
  friend bool operator==(const Habit&, const Habit&) = default;
};

// There are tens of thousands; so what most do not have takes little.
struct Device {
  std::string id;       // as in Observation::device
  CompactText name{};   // for people
  CompactText place{};  // building, unit, room; two detectors with the same one corroborate
  DeviceService service = DeviceService::unregistered;
  bool is_removed = false;                      // no row any more
  Rare<OutOfService> out{};                     // set while it is
  CompactOptional<ServiceTime> tested_until{};  // a live test is under way
  CompactOptional<WallTime> proven{};           // by an alarm in a live test
  // How often it is heard, as it was entered; 0: its silence is none.
  CompactOptional<std::chrono::seconds> expected{};
  std::shared_ptr<const Habit> habit{};
  Rare<DeviceCard> card{};  // never one that is empty
  Stamp changed{};          // when this row was written
};
using SharedDevice = std::shared_ptr<const Device>;

// About how much memory it takes.
[[nodiscard]] std::size_t memory_of(const Device& device);

}  // namespace watchpost
