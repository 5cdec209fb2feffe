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
    SubjectName{"heat", Danger::heat, true},
    SubjectName{"overheat", Danger::heat},
    SubjectName{"rate of rise", Danger::heat},
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
    SubjectName{"gas leak", Danger::gas},
    SubjectName{"gas leakage", Danger::gas},
    SubjectName{"carbon monoxide", Danger::co},
    SubjectName{"monoxide", Danger::co},
    SubjectName{"carbonmonoxide", Danger::co},
    SubjectName{"co", Danger::co},
    SubjectName{"co gas", Danger::co},
    SubjectName{"water leak", Danger::leak},
    SubjectName{"water leakage", Danger::leak},
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
    SubjectName{"high water", Danger::leak},
    SubjectName{"water high", Danger::leak},
    SubjectName{"pipe burst", Danger::leak},
    SubjectName{"burst pipe", Danger::leak},
    SubjectName{"sos", Danger::sos},
    SubjectName{"panic", Danger::sos},
    SubjectName{"help", Danger::sos},
    SubjectName{"call for help", Danger::sos},
    SubjectName{"emergency", Danger::sos, true},
    SubjectName{"emergency call", Danger::sos},
    SubjectName{"emergency button", Danger::sos},
    SubjectName{"nurse call", Danger::sos},
    SubjectName{"pull cord", Danger::sos},
    SubjectName{"medical", Danger::sos, true},  // also what a thing is for
    SubjectName{"duress", Danger::sos, true},
    SubjectName{"distress", Danger::sos, true},
    SubjectName{"fall", Danger::fall},
    SubjectName{"fall down", Danger::fall},
    SubjectName{"falldown", Danger::fall},
    SubjectName{"falling", Danger::fall},
    SubjectName{"fallen", Danger::fall},
    SubjectName{"person fallen", Danger::fall},
    SubjectName{"person fell", Danger::fall},
    SubjectName{"human fallen", Danger::fall},
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
};

// A plant that is dry, in every public definition.
constexpr std::array<std::string_view, 1> kHarmlessNames{"water warning"};

constexpr std::string_view kNameHarmless[] = {
    "warning", "state", "status", "condition", "event", "detector", "sensor", "device", "button",
    "cord", "pull", "any", "both", "zone", "zones", "wire", "line", "loop", "channel", "ch", "l",
    "input", "port", "probe", "endpoint", "ep", "left", "right", "top", "bottom", "interconnect",
    "remote", "local", "flag", "info", "information", "transmitter",
    // What a maker or a board puts before the name: "lumi.sensor_smoke", "MQ-7 carbon monoxide".
    "lumi", "mq",
    // Where it is.
    "kitchen", "room", "bedroom", "bathroom", "living", "dining", "hall", "hallway", "corridor",
    "lobby", "cellar", "basement", "attic", "loft", "garage", "office", "laundry", "toilet",
    "stairs", "staircase", "stairwell", "storeroom", "storage", "warehouse", "entrance", "floor",
    "sink", "bathtub", "dishwasher", "fridge", "pantry", "closet", "balcony", "porch", "shed",
    "indoor", "outdoor", "upstairs", "downstairs", "building", "village", "north", "south", "east",
    "west"};
constexpr std::string_view kNameQuestion[] = {
    "alarm",   "alarms",  "alarmed",   "alert",  "alerts",   "danger", "active", "activated",
    "present", "trigger", "triggered", "detect", "detected", "is",     "has"};
constexpr std::string_view kNameMeasure[] = {
    "value", "level",   "density",    "concentration", "resistance", "ppm", "ppb",
    "lel",   "percent", "percentage", "dbm",           "db",         "raw"};
