// The words of things: what stands around a name or in the description of a device, and says that a
// bare "alarm" is none, that a press calls for help, or that a thing works as it should.
#include <array>

#include "danger/words.hpp"

namespace watchpost::danger {
namespace {

constexpr std::array<std::string_view, 22> kHarmlessDevices{
    "siren",      "door",   "window",  "opening",  "contact", "vibration", "motion",  "presence",
    "pir",        "handle", "valve",   "switch",   "plug",    "socket",    "charger", "watering",
    "irrigation", "meter",  "current", "shortage", "soil",    "thermostat"};
constexpr std::array<std::string_view, 9> kSirenCompanions{"melody",   "volume",       "ringtone",
                                                           "duration", "strobe",       "warning",
                                                           "doorbell", "alarm_volume", "co2"};
constexpr std::array<std::string_view, 9> kHelpButtons{
    "sos", "panic", "emergency", "help", "nurse", "distress", "pendant", "call", "rescue"};
constexpr std::array<std::string_view, 8> kNoPresses{"off",  "release", "released", "cancel",
                                                     "idle", "none",    "test",     "clear"};

constexpr std::array<std::string_view, 7> kButtonWords{"button",    "cord", "pendant", "watch",
                                                       "wristband", "pull", "remote"};
constexpr std::array<std::string_view, 5> kWaterWanted{"shortage", "absence", "lack", "soil",
                                                       "irrigation"};
constexpr std::string_view kHeatAppliances[] = {
    "heater", "heating", "radiator", "boiler", "furnace", "thermostat", "hvac", "climate",
    "sauna",  "oven",    "stove",    "kettle", "solar",   "underfloor", "pump", "heatpump"};
// Their flame is wanted.
constexpr std::string_view kFlameAppliances[] = {
    "boiler",   "burner",    "furnace",    "heater",    "heating", "stove",
    "oven",     "fireplace", "pellet",     "opentherm", "otgw",    "ebus",
    "ebusd",    "ems",       "thermostat", "dhw",       "ch",      "modulation",
    "vaillant", "viessmann", "buderus",    "vcontrold"};
// What counts gas.
constexpr std::string_view kGasMeters[] = {"meter", "dsmr", "p1", "smartmeter", "wmbusmeters",
                                           "counter", "utility", "tariff", "pulse", "emon",
                                           "emoncms",
                                           // What a computation costs.
                                           "eth", "ethereum", "gwei"};
// Smoke is their work.
constexpr std::string_view kSmokeAppliances[] = {"grill",   "smoker",  "bbq",       "barbecue",
                                                 "traeger", "pitboss", "pitmaster", "pifire"};
constexpr std::string_view kWaterAppliances[] = {
    "pump", "sprinkler", "faucet", "tap", "pool", "fountain", "aquarium", "irrigation", "garden"};

}  // namespace

std::span<const std::string_view> harmless_devices() {
  return kHarmlessDevices;
}
std::span<const std::string_view> siren_companions() {
  return kSirenCompanions;
}
std::span<const std::string_view> help_buttons() {
  return kHelpButtons;
}
std::span<const std::string_view> button_words() {
  return kButtonWords;
}
std::span<const std::string_view> water_wanted() {
  return kWaterWanted;
}
std::span<const std::string_view> appliances_with(Danger danger) {
  if (danger == Danger::heat) return kHeatAppliances;
  if (danger == Danger::leak) return kWaterAppliances;
  if (danger == Danger::fire) return kFlameAppliances;
  if (danger == Danger::gas) return kGasMeters;
  if (danger == Danger::smoke) return kSmokeAppliances;
  return {};
}
std::span<const std::string_view> no_presses() {
  return kNoPresses;
}

}  // namespace watchpost::danger
