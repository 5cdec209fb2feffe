#include "tasmota/places.hpp"

namespace watchpost::tasmota {

std::optional<Place> place_of(std::string_view topic) {
  Place place;
  while (true) {
    const auto end = topic.find('/');
    if (end == std::string_view::npos) break;
    const auto level = topic.substr(0, end);
    topic.remove_prefix(end + 1);
    if (place.prefix.empty() && (level == "tele" || level == "stat")) {
      place.prefix = level;
      continue;
    }
    if (!place.device.empty()) place.device += '/';
    place.device += level;
  }
  place.what = topic;
  if (place.prefix.empty() || place.device.empty() || place.what.empty()) return std::nullopt;
  return place;
}

}  // namespace watchpost::tasmota
