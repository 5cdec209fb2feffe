// Device: what judgement must know of a device beyond its messages, as it is kept.
// Promise: who is not registered is judged all the same. A plain value; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

struct Device {
  std::string id;       // as in Observation::device
  std::string name{};   // for people
  std::string place{};  // building, unit, room; two detectors with the same one corroborate
  DeviceService service = DeviceService::unregistered;
  bool is_removed = false;                    // no row any more
  std::shared_ptr<const OutOfService> out{};  // set while it is
  std::optional<ServiceTime> tested_until{};  // a live test is under way
  std::optional<WallTime> proven{};           // by an alarm in a live test
  Stamp changed{};                            // when this row was written
};
using SharedDevice = std::shared_ptr<const Device>;

// About how much memory it takes.
[[nodiscard]] std::size_t memory_of(const Device& device);

}  // namespace watchpost