constexpr std::string_view kNameDoubtful[] = {"detection", "linkage"};
constexpr std::string_view kNameOther[] = {
    "battery",       "tamper",      "fault",     "error",       "failure",       "malfunction",
    "contamination", "life",        "expired",   "test",        "tests",         "selftest",
    "self",          "mute",        "muted",     "muffling",    "silence",       "silenced",
    "silent",        "buzzer",      "beeper",    "siren",       "sound",         "light",
    "led",           "lamp",        "indicator", "set",         "setting",       "settings",
    "setpoint",      "limit",       "threshold", "sensitivity", "duration",      "time",
    "delay",         "interval",    "volume",    "ringtone",    "melody",        "mode",
    "enable",        "enabled",     "disable",   "disabled",    "switch",        "control",
    "unit",          "calibration", "offset",    "reset",       "relay",         "type",
    "action",        "actions",     "override",  "force",       "forced",        "invert",
    "logic",         "automation",  "auto",      "schedule",    "max",           "min",
    "low",           "last",        "history",   "count",       "counter",       "supported",
    "available",     "required",    "version",   "temperature", "temp",          "humidity",
    "pressure",      "flow",        "meter",     "consumed",    "consumption",   "valve",
    "current",       "voltage",     "power",     "energy",      "breaker",       "index",
    "noise",         "radiation",   "uv",        "voc",         "tvoc",          "dust",
    "stress",        "supply",      "demand",    "protect",     "protection",    "shortage",
    "soil",          "co2",         "weather",   "maintenance", "contaminated",  "pollution",
    "dirty",         "offline",     "online",    "connection",  "communication", "memory",
    "heap",          "kernel",      "waterfall", "bypass",      "bypassed",      "trouble",
    "hush",          "hushed",      "reason"};

constexpr std::string_view kStatementWords[] = {
    "state", "status", "alarm", "alert", "warning", "event", "condition", "device", "sensor",
    "part", "detector", "fault", "halo", "abnormal", "valve", "current", "result", "link",
    "available", "danger", "detection",
    // What a person does, in the words of radars and wearables: "fall".
    "posture", "activity", "behavior", "behaviour", "motion", "movement", "human", "person",
    "people", "body", "target", "elder"};
// Tuya climate and level sensors: which of their limits is passed.
constexpr std::string_view kStatementNames[] = {"temperature alarm",
                                                "temperature alarm state",
                                                "temperature alarm status",
                                                "alarm temperature",
                                                "liquid state",
                                                "liquid alarm"};
constexpr std::array<std::string_view, 12> kAlarmNameWords{
    "alarm",  "alarms",    "alarmed",   "alert", "state", "status",
    "active", "activated", "triggered", "is",    "zone",  "device"};
// Aqara: the alarm of another detector that is linked to this one.
constexpr std::array<std::string_view, 1> kAlarmNames{"linkage alarm state"};

constexpr ValuePart kCalm = ValuePart::calm;
constexpr ValuePart kAlarm = ValuePart::alarm;

constexpr std::string_view kValueCalm[] = {
    "false",    "off",      "no",      "not",       "non",      "none",      "without",
    "normal",   "ok",       "okay",    "good",      "safe",     "idle",      "standby",
    "inactive", "clear",    "cleared", "cancel",    "canceled", "cancelled", "undetected",
    "dry",      "quiet",    "stop",    "closed",    "release",  "released",  "noleak",
    "noalarm",  "restored", "restore", "recovered", "recovery", "resolved",  "ended",
    "gone",     "nosmoke",  "nogas",   "nofire",    "nofall",   "ready"};
constexpr std::string_view kValueMuted[] = {"silenced", "muted",  "mute",     "silence",
                                            "hush",     "hushed", "muffling", "muffled"};
constexpr std::string_view kValueTest[] = {"test",     "tested", "testing",
                                           "selftest", "drill",  "exercise"};
constexpr std::string_view kValueNothing[] = {
    "unknown", "detecting", "checking", "preheating", "preheat", "warming", "warmup",
    "initializing", "unavailable", "undefined", "null",
    // It is not well itself.
    "fault", "failure", "malfunction", "trouble", "error", "maintenance", "supervisory", "disabled",
    "disablement", "bypassed", "reset", "offline", "tamper", "tampered"};
constexpr std::string_view kValueEarly[] = {"pre", "prealarm", "maybe", "possible", "suspected"};
constexpr std::string_view kValueWarning[] = {"warning", "warn"};
constexpr std::string_view kValueAlarm[] = {
    "alarm",    "alarms",  "alarmed",   "alarming", "alert",    "alerted",   "detect",
    "detected", "trigger", "triggered", "raised",   "danger",   "dangerous", "critical",
    "severe",   "serious", "happened",  "occurred", "positive", "confirmed"};
constexpr std::string_view kValueOn[] = {"true",      "on",      "yes",   "active",
                                         "activated", "present", "press", "pressed",
                                         "push",      "pushed",  "start", "started"};
constexpr std::string_view kValueSilent[] = {
    "state",   "status", "level",   "channel",       "zone",   "is",    "the",     "interconnect",
    "local",   "remote", "primary", "secondary",     "event",  "human", "pendant", "elder",
    "someone", "person", "people",  "concentration", "density"};

