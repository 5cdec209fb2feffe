// The items of each model, from Milesight-IoT/SensorDecoders@e79c9d8b (README and decoder of each).
#include "lorawan/milesight_hooks.hpp"
#include "lorawan/milesight_items.hpp"
#include "lorawan/models.hpp"

namespace watchpost::lorawan::milesight {
namespace {

constexpr auto kStatus = WATCHPOST_DEVICE_STATUS;
constexpr auto kMeasured = WATCHPOST_MEASUREMENT;

constexpr sdk::Quantity kTemperature{"temperature", "Cel"};
constexpr sdk::Quantity kHumidity{"humidity", "%RH"};
constexpr sdk::Quantity kDistance{"distance", "mm"};
constexpr sdk::Quantity kDepth{"depth", "mm"};

constexpr Piece temperature_at(std::uint8_t at) {
  return {at, Form::i16, Role::number, kTemperature, 10};
}
constexpr Piece humidity_at(std::uint8_t at) {
  return {at, Form::u8, Role::number, kHumidity, 2, 1};
}
constexpr Piece leak_at(std::uint8_t at) {
  return {at, Form::u8, Role::danger, {"water_leak"}};
}
constexpr Piece distance_at(std::uint8_t at) {
  return {at, Form::u16, Role::measure, kDistance, 1, 3};
}

constexpr Item kBattery{
    0x0175, 1, kStatus, {{{0, Form::u8, Role::number, {"battery", "%EL"}, 1, 1}}}};
constexpr Item temperature_item(unsigned id) {
  return {id, 2, kMeasured, {{temperature_at(0)}}};
}
constexpr Item humidity_item(unsigned id) {
  return {id, 1, kMeasured, {{humidity_at(0)}}};
}
constexpr Item kTemperature3 = temperature_item(0x0367);
constexpr Item kHumidity4 = humidity_item(0x0468);
constexpr Item leak_item(unsigned id) {
  return {id, 1, WATCHPOST_WATER_LEAK, {{leak_at(0)}}};
}
constexpr Item tilt_item(unsigned id) {
  return {id, 1, kStatus, {{{0, Form::u8, Role::tilt, {"tilt"}}}}};
}
constexpr Item flag_item(unsigned id, watchpost_kind kind, sdk::Quantity quantity,
                         Role role = Role::flag) {
  return {id, 1, kind, {{{0, Form::u8, role, quantity}}}};
}
// A temperature that goes with a code: what it crossed.
constexpr Item temperature_alarm(unsigned id, std::size_t length, Role role) {
  const auto at = static_cast<std::uint8_t>(length - 1);
  return {id,
          length,
          WATCHPOST_HEAT,
          {{temperature_at(0), {at, Form::u8, role, {"temperature_alarm"}}}}};
}
constexpr Item stored_climate(std::size_t length) {
  return {kStored, length, kMeasured, {{temperature_at(4), humidity_at(6)}}};
}

constexpr std::array kEm300Th{kBattery, kTemperature3, kHumidity4, stored_climate(8)};
constexpr std::array kEm320Th{kBattery, kTemperature3, kHumidity4, stored_climate(7)};
constexpr std::array kEm300Leak{
    kBattery, kTemperature3, kHumidity4, leak_item(0x0500),
    Item{kStored, 8, WATCHPOST_WATER_LEAK, {{temperature_at(4), humidity_at(6), leak_at(7)}}}};
// Without a climate sensor: temperature and humidity of a stored record are placeholders.
constexpr std::array kEm300Mld{kBattery, kTemperature3, kHumidity4, leak_item(0x0500),
                               Item{kStored, 8, WATCHPOST_WATER_LEAK, {{leak_at(7)}}}};
constexpr std::array kEm300Mcs{
    kBattery, kTemperature3, kHumidity4, flag_item(0x0600, kMeasured, {"contact"}, Role::inverse),
    Item{kStored,
         8,
         kMeasured,
         {{temperature_at(4), humidity_at(6), {7, Form::u8, Role::inverse, {"contact"}}}}}};
constexpr std::array kEm300Di{
    kBattery,
    kTemperature3,
    kHumidity4,
    flag_item(0x0500, kMeasured, {"input"}),
    Item{0x05C8, 4, kMeasured, {{{0, Form::u32, Role::number, {"pulses"}}}}},
    Item{0x05E1, 8, kMeasured, {{{4, Form::f32, Role::number, {"water_volume"}}}}},
    Item{
        0x8500, 2, kMeasured, {{{0, Form::u8, Role::flag, {"input"}}, {1, Form::u8, Role::limit}}}},
    Item{0x85E1, 9, kMeasured, {}, &water_meter_alarm},
    Item{kStored, 13, kMeasured, {{temperature_at(4), humidity_at(6)}}},
    Item{0x21CE, 18, kMeasured, {{temperature_at(4), humidity_at(6)}}},
    Item{0xFE79, 4},
    Item{0xFF79, 4}};
constexpr std::array kEm300Cl{kBattery, Item{0x03ED, 1, WATCHPOST_WATER_LEVEL, {}, &liquid},
                              Item{0x83ED, 2, WATCHPOST_WATER_LEVEL, {}, &liquid},
                              flag_item(0x04EE, kStatus, {"calibrated"})};

constexpr std::array kEm310Udl{
    kBattery, Item{0x0382, 2, WATCHPOST_WATER_DISTANCE, {{distance_at(0)}}}, tilt_item(0x0400)};
constexpr std::array kEm310Tilt{kBattery,
                                Item{0x03CF,
                                     7,
                                     kMeasured,
                                     {{{0, Form::i16, Role::number, {"angle_x", "deg"}, 100},
                                       {2, Form::i16, Role::number, {"angle_y", "deg"}, 100},
                                       {4, Form::i16, Role::number, {"angle_z", "deg"}, 100}}},
                                     &tilt_angles}};
constexpr std::array kEm320Tilt{kBattery, Item{0x03D4, 6, kMeasured, {}, &tilt_angles_with_bits}};
constexpr std::array kEm400{
    kBattery, kTemperature3, Item{0x0482, 2, WATCHPOST_WATER_DISTANCE, {{distance_at(0)}}},
    tilt_item(0x0500),
    // Of the NB-IoT models: millionths of a degree, and whether it moves.
    Item{0x0688,
         9,
         kStatus,
         {{{0, Form::i32, Role::number, {"latitude", "lat"}, 1e6},
           {4, Form::i32, Role::number, {"longitude", "lon"}, 1e6}}}},
    temperature_alarm(0x8367, 3, Role::limit),
    Item{0x8482, 3, WATCHPOST_WATER_DISTANCE, {{distance_at(0), {2, Form::u8, Role::limit}}}}};
constexpr Piece signed_distance_at(std::uint8_t at) {
  return {at, Form::i16, Role::measure, kDistance, 1, 3};
}
constexpr std::array kEm410Rdl{
    kBattery,
    kTemperature3,
    Item{0x0482, 2, WATCHPOST_WATER_DISTANCE, {{signed_distance_at(0)}}},
    tilt_item(0x0500),
    Item{0x06C7, 2, kStatus, {{{0, Form::i16, Role::number, {"radar_signal", "dB"}, 100}}}},
    Item{0x8482,
         3,
         WATCHPOST_WATER_DISTANCE,
         {{signed_distance_at(0), {2, Form::u8, Role::threshold}}}},
    Item{0x9482,
         5,
         WATCHPOST_WATER_DISTANCE,
         {{signed_distance_at(0),
           {2, Form::i16, Role::number, {"distance_change", "mm"}},
           {4, Form::u8, Role::threshold}}}},
    Item{0xB482, 3, WATCHPOST_WATER_DISTANCE, {{signed_distance_at(0)}}, &radar_exception},
    Item{kStored,
         11,
         WATCHPOST_WATER_DISTANCE,
         {{signed_distance_at(4),
           {6, Form::i16, Role::number, kTemperature, 10, 2},
           {10, Form::u8, Role::events}}}}};

constexpr std::array kEm500Udl{kBattery,
                               Item{0x0382, 2, WATCHPOST_WATER_DISTANCE, {{distance_at(0)}}},
                               // The maker's decoder divides by ten here and not above.
                               Item{0x83E9,
                                    5,
                                    WATCHPOST_WATER_DISTANCE,
                                    {{{0, Form::u16, Role::number, kDistance, 10, 3},
                                      {2, Form::u16, Role::number, {"distance_change", "mm"}, 10},
                                      {4, Form::u8, Role::threshold}}}},
                               Item{kStored, 6, WATCHPOST_WATER_DISTANCE, {{distance_at(4)}}}};
constexpr Piece depth_at(std::uint8_t at) {  // centimetres above the probe
  return {at, Form::u16, Role::measure, kDepth, 0.1, 3};
}
constexpr std::array kEm500Swl{kBattery, Item{0x0377, 2, WATCHPOST_WATER_LEVEL, {{depth_at(0)}}},
                               Item{0xFF1B, 5},
                               Item{kStored, 6, WATCHPOST_WATER_LEVEL, {{depth_at(4)}}}};
constexpr std::array kEm500Pp{kBattery,
                              Item{0x037B,
                                   2,
                                   WATCHPOST_HYDRANT_PRESSURE,
                                   {{{0, Form::i16, Role::measure, {"pressure", "kPa"}}}}},
                              Item{kStored,
                                   6,
                                   WATCHPOST_HYDRANT_PRESSURE,
                                   {{{4, Form::i16, Role::measure, {"pressure", "kPa"}}}}}};
constexpr std::array kEm500Pt100{
    kBattery, kTemperature3, temperature_alarm(0x83D7, 5, Role::threshold_swap), Item{0xFF1B, 5},
    Item{kStored, 6, kMeasured, {{temperature_at(4)}}}};
constexpr std::array kEm500Co2{
    kBattery,
    kTemperature3,
    kHumidity4,
    Item{0x057D, 2, kMeasured, {{{0, Form::u16, Role::number, {"co2", "ppm"}, 1, 3}}}},
    Item{0x0673, 2, kMeasured, {{{0, Form::u16, Role::number, {"pressure", "hPa"}, 10, 3}}}},
    temperature_alarm(0x83D7, 5, Role::threshold_swap),
    Item{0xFE87, 3},
    Item{0xFF87, 3},
    Item{kStored,
         11,
         kMeasured,
         {{{4, Form::u16, Role::number, {"co2", "ppm"}, 1, 3},
           {6, Form::u16, Role::number, {"pressure", "hPa"}, 10, 3},
           temperature_at(8),
           humidity_at(10)}}}};

constexpr std::array kEm500Lgt{
    kBattery, Item{0x0394, 4, kMeasured, {{{0, Form::u32, Role::number, {"illuminance", "lx"}}}}},
    Item{kStored, 8, kMeasured, {{{4, Form::u32, Role::number, {"illuminance", "lx"}}}}}};
constexpr Piece checked_temperature_at(std::uint8_t at) {
  return {at, Form::i16, Role::number, kTemperature, 10, 3};
}
constexpr Piece conductivity_at(std::uint8_t at) {
  return {at, Form::u16, Role::number, {"conductivity", "uS/cm"}, 1, 3};
}
constexpr Piece moisture_at(std::uint8_t at) {
  return {at, Form::u16, Role::number, {"moisture", "%"}, 100, 3};
}
constexpr std::array kEm500Smtc{
    kBattery,
    Item{0x0367, 2, kMeasured, {{checked_temperature_at(0)}}},
    Item{0x0468, 1, kMeasured, {{{0, Form::u8, Role::number, {"moisture", "%"}, 2, 1}}}},
    Item{0x04CA, 2, kMeasured, {{moisture_at(0)}}},
    Item{0x057F, 2, kMeasured, {{conductivity_at(0)}}},
    temperature_alarm(0x83D7, 5, Role::threshold),
    Item{
        kStored, 10, kMeasured, {{conductivity_at(4), checked_temperature_at(6), moisture_at(8)}}}};

constexpr std::array kWt101{kBattery,
                            kTemperature3,
                            Item{0x0467, 2},
                            Item{0x0592, 1},
                            flag_item(0x0600, kStatus, {"tamper"}),
                            Item{0x0700, 1},
                            Item{0x08E5, 1},
                            Item{0x0990, 2},
                            Item{0x0A00, 1},
                            Item{0x0B90, 2}};
constexpr std::array kAt101{kBattery,
                            kTemperature3,
                            Item{0x0488, 9},
                            Item{0x8488, 9},
                            flag_item(0x0500, kStatus, {"tilt"}),
                            Item{0x06D9, 9},
                            flag_item(0x0700, kStatus, {"tamper"}),
                            temperature_alarm(0x8367, 3, Role::limit),
                            Item{kStored,
                                 12,
                                 kStatus,
                                 {{{4, Form::i32, Role::number, {"longitude", "lon"}, 1e6},
                                   {8, Form::i32, Role::number, {"latitude", "lat"}, 1e6}}}},
                            Item{0xFE13, 3},
                            Item{0xFF13, 3},
                            Item{0xFE7E, 4},
                            Item{0xFF7E, 4}};

constexpr std::array kGs101{
    kBattery,
    Item{0x058E, 1, WATCHPOST_COMBUSTIBLE_GAS, {{{0, Form::u8, Role::danger, {"gas"}}}}},
    flag_item(0x0601, kStatus, {"valve_open"}),
    flag_item(0x0701, kStatus, {"relay_on"}),
    Item{0x0890, 4, kStatus, {{{0, Form::u32, Role::number, {"life_remaining", "s"}}}}},
    Item{0xFF3F, 1, kStatus, {}, &gas_detector_event}};
constexpr std::array kGs301{
    kBattery,
    temperature_item(0x0267),
    humidity_item(0x0368),
    Item{0x047D, 2, kMeasured, {{{0, Form::u16, Role::number, {"nh3", "ppm"}, 100, 2}}}},
    Item{0x057D, 2, kMeasured, {{{0, Form::u16, Role::number, {"h2s", "ppm"}, 100, 2}}}},
    Item{0x067D, 2, kMeasured, {{{0, Form::u16, Role::number, {"h2s", "ppm"}, 1000, 2}}}},
    Item{0x07EA, 5},
    Item{0xFF7C, 43},
    Item{0xFE66, 2},
    Item{0xFF66, 2}};

constexpr std::array kVs370{kBattery, flag_item(0x0300, WATCHPOST_PRESENCE, {"presence"}),
                            Item{0x0400, 1}};
constexpr std::array kVs373{
    kBattery, Item{0x03F8, 6, WATCHPOST_FALL, {}, &detection},
    Item{0x07B0, 8, WATCHPOST_FALL, {}, &detection},
    // Regions: 1 means vacant in old firmware and occupied in new; not used.
    Item{0x04F9, 4}, Item{0x0AB3, 5}, Item{0x09B2, 6}, Item{0x05FA, 8}, Item{0x0BB4, 9},
    Item{0x0CB4, 9}, Item{0x08B1, 3, WATCHPOST_FALL, {}, &breathing},
    Item{0x06FB, 5, WATCHPOST_FALL, {}, &fall_event},
    Item{kStored, 9, WATCHPOST_FALL, {}, &stored_fall_event}};

constexpr std::array kWs101{kBattery, Item{0xFF2E, 1, WATCHPOST_SOS, {}, &press}};
constexpr std::array kWs201{
    kBattery, Item{0x0382, 2, kMeasured, {{{0, Form::u16, Role::number, kDistance, 1, 3}}}},
    Item{0x04D6, 1, kMeasured, {{{0, Form::u8, Role::number, {"remaining", "%"}}}}}};
constexpr std::array kWs202{kBattery, flag_item(0x0300, WATCHPOST_PRESENCE, {"presence"}),
                            Item{0x0400, 1}};
constexpr std::array kWs203{
    kBattery,
    kTemperature3,
    kHumidity4,
    flag_item(0x0500, WATCHPOST_PRESENCE, {"presence"}),
    temperature_alarm(0x8367, 3, Role::limit),
    Item{kStored,
         9,
         WATCHPOST_PRESENCE,
         {{{5, Form::u8, Role::flag, {"presence"}}, temperature_at(6), humidity_at(8)}}}};
constexpr std::array kWs301{kBattery, flag_item(0x0300, kMeasured, {"contact"}, Role::inverse),
                            flag_item(0x0400, kStatus, {"tamper"})};
constexpr std::array kWs303{kBattery, leak_item(0x0300)};

template <const auto& kItems>
bool read(const Uplink& uplink, Decoded& decoded) {
  return read_items(uplink, kItems, decoded);
}

constexpr std::array kCodecs{
    NamedCodec{"milesight_em300_cl", &read<kEm300Cl>},
    NamedCodec{"milesight_em300_di", &read<kEm300Di>},
    NamedCodec{"milesight_em300_mcs", &read<kEm300Mcs>},
    NamedCodec{"milesight_em300_mld", &read<kEm300Mld>},
    NamedCodec{"milesight_em300_sld", &read<kEm300Leak>},
    NamedCodec{"milesight_em300_th", &read<kEm300Th>},
    NamedCodec{"milesight_em300_zld", &read<kEm300Leak>},
    NamedCodec{"milesight_em310_tilt", &read<kEm310Tilt>},
    NamedCodec{"milesight_em310_udl", &read<kEm310Udl>},
    NamedCodec{"milesight_em320_th", &read<kEm320Th>},
    NamedCodec{"milesight_em400_mud", &read<kEm400>},
    NamedCodec{"milesight_em400_tld", &read<kEm400>},
    NamedCodec{"milesight_em400_udl", &read<kEm400>},
    NamedCodec{"milesight_em410_rdl", &read<kEm410Rdl>},
    NamedCodec{"milesight_em411_rdl", &read<kEm410Rdl>},
    NamedCodec{"milesight_em500_co2", &read<kEm500Co2>},
    NamedCodec{"milesight_em500_pp", &read<kEm500Pp>},
    NamedCodec{"milesight_em500_pt100", &read<kEm500Pt100>},
    NamedCodec{"milesight_em500_swl", &read<kEm500Swl>},
    NamedCodec{"milesight_em500_udl", &read<kEm500Udl>},
    NamedCodec{"milesight_gs101", &read<kGs101>},
    NamedCodec{"milesight_gs301", &read<kGs301>},
    NamedCodec{"milesight_vs370", &read<kVs370>},
    NamedCodec{"milesight_vs373", &read<kVs373>},
    NamedCodec{"milesight_ws101", &read<kWs101>},
    NamedCodec{"milesight_ws201", &read<kWs201>},
    NamedCodec{"milesight_ws202", &read<kWs202>},
    NamedCodec{"milesight_ws203", &read<kWs203>},
    NamedCodec{"milesight_ws301", &read<kWs301>},
    NamedCodec{"milesight_ws303", &read<kWs303>},
    NamedCodec{"milesight_gs524n", &gs524n},
    NamedCodec{"milesight_at101", &read<kAt101>},
    NamedCodec{"milesight_em300_di_hall", &read<kEm300Di>},
    NamedCodec{"milesight_em320_tilt", &read<kEm320Tilt>},
    NamedCodec{"milesight_em500_lgt", &read<kEm500Lgt>},
    NamedCodec{"milesight_em500_smtc", &read<kEm500Smtc>},
    NamedCodec{"milesight_wt101", &read<kWt101>},
};

}  // namespace

std::span<const NamedCodec> codecs() {
  return kCodecs;
}

}  // namespace watchpost::lorawan::milesight
