// Units of numbers, as makers write them.
#include <array>

#include "danger/words.hpp"

namespace watchpost::danger {
namespace {

constexpr std::array kUnitNames{
    UnitName{"ppm", "ppm"},     UnitName{"ppb", "ppb"},     UnitName{"%LEL", "%LEL"},
    UnitName{"LEL", "%LEL"},    UnitName{"LEL %", "%LEL"},  UnitName{"%", "%"},
    UnitName{"dB/m", "dB/m"},   UnitName{"dBm", "dBm"},     UnitName{"%ft OBS", "%/ft"},
    UnitName{"°C", "Cel"},      UnitName{"ºC", "Cel"},      UnitName{"Pa", "Pa"},
    UnitName{"hPa", "hPa"},     UnitName{"kPa", "kPa"},     UnitName{"mbar", "mbar"},
    UnitName{"bar", "bar"},     UnitName{"µg/m³", "ug/m3"}, UnitName{"μg/m³", "ug/m3"},
    UnitName{"ug/m3", "ug/m3"}, UnitName{"ug/m³", "ug/m3"}, UnitName{"mg/m³", "mg/m3"},
    UnitName{"lx", "lx"},       UnitName{"m", "m"},         UnitName{"cm", "cm"},
    UnitName{"mm", "mm"},       UnitName{"L", "l"},         UnitName{"l", "l"},
    UnitName{"m³", "m3"},       UnitName{"m3", "m3"},       UnitName{"V", "V"},
    UnitName{"mV", "mV"},       UnitName{"A", "A"},         UnitName{"mA", "mA"},
    UnitName{"W", "W"},         UnitName{"kW", "kW"},       UnitName{"kWh", "kWh"},
    UnitName{"Hz", "Hz"},       UnitName{"s", "s"},         UnitName{"min", "min"},
};
constexpr std::array kMeasureUnits{
    MeasureUnit{"co", "ppm"},
    MeasureUnit{"co_ppm", "ppm"},
    MeasureUnit{"carbon_monoxide_value", "ppm"},
    MeasureUnit{"smoke_concentration", "ppm"},
    MeasureUnit{"smoke_density_dbm", "dB/m"},
};

}  // namespace

std::span<const UnitName> unit_names() {
  return kUnitNames;
}
std::span<const MeasureUnit> measure_units() {
  return kMeasureUnits;
}

}  // namespace watchpost::danger
