// frame: the frame around the items of a Milesight sensor with an NB-IoT modem (SensorDecoders,
// em-series/em400-udl/README.md "NB-IoT Data Frame" and *-cellular.js; EM300 and EM400).
// Promise: big endian numbers, texts in ASCII; lengths are checked before anything is read. A frame
// may hold the records of several measurements one behind the other: a new one begins where the low
// half of a channel is not above that of the channel before. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watchpost::milesight_nbiot {

struct Nbiot {
  std::string_view serial;  // 16 letters and digits
  int csq = 0;              // strength of the signal, 0 to 31; 99 where it is not known
  std::string_view items;
};

// Takes one frame off the front of `bytes`; nothing where there is none, with `why`.
[[nodiscard]] std::optional<Nbiot> take_frame(std::string_view& bytes, std::string& why);
// The items of each measurement, in their order.
[[nodiscard]] std::vector<std::string_view> measurements_in(std::string_view items);

}  // namespace watchpost::milesight_nbiot
