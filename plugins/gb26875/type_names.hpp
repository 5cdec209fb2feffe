// The types of fire systems (GB/T 26875.3-2011 table 4) and of their parts (table 5).
// Promise: every type that the standard names has its name in both languages; a reserved one or a
// maker's own has none. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "abi/watchpost_decoder.h"

namespace watchpost::gb26875 {

struct TypeName {
  std::uint8_t type;
  std::string_view english;
  std::string_view chinese;
};

// Null: the standard has no such type.
[[nodiscard]] const TypeName* system_name(std::uint8_t type);
[[nodiscard]] const TypeName* part_name(std::uint8_t type);
// By its name in either language, as the standard writes it.
[[nodiscard]] std::optional<std::uint8_t> system_called(std::string_view name);
[[nodiscard]] std::optional<std::uint8_t> part_called(std::string_view name);

// What a part of this type watches.
[[nodiscard]] watchpost_kind kind_of_part(std::uint8_t type);
// True where the part says, by its being started or its feedback, that somebody pressed a button or
// that water or gas flows to put out a fire.
[[nodiscard]] bool tells_of_fire(std::uint8_t part_type);
// The same of a whole system: it puts out fires by gas, foam, powder or water under pressure, and
// has no pump that runs by itself at times.
[[nodiscard]] bool puts_out_fires(std::uint8_t system_type);

}  // namespace watchpost::gb26875
