// names: what the name of a value says about it.
// Promise: a name is a danger where it names a subject (words.hpp) and nothing beside it speaks of
// something else; everything else is left to the rest of the message. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "danger/words.hpp"

namespace watchpost::danger {

enum class Role : std::uint8_t {
  none,
  danger,      // smoke, water_leak_2, gas_alarm
  unfamiliar,  // kitchen_smoke: words that we do not know before it, a place perhaps
  doubtful,    // smoke_linkage: what stands behind it may make a setting of it: only "alarm" counts
  measure,     // smoke_density, co_ppm
  alarm,       // alarm, alarm_1, alarm_state: of what, the device must say
  statement,   // status, event: of what, the value must say
};

struct NameMeaning {
  Role role = Role::none;
  Danger danger = Danger::none;
  bool weak = false;    // as SubjectName::weak
  bool asks = false;    // the name asks yes or no (leak_detected): a 1 is a yes, no measured value
  bool limit = false;   // as SubjectName::limit
  bool states = false;  // smoke_state, gas_alarm: what stands there is no quantity
};
[[nodiscard]] NameMeaning meaning_of_name(std::string_view name);
// True for a name that ends as those of values do ("sensor_value") and speaks of no setting.
[[nodiscard]] bool is_name_of_value(std::string_view name);
// True where `number` is a code of the maker's, and neither yes, no nor measured: smoke_state = 2.
[[nodiscard]] bool is_code(const NameMeaning& meaning, double number);
// True where the maker publishes that this number under this name says that all is well.
[[nodiscard]] bool is_calm_code(std::string_view name, double number);

// The same, that it is an alarm.
[[nodiscard]] bool is_alarm_code(std::string_view name, double number);
// A word that says yes under this name, and elsewhere nothing: {"panic_button":"single"},
// {"leak_state":"large"}, {"ch4_alarm":"A1"}.
[[nodiscard]] bool answers_yes(const NameMeaning& meaning, std::string_view text);

// The subject that a sentence speaks of ("Smart water leakage alarm sensor"): the first name that
// leaves no doubt, else the first at all.
struct Spoken {
  Danger danger = Danger::none;
  bool weak = true;
};
[[nodiscard]] std::optional<Spoken> danger_in(std::string_view sentence);
// True where one of `words` stands in `sentence` as a word, with or without an s behind it.
[[nodiscard]] bool mentions(std::string_view sentence, std::span<const std::string_view> words);

}  // namespace watchpost::danger
