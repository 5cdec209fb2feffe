#include "settings/places.hpp"

#include <fmt/format.h>

#include <algorithm>

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

bool Places::given_at_all(std::string_view section) const {
  const std::string prefix = fmt::format("{}[", section);
  const auto first = places_.lower_bound(prefix);
  if (first == places_.end() || !first->first.starts_with(prefix)) return false;
  // The place of the section itself has no key behind its point.
  return std::any_of(first, places_.end(), [&prefix](const auto& entry) {
    return entry.first.starts_with(prefix) && !entry.first.ends_with('.');
  });
}

}  // namespace watchpost::settings
