// shape_of: the shape of each code.
// Promise: every code has exactly one, in the order of TroubleCode; the compiler checks it. Used by
// every layer above base, on any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "model/trouble_shapes_handshake.hpp"
#include "model/trouble_shapes_links.hpp"
#include "model/trouble_shapes_own.hpp"
#include "model/trouble_shapes_server.hpp"

namespace watchpost {
namespace trouble_shapes {

[[nodiscard]] constexpr auto joined() {
  std::array<Row, kOwn.size() + kLinks.size() + kServer.size() + kHandshake.size() + 1> all{};
  auto next = std::copy(kOwn.begin(), kOwn.end(), all.begin());
  next = std::copy(kLinks.begin(), kLinks.end(), next);
  next = std::copy(kServer.begin(), kServer.end(), next);
  std::copy(kHandshake.begin(), kHandshake.end(), next);
  all.back() = Row{see_log, "see_log", {}};
  return all;
}

}  // namespace trouble_shapes

inline constexpr auto kTroubleShapes = trouble_shapes::joined();

[[nodiscard]] constexpr bool shapes_are_in_order() {
  for (std::size_t i = 0; i < kTroubleShapes.size(); ++i) {
    if (static_cast<std::size_t>(kTroubleShapes[i].code) != i) return false;
  }
  return true;
}
static_assert(shapes_are_in_order());

[[nodiscard]] constexpr const TroubleShape& shape_of(TroubleCode code) {
  return kTroubleShapes[static_cast<std::size_t>(code)];
}

}  // namespace watchpost
