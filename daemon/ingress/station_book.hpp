// StationBook: which wired stations were heard, and which of them send what is no frame.
// Promise: a station that sends noise is named for a day after the last of it: in the place of that
// noise there may have been an alarm. A port that had no room is named for an hour. At most
// kMostStations; the one that was silent longest makes room. Pure; I/O thread.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "ingress/full_ports.hpp"
#include "ingress/wired_options.hpp"
#include "model/trouble.hpp"

namespace watchpost::ingress {

class StationBook {
 public:
  static constexpr std::chrono::hours kNoiseFor{24};
  static constexpr std::size_t kMostStations = 1'000;
  // The longest list of troubles about noise.
  static constexpr std::size_t kMostTroubles = 16;

  struct Speaker {
    ListenerProtocol protocol = ListenerProtocol::gb26875;
    std::string station;
    std::string address;
    std::uint16_t port = 0;  // ours
  };

  void heard(const Speaker& speaker, SteadyTime now);
  // Returns what to tell about it. `sample`: the first of the bytes.
  Trouble noise(const Speaker& speaker, std::uint64_t bytes, std::string_view sample,
                SteadyTime now);
  Trouble full(const WiredOptions& options, std::uint16_t port, SteadyTime now);

  [[nodiscard]] std::vector<WiredStatus::Station> stations() const;
  [[nodiscard]] std::vector<Trouble> troubles(SteadyTime now) const;

 private:
  struct Entry {
    WiredStatus::Station station;
    std::string sample;
    SteadyTime noise_at{};
  };
  using Key = std::pair<ListenerProtocol, std::string>;

  Entry& entry_of(const Speaker& speaker, SteadyTime now);
  [[nodiscard]] static Trouble trouble_of(const Entry& entry);

  std::map<Key, Entry> entries_;
  FullPorts full_;
};

}  // namespace watchpost::ingress
