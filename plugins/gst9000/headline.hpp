// What the headline of a GST9000 record means, by the words of fire panels.
// Promise: a headline of none of these words is `unknown`, which is loud; nothing is guessed. The
// table is in headline.cpp. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace watchpost::gst9000 {

enum class Meaning : std::uint8_t {
  unknown,
  alarm,
  prealarm,
  fault,
  shielded,     // taken out of service by hand
  supervisory,  // a guarded signal, such as a closed valve
  started,      // a device was switched on
  feedback,     // a device has reported that it works
  delayed,
  reset,
  muted,
  test,
  operation,  // anything else that a person or the panel did
};

struct Headline {
  Meaning meaning = Meaning::unknown;
  bool is_over = false;  // the condition has ended: "故障恢复"
  bool is_test = false;  // said beside another meaning
};
// UTF-8.
[[nodiscard]] Headline headline_from(std::string_view text);

}  // namespace watchpost::gst9000
