// What values say: words, texts that say one thing as a whole, and numbers of makers.
#include <array>

#include "danger/words.hpp"

namespace watchpost::danger {
namespace {

constexpr ValuePart kCalm = ValuePart::calm;
constexpr ValuePart kAlarm = ValuePart::alarm;

constexpr std::string_view kValueCalm[] = {
    "false",    "off",       "no",         "not",       "non",      "none",      "without",
    "normal",   "ok",        "okay",       "good",      "safe",     "idle",      "standby",
    "inactive", "clear",     "cleared",    "cancel",    "canceled", "cancelled", "undetected",
    "dry",      "quiet",     "stop",       "closed",    "release",  "released",  "noleak",
    "noalarm",  "restored",  "restore",    "recovered", "recovery", "resolved",  "ended",
    "gone",     "nosmoke",   "nogas",      "nofire",    "nofall",   "ready",     "end",
    "recover",  "eliminate", "eliminated", "restoral"};
constexpr std::string_view kValueMuted[] = {"silenced", "muted",  "mute",     "silence",
                                            "hush",     "hushed", "muffling", "muffled"};
constexpr std::string_view kValueTest[] = {"test",     "tested", "testing",
                                           "selftest", "drill",  "exercise"};
constexpr std::string_view kValueNothing[] = {
    "unknown", "calibration", "calibrating", "undef", "nan", "na", "detecting", "checking",
    "preheating", "preheat", "warming", "warmup", "initializing", "unavailable", "undefined",
    "null",
    // It is not well itself.
    "fault", "failure", "malfunction", "trouble", "error", "maintenance", "supervisory", "disabled",
    "disablement", "bypassed", "reset", "offline", "tamper", "tampered"};
constexpr std::string_view kValueEarly[] = {"pre", "prealarm", "maybe", "possible", "suspected"};
constexpr std::string_view kValueWarning[] = {"warning", "warn"};
constexpr std::string_view kValueAlarm[] = {
    "alarm",    "alarms",   "alarmed",   "alarming",  "alert",     "alerted",   "detect",
    "detected", "trigger",  "triggered", "raised",    "danger",    "dangerous", "critical",
    "severe",   "serious",  "happened",  "occurred",  "positive",  "confirmed", "tripped",
    "heard",    "sounding", "firing",    "occurring", "happening", "ongoing"};
constexpr std::string_view kValueOn[] = {"true",      "on",      "yes",   "active",
                                         "activated", "present", "press", "pressed",
                                         "push",      "pushed",  "start", "started"};
constexpr std::string_view kValueSilent[] = {
    "state",   "status", "level",   "channel",       "zone",    "is",    "the",     "interconnect",
    "local",   "remote", "primary", "secondary",     "event",   "human", "pendant", "elder",
    "someone", "person", "people",  "concentration", "density", "has",   "been",    "unack",
    "unacked", "ack",    "acked",   "domestic",      "major",   "minor", "moderate"};

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
    WholeValue{"temperature alarm", "high", Danger::heat, kAlarm},
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
    // Seeed's radar MR24FDB1, beside "Suspected fall" and "No falls".
    WholeValue{"", "real falls", Danger::fall, kAlarm},
    WholeValue{"", "real fall", Danger::fall, kAlarm},
    // Moko: a tracker that calls for help.
    WholeValue{"", "alarm mode", Danger::none, kAlarm},
    WholeValue{"", "non alarm mode", Danger::none, kCalm},
    // BACnet's event states.
    WholeValue{"", "off normal", Danger::none, kAlarm},
    WholeValue{"", "offnormal", Danger::none, kAlarm},
    // As programs shorten them.
    WholeValue{"", "y", Danger::none, ValuePart::on},
    WholeValue{"", "t", Danger::none, ValuePart::on},
    WholeValue{"", "n", Danger::none, kCalm},
    WholeValue{"", "f", Danger::none, kCalm},
    // In place of how it is: {"device":"smoke detector","status":"low battery"}.
    WholeValue{"", "low battery", Danger::none, ValuePart::nothing},
    WholeValue{"", "battery low", Danger::none, ValuePart::nothing},
};

// Tuya's older standard set of a smoke detector: 1 is the alarm, 2 its end.
constexpr std::array kCalmCodes{
    CalmCode{"smoke sensor state", 2},
};

// Nest's API of a Protect: 0 is well, 1 and 2 are warnings, 3 is an emergency.
constexpr std::array kAlarmCodes{
    CalmCode{"smoke status", 3},
    CalmCode{"co status", 3},
};
constexpr std::array<std::string_view, 10> kAmounts{
    "large", "medium", "small", "big", "heavy", "major", "moderate", "huge", "dripping", "drip"};

}  // namespace

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
std::span<const CalmCode> alarm_codes() {
  return kAlarmCodes;
}
std::span<const std::string_view> amounts() {
  return kAmounts;
}

}  // namespace watchpost::danger
