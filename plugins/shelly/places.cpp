#include "shelly/places.hpp"

#include <algorithm>

namespace watchpost::shelly {
namespace {

// Where the part of generation 2 begins, as the slash before it.
std::size_t second_generation(std::string_view topic) {
  constexpr std::string_view kRpc = "/events/rpc";
  constexpr std::string_view kStatus = "/status/";
  if (topic.ends_with(kRpc)) return topic.size() - kRpc.size();
  const auto status = topic.rfind(kStatus);
  const bool is_last = status != std::string_view::npos &&
                       topic.find('/', status + kStatus.size()) == std::string_view::npos;
  return is_last ? status : std::string_view::npos;
}

}  // namespace

std::optional<Place> place_of(std::string_view topic) {
  constexpr std::string_view kFirst = "shellies/";
  auto own = topic;
  const auto below = topic.find(kFirst);
  const bool is_below = below == 0 || (below != std::string_view::npos && topic[below - 1] == '/');
  if (is_below) own.remove_prefix(below + kFirst.size());
  Place place;
  if (const auto cut = second_generation(own); cut != std::string_view::npos && cut > 0) {
    place.device = own.substr(0, cut);
    place.what = own.substr(cut + 1);
    return place;
  }
  const auto cut = is_below ? own.find('/') : own.rfind('/');
  if (cut == std::string_view::npos || cut == 0) return std::nullopt;
  place.first_generation = is_below;
  place.device = own.substr(0, cut);
  place.what = own.substr(cut + 1);
  return place;
}

}  // namespace watchpost::shelly
