#include "gb26875/readings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "base/gb18030.hpp"

namespace watchpost::gb26875 {

namespace {

struct Analogue {
  std::uint8_t type;
  std::string_view quantity;
  std::string_view unit;
  double divisor;
  double least;
  double most;
  watchpost_kind kind;
};

constexpr std::array kAnalogues{
    Analogue{1, "event_count", "", 1, 0, 32'000, WATCHPOST_MEASUREMENT},
    Analogue{2, "level", "m", 100, 0, 320, WATCHPOST_WATER_LEVEL},
    Analogue{3, "temperature", "Cel", 10, -273, 3'200, WATCHPOST_MEASUREMENT},
    Analogue{4, "pressure", "MPa", 10, 0, 3'200, WATCHPOST_HYDRANT_PRESSURE},
    Analogue{5, "pressure", "kPa", 10, 0, 3'200, WATCHPOST_HYDRANT_PRESSURE},
    Analogue{6, "gas", "%LEL", 10, 0, 100, WATCHPOST_MEASUREMENT},
    Analogue{7, "duration", "s", 1, 0, 32'000, WATCHPOST_MEASUREMENT},
    Analogue{8, "voltage", "V", 10, 0, 3'200, WATCHPOST_MEASUREMENT},
    Analogue{9, "current", "A", 10, 0, 3'200, WATCHPOST_MEASUREMENT},
    Analogue{10, "flow", "l/s", 10, 0, 3'200, WATCHPOST_MEASUREMENT},
    Analogue{11, "air_flow", "m3/min", 10, 0, 3'200, WATCHPOST_MEASUREMENT},
    Analogue{12, "wind_speed", "m/s", 1, 0, 20, WATCHPOST_MEASUREMENT},
};

// No character that a terminal or a log would obey.
bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7F;
  });
}

std::string_view without_padding(std::string_view bytes) {
  bytes = bytes.substr(0, bytes.find('\0'));
  while (bytes.ends_with(' ')) bytes.remove_suffix(1);
  return bytes;
}

}  // namespace

void add_text(sdk::Quantity quantity, std::string_view bytes, sdk::Observation& observation) {
  const std::string_view filled = without_padding(bytes);
  if (filled.empty()) return;
  auto text = from_gb18030(filled);
  if (!is_printable(text.utf8)) text.is_whole = false;
  if (!text.is_whole) {
    const auto name = observation.own(fmt::format("{}_hex", quantity.name));
    observation.text({name}, observation.own(to_hex(filled))).flag("text_unreadable");
    if (!is_printable(text.utf8)) return;
  }
  observation.text(quantity, observation.own(std::move(text.utf8)));
}

bool add_analogue(AnalogueValue analogue, sdk::Observation& observation) {
  const auto type = analogue.type;
  const auto value = analogue.value;
  const auto known = std::find_if(kAnalogues.begin(), kAnalogues.end(),
                                  [type](const Analogue& entry) { return entry.type == type; });
  if (known == kAnalogues.end()) {
    observation.number({"analogue_type"}, static_cast<double>(type))
        .number({"analogue_value"}, static_cast<double>(value))
        .quality(WATCHPOST_SUSPECT);
    return false;
  }
  const double number = value / known->divisor;
  observation.kind(known->kind).number({known->quantity, known->unit}, number);
  if (number < known->least || number > known->most) {
    observation.quality(WATCHPOST_SUSPECT).flag("out_of_range");
  }
  return true;
}

}  // namespace watchpost::gb26875
