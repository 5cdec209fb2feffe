#include "decode/possible.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace watchpost::decode {
namespace {

struct Bounds {
  std::string_view quantity;
  std::array<std::string_view, 2> units;
  double least;
  double most;
};
constexpr double kNoEnd = std::numeric_limits<double>::max();
// The coldest air of the Earth was -89.2 Cel (WMO, Vostok 1983) and a thermocouple of type S ends
// at 1,768 Cel (IEC 60584-1). Humidity sensors overshoot by their tolerance, in fog by more.
constexpr std::array<Bounds, 3> kBounds{{{"temperature", {"Cel", "Cel"}, -100, 1'800},
                                         {"humidity", {"%RH", "%"}, -5, 110},
                                         {"distance", {"mm", "m"}, 0, kNoEnd}}};

}  // namespace

bool is_possible(const Reading& reading) {
  const auto* const value = std::get_if<double>(&reading.value);
  if (value == nullptr) return true;
  if (!std::isfinite(*value)) return false;
  for (const Bounds& bounds : kBounds) {
    if (reading.quantity != bounds.quantity) continue;
    if (reading.unit != bounds.units[0] && reading.unit != bounds.units[1]) continue;
    return *value >= bounds.least && *value <= bounds.most;
  }
  return true;
}

}  // namespace watchpost::decode
