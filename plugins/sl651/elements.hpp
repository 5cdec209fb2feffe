// The elements of SL 651-2014 appendix C, table C.1: how each is named on the line, and which
// quantity of ours it is.
// Promise: a constant table; one row for each identifier that the standard defines.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sdk/observation.hpp"

namespace watchpost::sl651 {

enum class Sort : std::uint8_t {
  plain,      // a decimal number
  level,      // of water, in metres
  rain,       // in millimetres
  duration,   // hours and minutes as HH.mm, here in minutes
  direction,  // of the wind: 1 is north, 16 directions clockwise (table E.1), here in degrees
  opening,    // of a gate in metres; 444, 555, 888 and 999 are states (E.3.2.2)
  ten_kilo,   // the line counts ten thousands
  status,     // the status word, four bytes (table 58)
  rain_row,   // 12 values of 5 minutes: one byte each, 0.1 mm
  level_row,  // 12 values of 5 minutes: two bytes each, 0.01 m
};

struct Element {
  std::uint8_t id;
  std::string_view ascii;
  std::string_view quantity;
  std::string_view unit;
  Sort sort = Sort::plain;
};

[[nodiscard]] std::span<const Element> elements();
[[nodiscard]] const Element* element_of(std::uint8_t id);
// Upper and lower case are the same.
[[nodiscard]] const Element* element_named(std::string_view ascii);

}  // namespace watchpost::sl651
