// Place: where a device hangs, as a path from the whole to the part: "3/2/301", "Building 3/Hall".
#pragma once

#include <string_view>

namespace watchpost {

struct Place {
  std::string_view path;

  // `inner` is it, or lies within it: "3/2/301" in "3/2", and not in "3/20". Nothing lies within an
  // empty one.
  [[nodiscard]] bool holds(std::string_view inner) const {
    if (path.empty() || !inner.starts_with(path)) return false;
    return inner.size() == path.size() || path.back() == '/' || inner[path.size()] == '/';
  }
};

}  // namespace watchpost
