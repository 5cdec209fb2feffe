// units: the unit of a number, as it is written by makers, named after SenML or UCUM.
// Promise: nothing for a unit that is not in the table (words.hpp): a number with a wrong unit is
// worse than one that stays in the raw payload. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace watchpost::danger {

[[nodiscard]] std::optional<std::string_view> unit_named(std::string_view written);
// The unit that the numbers under this name have with every maker; empty where makers differ.
[[nodiscard]] std::string_view unit_of_measure(std::string_view name);

}  // namespace watchpost::danger
