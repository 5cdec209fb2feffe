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

Words Places::line_in_words(const Pointing& pointing) const {
  const FilePosition to = pointing.to;
  if (to.part == pointing.from.part || to.part >= files_.size()) {
    return say("line {}", "第 {} 行", to.line);
  }
  return say("line {} of {}", "{1} 的第 {0} 行", to.line, files_[to.part]);
}

}  // namespace watchpost::settings
