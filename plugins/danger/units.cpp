#include "danger/units.hpp"

#include <algorithm>

#include "danger/words.hpp"

namespace watchpost::danger {

std::optional<std::string_view> unit_named(std::string_view written) {
  const auto names = unit_names();
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const UnitName& name) { return name.written == written; });
  if (found == names.end()) return std::nullopt;
  return found->named;
}

std::string_view unit_of_measure(std::string_view name) {
  const auto units = measure_units();
  const auto found = std::find_if(units.begin(), units.end(),
                                  [&](const MeasureUnit& unit) { return unit.name == name; });
  return found == units.end() ? std::string_view{} : found->unit;
}

}  // namespace watchpost::danger
