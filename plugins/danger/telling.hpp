// telling: hands the observations of one message to the host.
// Promise: each gets the device, the time and the flag of a mended text; what was not understood is
// told beside them. I/O thread, inside decode().
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "sdk/decoder.hpp"

namespace watchpost::danger {

struct Teller {
  std::string_view device;
  std::optional<std::int64_t> at{};
  watchpost_time_source source = WATCHPOST_TIME_DEVICE;
  bool repaired = false;
};

void tell(sdk::Sink& sink, const Teller& teller, std::deque<sdk::Observation>& observations,
          std::string_view unread);

}  // namespace watchpost::danger
