// Texts and analogue values of GB/T 26875.3-2011. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "sdk/observation.hpp"

namespace watchpost::gb26875 {

// Text in GB18030, ended by NUL, as the reading `quantity`. Where not all of it is such text, as
// where a field that is too short cuts a character, its bytes in hexadecimal are added as
// `<quantity>_hex`, flagged text_unreadable; text with control characters is left out.
void add_text(sdk::Quantity quantity, std::string_view bytes, sdk::Observation& observation);

// Table 6. False: the type is reserved or the maker's own; its plain number is kept.
struct AnalogueValue {
  std::uint8_t type = 0;
  std::int16_t value = 0;
};
bool add_analogue(AnalogueValue analogue, sdk::Observation& observation);

}  // namespace watchpost::gb26875
