// One event as one line for a person: local time, class, id, device, state, readings. Pure, except
// that the zone comes from the environment.
#pragma once

#include <string>
#include <string_view>

namespace watchpost::cli {

// `event`: a CloudEvent as the daemon forwards it. A '?' stands behind a time from an unset clock.
// A text that cannot be read is returned as it is, without line ends.
[[nodiscard]] std::string event_line(std::string_view event);
struct NamedDevice {
  std::string_view name;
};
// True where the event is about this device, by id or by name.
[[nodiscard]] bool tells_of(std::string_view event, NamedDevice device);

}  // namespace watchpost::cli
