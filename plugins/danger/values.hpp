// values: what a value says, where its name is that of a danger.
// Promise: of several sayings in one text ("water_shortage,water_leakage") the worst counts; a text
// with a word that is not in the table is `unread`, never calm. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "danger/words.hpp"

namespace watchpost::danger {

// From the least to the most alarming.
enum class Saying : std::uint8_t {
  nothing,  // null, empty, "unknown", "detecting"
  calm,
  muted,  // neither alarm nor all-clear
  test,
  unread,  // in a form that we do not understand
  suspected,
  on,     // true, 1, "ON": perhaps a setting, where the name leaves a doubt
  alarm,  // "alarm", "detected", "smoke": leaves no doubt
};

struct ValueMeaning {
  Saying saying = Saying::nothing;
  std::optional<Danger> danger{};  // that the value itself names
  bool weak = false;               // its name is one that other things have too
};
// `name`: of the value, for the few texts whose meaning hangs on it.
struct NamedText {
  std::string_view name;
  std::string_view text;
};
[[nodiscard]] ValueMeaning meaning_of_text(const NamedText& value);

}  // namespace watchpost::danger
