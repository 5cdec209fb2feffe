#include "sl651/elements.hpp"

#include <algorithm>
#include <array>

#include "sdk/text.hpp"

namespace watchpost::sl651 {
namespace {

// clang-format off
constexpr std::array kElements{
    Element{0x01, "AC", "section_area", "m2"},
    Element{0x02, "AI", "temperature", "Cel"},
    Element{0x03, "C", "water_temperature", "Cel"},
    Element{0x05, "DT", "duration", "min", Sort::duration},
    Element{0x06, "ED", "evaporation_day", "mm"},
    Element{0x07, "EJ", "evaporation_now", "mm"},
    Element{0x08, "FL", "air_pressure", "hPa"},
    Element{0x09, "GH", "gate_opening", "m", Sort::opening},
    Element{0x0a, "GN", "gate_number", ""},
    Element{0x0b, "GS", "gate_kind", ""},
    Element{0x0c, "GT", "gates_open", ""},
    Element{0x0d, "GTP", "ground_temperature", "Cel"},
    Element{0x0e, "H", "groundwater_depth", "m"},
    Element{0x0f, "HW", "wave_height", "m"},
    Element{0x10, "M10", "moisture_10cm", "%"},
    Element{0x11, "M20", "moisture_20cm", "%"},
    Element{0x12, "M30", "moisture_30cm", "%"},
    Element{0x13, "M40", "moisture_40cm", "%"},
    Element{0x14, "M50", "moisture_50cm", "%"},
    Element{0x15, "M60", "moisture_60cm", "%"},
    Element{0x16, "M80", "moisture_80cm", "%"},
    Element{0x17, "M100", "moisture_100cm", "%"},
    Element{0x18, "MST", "humidity", "%RH"},
    Element{0x19, "NS", "machines_running", ""},
    Element{0x1a, "P1", "rain_1h", "mm", Sort::rain},
    Element{0x1b, "P2", "rain_2h", "mm", Sort::rain},
    Element{0x1c, "P3", "rain_3h", "mm", Sort::rain},
    Element{0x1d, "P6", "rain_6h", "mm", Sort::rain},
    Element{0x1e, "P12", "rain_12h", "mm", Sort::rain},
    Element{0x1f, "PD", "rain_day", "mm", Sort::rain},
    Element{0x20, "PJ", "rain_now", "mm", Sort::rain},
    Element{0x21, "PN01", "rain_1min", "mm", Sort::rain},
    Element{0x22, "PN05", "rain_5min", "mm", Sort::rain},
    Element{0x23, "PN10", "rain_10min", "mm", Sort::rain},
    Element{0x24, "PN30", "rain_30min", "mm", Sort::rain},
    Element{0x25, "PR", "rain_storm", "mm", Sort::rain},
    Element{0x26, "PT", "rain_total", "mm", Sort::rain},
    Element{0x27, "Q", "flow", "m3/s"},
    Element{0x28, "Q1", "flow_1", "m3/s"},
    Element{0x29, "Q2", "flow_2", "m3/s"},
    Element{0x2a, "Q3", "flow_3", "m3/s"},
    Element{0x2b, "Q4", "flow_4", "m3/s"},
    Element{0x2c, "Q5", "flow_5", "m3/s"},
    Element{0x2d, "Q6", "flow_6", "m3/s"},
    Element{0x2e, "Q7", "flow_7", "m3/s"},
    Element{0x2f, "Q8", "flow_8", "m3/s"},
    Element{0x30, "QA", "flow_out", "m3/s"},
    Element{0x31, "QZ", "flow_gate", "m3/s"},
    Element{0x32, "SW", "sediment_load", "t", Sort::ten_kilo},
    Element{0x33, "UC", "wind_direction", "deg", Sort::direction},
    Element{0x34, "UE", "wind_force", ""},
    Element{0x35, "US", "wind_speed", "m/s"},
    Element{0x36, "VA", "mean_velocity", "m/s"},
    Element{0x37, "VJ", "velocity", "m/s"},
    Element{0x38, "VT", "battery_voltage", "V"},
    Element{0x39, "Z", "level", "m", Sort::level},
    Element{0x3a, "ZB", "level_below", "m", Sort::level},
    Element{0x3b, "ZU", "level_above", "m", Sort::level},
    Element{0x3c, "Z1", "level_1", "m", Sort::level},
    Element{0x3d, "Z2", "level_2", "m", Sort::level},
    Element{0x3e, "Z3", "level_3", "m", Sort::level},
    Element{0x3f, "Z4", "level_4", "m", Sort::level},
    Element{0x40, "Z5", "level_5", "m", Sort::level},
    Element{0x41, "Z6", "level_6", "m", Sort::level},
    Element{0x42, "Z7", "level_7", "m", Sort::level},
    Element{0x43, "Z8", "level_8", "m", Sort::level},
    Element{0x44, "SQ", "sediment", "kg/m3"},
    Element{0x45, "ZT", "status_word", "", Sort::status},
    Element{0x46, "PH", "ph", ""},
    Element{0x47, "DO", "dissolved_oxygen", "mg/L"},
    Element{0x48, "COND", "conductivity", "uS/cm"},
    Element{0x49, "TURB", "turbidity", ""},
    Element{0x4a, "CODMN", "permanganate_index", "mg/L"},
    Element{0x4b, "REDOX", "redox_potential", "mV"},
    Element{0x4c, "NH4N", "ammonia_nitrogen", "mg/L"},
    Element{0x4d, "TP", "total_phosphorus", "mg/L"},
    Element{0x4e, "TN", "total_nitrogen", "mg/L"},
    Element{0x4f, "TOC", "total_organic_carbon", "mg/L"},
    Element{0x50, "CU", "copper", "mg/L"},
    Element{0x51, "ZN", "zinc", "mg/L"},
    Element{0x52, "SE", "selenium", "mg/L"},
    Element{0x53, "AS", "arsenic", "mg/L"},
    Element{0x54, "THG", "mercury", "mg/L"},
    Element{0x55, "CD", "cadmium", "mg/L"},
    Element{0x56, "PB", "lead", "mg/L"},
    Element{0x57, "CHLA", "chlorophyll_a", "mg/L"},
    Element{0x58, "WP1", "water_pressure_1", "kPa"},
    Element{0x59, "WP2", "water_pressure_2", "kPa"},
    Element{0x5a, "WP3", "water_pressure_3", "kPa"},
    Element{0x5b, "WP4", "water_pressure_4", "kPa"},
    Element{0x5c, "WP5", "water_pressure_5", "kPa"},
    Element{0x5d, "WP6", "water_pressure_6", "kPa"},
    Element{0x5e, "WP7", "water_pressure_7", "kPa"},
    Element{0x5f, "WP8", "water_pressure_8", "kPa"},
    Element{0x60, "SYL1", "water_left_1", "m3"},
    Element{0x61, "SYL2", "water_left_2", "m3"},
    Element{0x62, "SYL3", "water_left_3", "m3"},
    Element{0x63, "SYL4", "water_left_4", "m3"},
    Element{0x64, "SYL5", "water_left_5", "m3"},
    Element{0x65, "SYL6", "water_left_6", "m3"},
    Element{0x66, "SYL7", "water_left_7", "m3"},
    Element{0x67, "SYL8", "water_left_8", "m3"},
    Element{0x68, "SBL1", "hourly_volume_1", "m3/h"},
    Element{0x69, "SBL2", "hourly_volume_2", "m3/h"},
    Element{0x6a, "SBL3", "hourly_volume_3", "m3/h"},
    Element{0x6b, "SBL4", "hourly_volume_4", "m3/h"},
    Element{0x6c, "SBL5", "hourly_volume_5", "m3/h"},
    Element{0x6d, "SBL6", "hourly_volume_6", "m3/h"},
    Element{0x6e, "SBL7", "hourly_volume_7", "m3/h"},
    Element{0x6f, "SBL8", "hourly_volume_8", "m3/h"},
    Element{0x70, "VTA", "ac_voltage_a", "V"},
    Element{0x71, "VTB", "ac_voltage_b", "V"},
    Element{0x72, "VTC", "ac_voltage_c", "V"},
    Element{0x73, "VIA", "ac_current_a", "A"},
    Element{0x74, "VIB", "ac_current_b", "A"},
    Element{0x75, "VIC", "ac_current_c", "A"},
    Element{0xf4, "DRP", "rain_5min", "mm", Sort::rain_row},
    Element{0xf5, "DRZ1", "relative_level", "m", Sort::level_row},
    Element{0xf6, "DRZ2", "relative_level_2", "m", Sort::level_row},
    Element{0xf7, "DRZ3", "relative_level_3", "m", Sort::level_row},
    Element{0xf8, "DRZ4", "relative_level_4", "m", Sort::level_row},
    Element{0xf9, "DRZ5", "relative_level_5", "m", Sort::level_row},
    Element{0xfa, "DRZ6", "relative_level_6", "m", Sort::level_row},
    Element{0xfb, "DRZ7", "relative_level_7", "m", Sort::level_row},
    Element{0xfc, "DRZ8", "relative_level_8", "m", Sort::level_row},
};
// clang-format on

}  // namespace

std::span<const Element> elements() {
  return kElements;
}

const Element* element_of(std::uint8_t id) {
  const auto* const found = std::lower_bound(
      kElements.begin(), kElements.end(), id,
      [](const Element& element, std::uint8_t wanted) { return element.id < wanted; });
  return found != kElements.end() && found->id == id ? found : nullptr;
}

const Element* element_named(std::string_view ascii) {
  const auto wanted = sdk::lower_case(ascii);
  const auto* const found = std::find_if(
      kElements.begin(), kElements.end(),
      [&wanted](const Element& element) { return sdk::lower_case(element.ascii) == wanted; });
  return found == kElements.end() ? nullptr : found;
}

}  // namespace watchpost::sl651
