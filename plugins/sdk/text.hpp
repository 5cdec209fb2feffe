// Texts that decoders meet: topic levels, numbers written as text, times.
// Promise: nothing for what is not of the form; nothing is guessed. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watchpost::sdk {

// ASCII only; other bytes stay.
[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);
// Level `n` of a topic, from 0; nothing past the last.
[[nodiscard]] std::optional<std::string_view> topic_level(std::string_view topic, std::size_t n);
// The whole text as a finite decimal number ("100.00", "-3", "1e3"); spaces around it are allowed.
[[nodiscard]] std::optional<double> number_from(std::string_view text);

// RFC 3339 and relatives; without a zone it is read `zone_minutes` east of UTC. Nothing before
// 2001: such clocks were never set.
[[nodiscard]] std::optional<std::int64_t> time_from_text(std::string_view text, int zone_minutes);
// Seconds, or milliseconds where the number is too large for seconds (from 1e11 on). Nothing before
// 2001 or past 2200: an uptime or an unset clock is no time.
[[nodiscard]] std::optional<std::int64_t> time_from_epoch(double epoch);

}  // namespace watchpost::sdk
