// The words themselves. One place each; keep them sorted by what they mean, not by the alphabet.
#include "danger/words.hpp"

#include <array>

namespace watchpost::danger {
namespace {

constexpr std::array<Subject, kDangerCount> kSubjects{{
    {Danger::smoke, WATCHPOST_SMOKE, "smoke"},
    {Danger::fire, WATCHPOST_FIRE_PART, "fire"},
    {Danger::heat, WATCHPOST_HEAT, "heat"},
    {Danger::gas, WATCHPOST_COMBUSTIBLE_GAS, "gas"},
    {Danger::co, WATCHPOST_CO, "carbon_monoxide"},
    {Danger::leak, WATCHPOST_WATER_LEAK, "water_leak"},
    {Danger::sos, WATCHPOST_SOS, "sos"},
    {Danger::fall, WATCHPOST_FALL, "fall"},
    {Danger::manual_call, WATCHPOST_MANUAL_CALL_POINT, "manual_call"},
    {Danger::level, WATCHPOST_WATER_LEVEL, "level_alarm"},
    {Danger::none, WATCHPOST_UNNAMED_ALARM, "alarm"},
}};

constexpr std::array kSubjectNames{
    SubjectName{"smoke", Danger::smoke},
    SubjectName{"smog", Danger::smoke},
    SubjectName{"fire", Danger::fire},
    SubjectName{"flame", Danger::fire},
    SubjectName{"fire panel alarm", Danger::fire},
    SubjectName{"brand", Danger::fire, true},  // German and Dutch; also who made it
    SubjectName{"heat", Danger::heat, true},
    SubjectName{"heat detector", Danger::heat},
    SubjectName{"overheat", Danger::heat},
    SubjectName{"rate of rise", Danger::heat},
    SubjectName{"rapid temperature rise", Danger::heat},
    SubjectName{"fast temperature rise", Danger::heat},
    SubjectName{"overheated", Danger::heat},
    SubjectName{"overheating", Danger::heat},
    SubjectName{"over temperature", Danger::heat, true, true},
    SubjectName{"over temp", Danger::heat, true, true},
    SubjectName{"overtemperature", Danger::heat, true, true},
    SubjectName{"overtemp", Danger::heat, true, true},
    SubjectName{"high temperature", Danger::heat, true, true},
    SubjectName{"high temp", Danger::heat, true, true},
    SubjectName{"temperature high", Danger::heat, true, true},
    SubjectName{"temp high", Danger::heat, true, true},
    SubjectName{"temperature too high", Danger::heat, true, true},
    SubjectName{"critical temperature", Danger::heat, true, true},
    SubjectName{"gas", Danger::gas},
    SubjectName{"combustible", Danger::gas},
    SubjectName{"combustible gas", Danger::gas},
    SubjectName{"natural gas", Danger::gas},
    SubjectName{"natgas", Danger::gas},
    SubjectName{"methane", Danger::gas},
    SubjectName{"propane", Danger::gas},
    SubjectName{"butane", Danger::gas},
    SubjectName{"lpg", Danger::gas},
    SubjectName{"ch4", Danger::gas},
    // Measured as often as told.
    SubjectName{"h2s", Danger::gas, true},
    SubjectName{"hydrogen sulfide", Danger::gas, true},
    SubjectName{"nh3", Danger::gas, true},
    SubjectName{"ammonia", Danger::gas, true},
    SubjectName{"gas leak", Danger::gas},
    SubjectName{"gas leakage", Danger::gas},
    SubjectName{"leak gas", Danger::gas},  // as Latin languages say it
    SubjectName{"carbon monoxide", Danger::co},
    SubjectName{"monoxide", Danger::co},
    SubjectName{"carbonmonoxide", Danger::co},
    SubjectName{"co", Danger::co},
    SubjectName{"co gas", Danger::co},
    SubjectName{"water leak", Danger::leak},
    SubjectName{"water leakage", Danger::leak},
    SubjectName{"leak water", Danger::leak},
    SubjectName{"water sensor", Danger::leak},
    SubjectName{"water present", Danger::leak},
    SubjectName{"liquid present", Danger::leak},
    SubjectName{"liquid detected", Danger::leak},
    SubjectName{"water detection", Danger::leak},
    SubjectName{"water detector", Danger::leak},
    SubjectName{"waterleak", Danger::leak},
    SubjectName{"leak", Danger::leak},
    SubjectName{"leaks", Danger::leak},
    SubjectName{"leaking", Danger::leak},
    SubjectName{"leakage", Danger::leak, true, false, true},  // also a current that leaks, in mA
    SubjectName{"leakage detected", Danger::leak},
    SubjectName{"flood", Danger::leak},
    SubjectName{"flooded", Danger::leak},
    SubjectName{"flooding", Danger::leak},
    SubjectName{"inundation", Danger::leak},
    SubjectName{"water", Danger::leak, true},
    SubjectName{"moisture", Danger::leak, true},
    SubjectName{"wet", Danger::leak},
    SubjectName{"overflow", Danger::leak, true, false, true},  // also of a counter
    SubjectName{"water overflow", Danger::leak},
    SubjectName{"overflow alarm", Danger::leak},
    SubjectName{"tank overflow", Danger::level},
    SubjectName{"level overflow", Danger::level},
    SubjectName{"liquid overflow", Danger::level},
    SubjectName{"water level overflow", Danger::level},
    SubjectName{"liquid level overflow", Danger::level},
    SubjectName{"sewer overflow", Danger::level},
    SubjectName{"sump overflow", Danger::level},
    SubjectName{"drain overflow", Danger::level},
    SubjectName{"basin overflow", Danger::level},
    SubjectName{"manhole overflow", Danger::level},
    SubjectName{"reservoir overflow", Danger::level},
    SubjectName{"river overflow", Danger::level},
    SubjectName{"hydrant button", Danger::manual_call},
    SubjectName{"water immersion", Danger::leak},
    SubjectName{"immersion", Danger::leak},
    SubjectName{"high water", Danger::leak},
    SubjectName{"highwater", Danger::leak},
    SubjectName{"water high", Danger::leak},
    SubjectName{"pipe burst", Danger::leak},
    SubjectName{"burst pipe", Danger::leak},
    SubjectName{"leaked", Danger::leak},
    SubjectName{"sos", Danger::sos},
    SubjectName{"panic", Danger::sos},
    SubjectName{"help", Danger::sos},
    SubjectName{"call for help", Danger::sos},
    SubjectName{"calls for help", Danger::sos},
    SubjectName{"called for help", Danger::sos},
    SubjectName{"calling for help", Danger::sos},
    SubjectName{"asks for help", Danger::sos},
    SubjectName{"asking for help", Danger::sos},
    SubjectName{"needs help", Danger::sos},
    SubjectName{"help needed", Danger::sos},
    SubjectName{"help requested", Danger::sos},
    SubjectName{"requests help", Danger::sos},
    SubjectName{"man overboard", Danger::sos},
    SubjectName{"person overboard", Danger::sos},
    SubjectName{"emergency", Danger::sos, true},
    SubjectName{"emergency call", Danger::sos},
    SubjectName{"emergency button", Danger::sos},
    SubjectName{"nurse call", Danger::sos},
    SubjectName{"e call", Danger::sos},
    SubjectName{"ecall", Danger::sos},
    SubjectName{"pull cord", Danger::sos},
    SubjectName{"pullcord", Danger::sos},
    SubjectName{"medical", Danger::sos, true},  // also what a thing is for
    SubjectName{"duress", Danger::sos, true},
    SubjectName{"distress", Danger::sos, true},
    SubjectName{"fall", Danger::fall},
    SubjectName{"fall down", Danger::fall},
    SubjectName{"falldown", Danger::fall},
    SubjectName{"falling", Danger::fall},
    SubjectName{"falling down", Danger::fall},
    SubjectName{"fallen", Danger::fall},
    SubjectName{"person fallen", Danger::fall},
    SubjectName{"person fell", Danger::fall},
    SubjectName{"patient fell", Danger::fall},
    SubjectName{"resident fell", Danger::fall},
    SubjectName{"elder fell", Danger::fall},
    SubjectName{"someone fell", Danger::fall},
    SubjectName{"somebody fell", Danger::fall},
    SubjectName{"grandma fell", Danger::fall},
    SubjectName{"grandpa fell", Danger::fall},
    SubjectName{"mother fell", Danger::fall},
    SubjectName{"father fell", Danger::fall},
    SubjectName{"fell down", Danger::fall},
    SubjectName{"has fallen", Danger::fall},
    SubjectName{"human fallen", Danger::fall},
    SubjectName{"person on floor", Danger::fall},
    SubjectName{"tumble", Danger::fall},
    SubjectName{"man down", Danger::fall},
    SubjectName{"mandown", Danger::fall},
    SubjectName{"call point", Danger::manual_call},
    SubjectName{"manual call", Danger::manual_call},
    SubjectName{"manual call point", Danger::manual_call},
    SubjectName{"water level", Danger::level, true},
    SubjectName{"liquid level", Danger::level, true},
    SubjectName{"river level", Danger::level, true},
    SubjectName{"level alarm", Danger::level},
    SubjectName{"sump alarm", Danger::level},
    SubjectName{"sump pump alarm", Danger::level},
    SubjectName{"sump water alarm", Danger::level},
    SubjectName{"water level high", Danger::level},
    SubjectName{"liquid level high", Danger::level},
    SubjectName{"high water level", Danger::level},
    SubjectName{"high liquid level", Danger::level},
    SubjectName{"high level alarm", Danger::level},
    // What the weather service says; rain by itself is weather.
    SubjectName{"flash flood", Danger::level},
    SubjectName{"river flood", Danger::level},
    SubjectName{"rainfall alarm", Danger::level},
    SubjectName{"rainfall warning", Danger::level},
    SubjectName{"rainfall alert", Danger::level},
    SubjectName{"heavy rain alarm", Danger::level},
    SubjectName{"heavy rain warning", Danger::level},
    SubjectName{"heavy rain alert", Danger::level},
    SubjectName{"heavy rainfall warning", Danger::level},
    SubjectName{"heavy rainfall alert", Danger::level},
    SubjectName{"torrential rain warning", Danger::level},
    SubjectName{"rainstorm alarm", Danger::level},
    SubjectName{"rainstorm alert", Danger::level},
    SubjectName{"rainstorm warning", Danger::level},
    SubjectName{"rainstorm red warning", Danger::level},
    SubjectName{"rainstorm orange warning", Danger::level},
};

// A plant that is dry, in every public definition.
constexpr std::array<std::string_view, 1> kHarmlessNames{"water warning"};

constexpr std::string_view kNameHarmless[] = {
    "warning", "state", "status", "condition", "event", "detector", "sensor", "device", "button",
    "cord", "pull", "any", "both", "zone", "zones", "wire", "line", "loop", "channel", "ch", "l",
    "input", "port", "probe", "endpoint", "ep", "left", "right", "top", "bottom", "interconnect",
    "remote", "local", "flag", "info", "information", "transmitter", "and", "or",
    // Whom it is about: "personFallDown".
    "person", "people", "human", "elder", "elderly", "patient", "resident", "pedestrian",
    // What a maker or a board puts before the name: "lumi.sensor_smoke", "MQ-7 carbon monoxide".
    "lumi", "mq", "listener", "c8y",
    // Of what an input is called.
    "hi", "hihi", "hh", "inputs", "digital", "di", "dido", "coil", "gpio", "air", "stage", "plc",
    "scada"};
constexpr std::string_view kNamePlace[] = {
    "kitchen",   "room",      "bedroom",    "bathroom", "living",    "dining",     "hall",
    "hallway",   "corridor",  "lobby",      "bath",     "utility",   "cellar",     "basement",
    "attic",     "loft",      "garage",     "office",   "laundry",   "toilet",     "stairs",
    "staircase", "stairwell", "storeroom",  "storage",  "warehouse", "entrance",   "floor",
    "sink",      "bathtub",   "dishwasher", "fridge",   "pantry",    "closet",     "balcony",
    "porch",     "shed",      "indoor",     "outdoor",  "upstairs",  "downstairs", "building",
    "village",   "north",     "south",      "east",     "west",      "gf",         "ff",
    "eg",        "og",        "ug",         "dg"};
constexpr std::string_view kNameQuestion[] = {
    "alarm",    "alarms",       "alarmed",  "alert",     "alerts",    "danger",
    "active",   "activated",    "present",  "trigger",   "triggered", "detect",
    "detected", "is",           "has",      "found",     "tripped",   "heard",
    "keypress", "happened",     "occurred", "requested", "raised",    "confirmed",
    "sensed",   "confirmation", "if",       "request",   "requests"};
constexpr std::string_view kNameMeasure[] = {
    "value", "level",   "density",    "concentration", "resistance", "ppm", "ppb",
    "lel",   "percent", "percentage", "dbm",           "db",         "raw"};
constexpr std::string_view kNameDoubtful[] = {"detection", "linkage"};
constexpr std::string_view kNameOther[] = {
    "battery", "tamper", "fault", "error", "failure", "malfunction", "contamination", "life",
    "expired", "test", "tests", "selftest", "self", "mute", "muted", "muffling", "silence",
    "silenced", "silent", "buzzer", "beeper", "siren", "sound", "light", "led", "lamp", "indicator",
    "set", "setting", "settings", "setpoint", "limit", "threshold", "sensitivity", "duration",
    "time", "delay", "interval", "volume", "ringtone", "melody", "mode", "enable", "enabled",
    "disable", "disabled", "switch", "control", "unit", "calibration", "offset", "reset", "relay",
    "type", "action", "actions", "override", "force", "forced", "invert", "logic", "automation",
    "auto", "schedule", "max", "min", "low", "last", "history", "count", "counter", "supported",
    "available", "required", "version", "temperature", "temp", "humidity", "pressure", "flow",
    "meter", "consumed", "consumption", "valve", "current", "voltage", "power", "energy", "breaker",
    "index", "noise", "radiation", "uv", "voc", "tvoc", "dust", "stress", "supply", "demand",
    "protect", "protection", "shortage", "soil", "co2", "weather", "maintenance", "contaminated",
    "pollution", "dirty", "offline", "online", "connection", "communication", "memory", "heap",
    "kernel", "waterfall", "bypass", "bypassed", "trouble", "hush", "hushed", "reason",
    // What is counted or paid, and what a thing is called.
    "today", "yesterday", "total", "totals", "events", "hours", "minutes", "days", "weeks", "since",
    "num", "date", "timestamp", "thresholds", "config", "configuration", "limits", "defaults",
    "units", "options", "capabilities", "firmware", "fw", "id", "ids", "name", "model", "serial",
    "rssi", "priority", "severity", "color", "colour", "icon", "price", "cost", "usage", "daily",
    "monthly", "delivered", "quality", "brigade", "truck", "extinguisher", "stick", "cutoff",
    "shutoff", "support", "installed", "registered", "uptime", "cleaning"};

constexpr std::string_view kStatementWords[] = {
    "state", "status", "alarm", "alert", "warning", "event", "condition", "device", "sensor",
    "part", "detector", "fault", "halo", "abnormal", "valve", "current", "result", "link",
    "available", "danger", "detection",
    // What a person does, in the words of radars and wearables: "fall".
    "posture", "activity", "behavior", "behaviour", "motion", "movement", "human", "person",
    "people", "body", "target", "elder", "warn", "flag", "stage"};
// Tuya climate and level sensors: which of their limits is passed.
constexpr std::string_view kStatementNames[] = {"temperature alarm",
                                                "temperature alarm state",
                                                "temperature alarm status",
                                                "alarm temperature",
                                                "liquid state",
                                                "liquid alarm"};
constexpr std::array<std::string_view, 13> kAlarmNameWords{
    "alarm",     "alarms",    "alarmed", "alert", "state",  "status", "active",
    "activated", "triggered", "is",      "zone",  "device", "flag"};
// Aqara: the alarm of another detector that is linked to this one.
constexpr std::array<std::string_view, 1> kAlarmNames{"linkage alarm state"};

}  // namespace

const Subject& subject_of(Danger danger) {
  return kSubjects[static_cast<std::size_t>(danger)];
}
std::span<const SubjectName> subject_names() {
  return kSubjectNames;
}
std::span<const std::string_view> harmless_names() {
  return kHarmlessNames;
}
std::span<const std::string_view> alarm_names() {
  return kAlarmNames;
}
std::span<const std::string_view> name_words(NamePart part) {
  switch (part) {
    case NamePart::harmless:
      return kNameHarmless;
    case NamePart::place:
      return kNamePlace;
    case NamePart::question:
      return kNameQuestion;
    case NamePart::measure:
      return kNameMeasure;
    case NamePart::doubtful:
      return kNameDoubtful;
    case NamePart::other:
      return kNameOther;
  }
  return {};
}
std::span<const std::string_view> statement_words() {
  return kStatementWords;
}
std::span<const std::string_view> statement_names() {
  return kStatementNames;
}
std::span<const std::string_view> alarm_name_words() {
  return kAlarmNameWords;
}
}  // namespace watchpost::danger
