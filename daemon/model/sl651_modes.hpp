// Sl651Answering: which stations of SL 651-2014 are answered, and how a confirmation to them ends
// (sections 6.2.2 and 6.3.1, table 15).
// Promise: plain values, used on any thread; the names are those of the configuration.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace watchpost {

enum class Sl651Mode : std::uint8_t {
  m1,  // sends and expects no answer
  m2,  // each frame is confirmed
  m3,  // a message in packets is confirmed once; its other frames as in m2
  m4,  // answers questions; its frames are confirmed as in m2
};

// How a confirmation ends.
enum class Sl651Ending : std::uint8_t {
  eot,  // the station may go
  esc,  // the station stays online
};

struct Sl651Station {
  Sl651Mode mode = Sl651Mode::m2;
  Sl651Ending ending = Sl651Ending::eot;
};

struct Sl651Answering {
  std::map<std::string, Sl651Station, std::less<>> stations;  // by address, in upper case

  [[nodiscard]] Sl651Station of(std::string_view station) const {
    const auto found = stations.find(station);
    return found == stations.end() ? Sl651Station{} : found->second;
  }
};

}  // namespace watchpost
