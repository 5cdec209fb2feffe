// read_frame: the observations of one frame of GB/T 26875.3-2011 (sections 7 and 8).
// Promise: what can be read is kept though the rest cannot; `unread` then says what and why. A
// frame of the centre, which a shared line lets us see, becomes no observation. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/observation.hpp"
#include "wired/gb26875_frame.hpp"

namespace watchpost::gb26875 {

struct Site {
  int zone_minutes = 480;
  std::int64_t received_ns = 0;
  std::uint16_t ignored_bits = 0;           // reserved bits of states
  std::vector<std::uint8_t> ignored_types;  // of application data that mean nothing here
};

struct Findings {
  std::vector<sdk::Observation> observations;
  std::string unread;   // what may be an alarm and was not understood; empty: nothing
  std::string ignored;  // why there is nothing to observe
};

// `station` names the device that sent the frame. The bytes of the frame outlive the findings.
void read_frame(const wired::Gb26875Frame& frame, std::string_view station, const Site& site,
                Findings& findings);

// Nanoseconds since 1970; nothing where it is no time (section 8.2.2).
[[nodiscard]] std::optional<std::int64_t> ns_of(const wired::gb26875::Time& time, int zone_minutes);

}  // namespace watchpost::gb26875
