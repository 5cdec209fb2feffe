#include "settings/places.hpp"

#include <fmt/format.h>

namespace watchpost::settings {
namespace {

std::string path_of(SectionRef section, std::string_view key) {
  return fmt::format("{}[{}].{}", section.section, section.index, key);
}

}  // namespace

void Places::put(SectionRef section, std::string_view key, FilePosition place) {
  places_[path_of(section, key)] = place;
}

bool Places::given(SectionRef section, std::string_view key) const {
  return places_.contains(path_of(section, key));
}

FilePosition Places::find(SectionRef section, std::string_view key) const {
  for (const auto& path : {path_of(section, key), path_of(section, "")}) {
    if (const auto at = places_.find(path); at != places_.end()) return at->second;
  }
  return {};
}

}  // namespace watchpost::settings
