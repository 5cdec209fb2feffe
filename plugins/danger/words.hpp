// words: the table behind the grammar of danger. What a maker calls a danger, what may stand beside
// its name, what a value says, and which units numbers have.
// Promise: the files words*.cpp are the only places with names and values of dangers, and of the
// things around them; names.cpp, values.cpp and units.cpp hold the rules that read them. (What the
// members around a danger are called where nobody told us is in member_parts.cpp and
// topic_meaning.cpp.) Words are lower case,
// their parts divided by blanks. Sources: the public definitions of
// zigbee-herdsman-converters 26.112.0 (tests/breadth reads them), and the reports named in
// words.cpp. Constant; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "abi/watchpost_decoder.h"

namespace watchpost::danger {

enum class Danger : std::uint8_t {
  smoke,
  fire,
  heat,
  gas,
  co,
  leak,
  sos,
  fall,
  manual_call,
  level,  // water, or another liquid, over the limit that its sensor was given
  none,   // an alarm of which nothing says what it is about
};
inline constexpr std::size_t kDangerCount = 11;

struct Subject {
  Danger danger = Danger::none;
  watchpost_kind kind = WATCHPOST_UNNAMED_ALARM;
  std::string_view quantity;  // the reading of its condition
};
[[nodiscard]] const Subject& subject_of(Danger danger);

// A name of a subject. `weak`: other things have this name too (heat is also a heating, water also
// a meter), so that alone it counts only with a value that leaves no doubt. `limit`: a limit of the
// device's own; as a value it leaves no doubt, as a name it may be the switch of that limit, so
// that "ON" under it is no answer. `twofold`: weak, and another thing gives an alarm of that name
// too.
struct SubjectName {
  std::string_view words;
  Danger danger = Danger::none;
  bool weak = false;
  bool limit = false;
  bool twofold = false;
};
[[nodiscard]] std::span<const SubjectName> subject_names();

// Names that look like a danger and are none.
[[nodiscard]] std::span<const std::string_view> harmless_names();

// What a part of the name of a value is, beside the subject.
enum class NamePart : std::uint8_t {
  harmless,  // says nothing: state, zone, sensor
  place,     // says nothing either: where it is
  question,  // says nothing either, and asks yes or no: detected, active, is
  measure,   // the value is a number: level, density, ppm
  doubtful,  // the value may be a setting: detection
  other,     // speaks of something else: battery, tamper, mute, threshold
};
[[nodiscard]] std::span<const std::string_view> name_words(NamePart part);

// Names without a subject under which a device says what is the matter: the value must name it.
[[nodiscard]] std::span<const std::string_view> statement_words();
[[nodiscard]] std::span<const std::string_view> statement_names();
// Names without a subject that say only: alarm. Of these words, with at least one "alarm"; or one
// of these whole names.
[[nodiscard]] std::span<const std::string_view> alarm_name_words();
[[nodiscard]] std::span<const std::string_view> alarm_names();

// What a word of a value says. The strongest of a phrase counts, in this order.
enum class ValuePart : std::uint8_t {
  calm,     // no, off, clear
  muted,    // silenced: neither alarm nor all-clear
  test,     // a test
  nothing,  // unknown, detecting: says nothing yet
  early,    // pre, maybe: a suspicion
  warning,  // beside "alarm" an alarm, alone a suspicion
  alarm,    // leaves no doubt
  on,       // true, on, yes, active: alarm where the name has a subject, else perhaps a setting
  silent,   // state, channel: says nothing
  unread,   // no word of ours
};
[[nodiscard]] std::span<const std::string_view> value_words(ValuePart part);

// A text that says one thing as a whole, under one name ("" for every name without a subject).
struct WholeValue {
  std::string_view name;
  std::string_view words;
  Danger danger = Danger::none;
  ValuePart part = ValuePart::calm;  // or alarm, on, or nothing
};
[[nodiscard]] std::span<const WholeValue> whole_values();

// A number that a maker publishes as "all is well", under a name that ends so.
struct CalmCode {
  std::string_view name;
  int number = 0;
};
[[nodiscard]] std::span<const CalmCode> calm_codes();

// The same of what is an alarm.
[[nodiscard]] std::span<const CalmCode> alarm_codes();
// How much of a danger there is, as a value under its name: "large".
[[nodiscard]] std::span<const std::string_view> amounts();

// A Chinese word, and the words above that mean the same; a phrase is read as if those stood there.
struct ChineseWord {
  std::string_view chinese;  // UTF-8
  std::string_view words;
};
[[nodiscard]] std::span<const ChineseWord> chinese_words();
// The same in traditional characters, Japanese and Korean.
[[nodiscard]] std::span<const ChineseWord> east_asian_words();

// Units as makers write them, and as SenML or UCUM names them (RFC 8428, RFC 8798).
struct UnitName {
  std::string_view written;
  std::string_view named;
};
[[nodiscard]] std::span<const UnitName> unit_names();
// Numbers of a detector whose unit is the same for every maker.
struct MeasureUnit {
  std::string_view name;
  std::string_view unit;
};
[[nodiscard]] std::span<const MeasureUnit> measure_units();

}  // namespace watchpost::danger
