#include "settings/entered_interval.hpp"

#include "settings/values.hpp"

namespace watchpost::settings {

std::optional<std::chrono::seconds> entered_interval(std::string_view text) {
  if (text == kNeverHeard) return std::chrono::seconds{0};
  const auto read = parse_duration(text);
  if (!read || *read < kLeastEnteredInterval || *read > kMostEnteredInterval) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::seconds>(*read);
}

Words entered_interval_bounds() {
  return say("a whole number and a unit, from {} to {}, such as 30 min, or {}",
             "整数加单位，从 {} 到 {}，例如 30 min，或 {}", format_duration(kLeastEnteredInterval),
             format_duration(kMostEnteredInterval), kNeverHeard);
}

}  // namespace watchpost::settings
