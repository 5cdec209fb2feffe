#include "ingress/station_book.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "ingress/complaints.hpp"

namespace watchpost::ingress {

StationBook::Entry& StationBook::entry_of(const Speaker& speaker, SteadyTime now) {
  const Key key{speaker.protocol, speaker.station};
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() == kMostStations) {
      entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](auto& a, auto& b) {
        return a.second.station.heard_at < b.second.station.heard_at;
      }));
    }
    found = entries_.emplace(key, Entry{}).first;
  }
  WiredStatus::Station& station = found->second.station;
  station.protocol = speaker.protocol;
  station.station = speaker.station;
  station.address = speaker.address;
  station.port = speaker.port;
  station.heard_at = now;
  return found->second;
}

void StationBook::heard(const Speaker& speaker, SteadyTime now) {
  ++entry_of(speaker, now).station.messages;
}

Trouble StationBook::noise(const Speaker& speaker, std::uint64_t bytes, std::string_view sample,
                           SteadyTime now) {
  Entry& entry = entry_of(speaker, now);
  entry.station.noise += bytes;
  entry.sample = to_hex(sample);
  entry.noise_at = now;
  return trouble_of(entry);
}

Trouble StationBook::trouble_of(const Entry& entry) {
  const WiredStatus::Station& station = entry.station;
  return trouble<TroubleCode::station_noise>(
      arg<"station">(printable(station.station)), arg<"address">(station.address),
      arg<"port">(std::to_string(station.port)),
      arg<"protocol">(std::string(to_string(station.protocol))), arg<"bytes">(station.noise),
      arg<"sample">(entry.sample));
}

Trouble StationBook::full(const WiredOptions& options, std::uint16_t port, SteadyTime now) {
  Trouble trouble = watchpost::trouble<TroubleCode::station_port_full>(
      arg<"port">(std::to_string(port)), arg<"protocol">(std::string(to_string(options.protocol))),
      arg<"most">(std::uint64_t{options.max_connections}));
  full_.note(port, trouble, now);
  return trouble;
}

std::vector<WiredStatus::Station> StationBook::stations() const {
  std::vector<WiredStatus::Station> all;
  for (const auto& [key, entry] : entries_) all.push_back(entry.station);
  return all;
}

std::vector<Trouble> StationBook::troubles(SteadyTime now) const {
  std::vector<Trouble> troubles;
  full_.append_to(troubles, now);
  std::size_t named = 0;
  for (const auto& [key, entry] : entries_) {
    if (entry.station.noise == 0 || now - entry.noise_at >= kNoiseFor) continue;
    if (named++ == kMostTroubles) break;
    troubles.push_back(trouble_of(entry));
  }
  return troubles;
}

}  // namespace watchpost::ingress