constexpr std::array kWholeValues{
    // OWON FDS315. A low posture is no fall.
    WholeValue{"status", "unoccupied", Danger::fall, kCalm},
    WholeValue{"status", "occupied", Danger::fall, kCalm},
    WholeValue{"status", "sitting", Danger::fall, kCalm},
    WholeValue{"status", "on the bed", Danger::fall, kCalm},
    WholeValue{"status", "low posture", Danger::fall, kCalm},
    // Heiman: another detector of the ring.
    WholeValue{"link available", "heat active", Danger::heat, kAlarm},
    // CTM Lyng mKomfy, a guard above a stove; the word is cut as it is published.
    WholeValue{"", "high temperatur", Danger::heat, kAlarm},
    WholeValue{"", "high temperature", Danger::heat, kAlarm},
    // Tuya climate sensors; a cold room is not hot.
    WholeValue{"temperature alarm", "upper alarm", Danger::heat, kAlarm},
    WholeValue{"temperature alarm", "lower alarm", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "low alarm", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "low", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "low temperature", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "low temperature alarm", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "cancel", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "canceled", Danger::heat, kCalm},
    WholeValue{"temperature alarm", "normal", Danger::heat, kCalm},
    WholeValue{"temperature alarm status", "high", Danger::heat, kAlarm},
    WholeValue{"temperature alarm status", "low", Danger::heat, kCalm},
    WholeValue{"temperature alarm status", "normal", Danger::heat, kCalm},
    WholeValue{"alarm temperature", "below min temperature", Danger::heat, kCalm},
    WholeValue{"alarm temperature", "off", Danger::heat, kCalm},
    // Sonoff SWV: two things at once.
    WholeValue{"current device status", "water shortage and water leakage", Danger::leak, kAlarm},
    WholeValue{"liquid state", "high", Danger::level, kAlarm},
    WholeValue{"liquid state", "low", Danger::level, kCalm},
    WholeValue{"liquid state", "normal", Danger::level, kCalm},
    WholeValue{"water level alarm", "high", Danger::level, kAlarm},
    WholeValue{"water level alarm", "high high", Danger::level, kAlarm},
    WholeValue{"water level alarm", "over", Danger::level, kAlarm},
    WholeValue{"water level alarm", "full", Danger::level, kAlarm},
    WholeValue{"liquid level alarm", "high", Danger::level, kAlarm},
    WholeValue{"level alarm", "high", Danger::level, kAlarm},
    WholeValue{"level alarm", "high high", Danger::level, kAlarm},
    WholeValue{"level alarm", "highhigh", Danger::level, kAlarm},
    WholeValue{"level alarm", "over", Danger::level, kAlarm},
    WholeValue{"level alarm", "full", Danger::level, kAlarm},
    // Of a detector that measures: which step it has reached.
    WholeValue{"gas alarm level", "high", Danger::gas, kAlarm},
    WholeValue{"smoke alarm level", "high", Danger::smoke, kAlarm},
    // Of a detector with two limits.
    WholeValue{"", "high alarm", Danger::none, kAlarm},
    WholeValue{"", "alarm high", Danger::none, kAlarm},
    // In place of how it is: {"device":"smoke detector","status":"low battery"}.
    WholeValue{"", "low battery", Danger::none, ValuePart::nothing},
    WholeValue{"", "battery low", Danger::none, ValuePart::nothing},
};

// Tuya's older standard set of a smoke detector: 1 is the alarm, 2 its end.
constexpr std::array kCalmCodes{
    CalmCode{"smoke sensor state", 2},
};

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
std::span<const std::string_view> value_words(ValuePart part) {
  switch (part) {
    case ValuePart::calm:
      return kValueCalm;
    case ValuePart::muted:
      return kValueMuted;
    case ValuePart::test:
      return kValueTest;
    case ValuePart::nothing:
      return kValueNothing;
    case ValuePart::early:
      return kValueEarly;
    case ValuePart::warning:
      return kValueWarning;
    case ValuePart::alarm:
      return kValueAlarm;
    case ValuePart::on:
      return kValueOn;
    case ValuePart::silent:
      return kValueSilent;
    case ValuePart::unread:
      break;
  }
  return {};
}
std::span<const WholeValue> whole_values() {
  return kWholeValues;
}
std::span<const CalmCode> calm_codes() {
  return kCalmCodes;
}
std::span<const UnitName> unit_names() {
  return kUnitNames;
}
std::span<const MeasureUnit> measure_units() {
  return kMeasureUnits;
}

}  // namespace watchpost::danger
