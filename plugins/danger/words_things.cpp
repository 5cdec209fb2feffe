// The words of things: what stands around a name or in the description of a device, and says that a
// bare "alarm" is none, that a press calls for help, or that a thing works as it should.
#include "danger/words_things.hpp"

#include <array>

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

constexpr std::string_view kPresses[] = {
    "press",  "pressed", "push",      "pushed",  "click",     "clicked", "single", "double",
    "triple", "quad",    "quadruple", "long",    "short",     "hold",    "held",   "tap",
    "tapped", "touch",   "touched",   "down",    "pull",      "pulled",  "on",     "true",
    "yes",    "active",  "activated", "trigger", "triggered", "alarm",   "call",   "calling",
    "called", "multi",   "multiple",  "many",    "start",     "started", "toggle"};
constexpr std::string_view kBesidePresses[] = {"button", "key",  "btn",   "event", "time",
                                               "times",  "was",  "is",    "cord",  "short",
                                               "has",    "been", "switch"};

constexpr std::string_view kValueNames[] = {"value", "val", "reading", "state", "status", "v", "vs",
                                            "result", "output", "data", "vb", "values", "payload",
                                            "measurement",
                                            // What lies in the water.
                                            "probe", "rope", "cable", "electrode"};
constexpr std::string_view kTitles[] = {"title", "artist", "song", "track", "album", "scene",
                                        "effect", "theme", "preset", "mode", "playlist", "program",
                                        // Why a board started again: "Exception/panic".
                                        "reset", "restart", "boot"};
constexpr std::string_view kDescriptions[] = {
    "name",        "model",   "label",    "media",   "source",    "app",    "news",    "headline",
    "description", "product", "category", "default", "supported", "config", "expected"};

constexpr std::string_view kLevelOver[] = {
    "overflow",    "overflows", "overflowed", "overflowing", "overfull",    "overfill",
    "overfilled",  "exceeded",  "exceeds",    "exceeding",   "above",       "over",
    "highhigh",    "hh",        "hihi",       "surcharged",  "surcharging", "overtopped",
    "overtopping", "inundated", "flooded",    "flooding",    "spill",       "spilling",
    "spilled",     "brimming"};
constexpr std::string_view kLevelHigh[] = {"high", "hi", "full", "upper"};
constexpr std::string_view kLevelToo[] = {"too", "very", "extremely", "critically"};
constexpr std::string_view kVessels[] = {
    "tank",  "cistern", "reservoir", "basin", "river", "lake", "dam",  "pond",
    "canal", "liquid",  "water",     "fluid", "creek", "weir", "well", "gauge"};
constexpr std::string_view kDrains[] = {"sump",    "sewer",      "sewage",  "septic",
                                        "manhole", "drain",      "gully",   "pit",
                                        "culvert", "wastewater", "cesspit", "ditch"};
constexpr std::string_view kLevelQuestion[] = {"status", "state",   "condition", "alarm",
                                               "alert",  "warning", "event",     "result"};
constexpr std::string_view kLevelBeside[] = {"level", "limit", "threshold", "range", "line",
                                             "mark",  "set",   "point",     "value", "has"};
constexpr std::string_view kLevelElsewhere[] = {
    "buffer", "queue", "stack",    "fifo",     "cache", "disk",   "audio",    "signal",  "log",
    "logs",   "trust", "priority", "security", "light", "charge", "register", "integer", "task"};
constexpr std::string_view kLevelGrade[] = {"alarm",  "alert", "warning", "event",
                                            "threat", "risk",  "danger",  "severity"};

constexpr std::string_view kBoilers[] = {
    "boiler", "burner", "furnace",    "heating",  "opentherm", "otgw",    "ebus", "ebusd",
    "ems",    "dhw",    "thermostat", "vaillant", "viessmann", "buderus", "ch",   "vcontrold"};
constexpr std::string_view kMachines[] = {
    // Power.
    "ups", "nut", "apc", "pdu", "inverter", "mppt", "bms", "generator", "genset", "rectifier",
    // Builds, and what watches servers.
    "build", "builds", "buildserver", "ci", "cicd", "jenkins", "gitlab", "github", "teamcity",
    "bamboo", "buildbot", "pipeline", "deploy", "deployment", "prometheus", "alertmanager",
    "grafana", "zabbix", "nagios", "icinga", "docker", "kubernetes", "k8s", "database", "postgres",
    "mysql", "backup", "raid", "nas", "webserver", "mailserver", "fileserver", "website", "printer",
    // They ring.
    "clock", "alarmclock"};
constexpr std::string_view kComputers[] = {"kernel",  "linux",    "dmesg", "syslog", "crash",
                                           "crashes", "coredump", "kdump", "bsd",    "reboot"};
constexpr std::string_view kChats[] = {"bot",  "bots", "telegram", "discord", "slack",
                                       "irc",  "chat", "cli",      "wiki",    "manpage",
                                       "docs", "faq",  "menu",     "matrix"};

constexpr std::string_view kWorn[] = {"wristband", "bracelet", "watch",    "smartwatch",
                                      "pendant",   "badge",    "wearable", "necklace"};
constexpr std::string_view kNews[] = {
    "price",     "rise",         "rose",      "sale",    "law",          "recall",     "recalled",
    "review",    "study",        "survey",    "launch",  "launches",     "launched",   "announce",
    "announced", "discount",     "deal",      "buy",     "tip",          "guide",      "regulation",
    "mandatory", "campaign",     "awareness", "tender",  "lawsuit",      "court",      "minister",
    "research",  "training",     "course",    "lesson",  "workshop",     "conference", "news",
    "tutorial",  "manufacturer", "stock",     "share",   "subscription", "webinar",    "catalogue",
    "brochure",  "warranty",     "shipment",  "invoice", "order"};

}  // namespace

std::span<const std::string_view> worn_things() {
  return kWorn;
}
std::span<const std::string_view> news_words() {
  return kNews;
}
std::span<const std::string_view> presses() {
  return kPresses;
}
std::span<const std::string_view> beside_presses() {
  return kBesidePresses;
}
std::span<const std::string_view> value_names() {
  return kValueNames;
}
std::span<const std::string_view> title_words() {
  return kTitles;
}
std::span<const std::string_view> description_words() {
  return kDescriptions;
}
std::span<const std::string_view> level_words(LevelPart part) {
  switch (part) {
    case LevelPart::over:
      return kLevelOver;
    case LevelPart::high:
      return kLevelHigh;
    case LevelPart::too:
      return kLevelToo;
    case LevelPart::vessel:
      return kVessels;
    case LevelPart::drain:
      return kDrains;
    case LevelPart::question:
      return kLevelQuestion;
    case LevelPart::beside:
      return kLevelBeside;
    case LevelPart::elsewhere:
      return kLevelElsewhere;
    case LevelPart::grade:
      return kLevelGrade;
  }
  return {};
}
std::span<const std::string_view> boilers() {
  return kBoilers;
}
std::span<const std::string_view> machines() {
  return kMachines;
}
std::span<const std::string_view> computers() {
  return kComputers;
}
std::span<const std::string_view> chats() {
  return kChats;
}
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
