// Values of watchpost.toml that are written as text: durations, sizes, zones, addresses, URLs.
// Promise: format_x gives the shortest text that parse_x reads back as the same value.
// Pure; used by the configuration only, at start-up.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/strong.hpp"
#include "settings/links.hpp"
#include "settings/words.hpp"

namespace watchpost::settings {

// "500 ms", "30 s", "10 min", "24 h", "7 d": a whole number and one unit.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

// "512 B", "64 KiB", "256 MiB", "2 GiB", "1 TiB" (powers of 1024); "1 kB", "1 MB", "1 GB", "1 TB"
// (powers of 1000).
[[nodiscard]] std::optional<ByteCount> parse_size(std::string_view text);
[[nodiscard]] std::string format_size(ByteCount size);

// "+08:00", east of UTC, -12:00 to +14:00.
[[nodiscard]] std::optional<std::chrono::minutes> parse_zone(std::string_view text);
[[nodiscard]] std::string format_zone(std::chrono::minutes zone);

// True for an IPv4 or IPv6 literal without brackets.
[[nodiscard]] bool is_ip_address(const std::string& text);

// Returns an empty text when `url` was read; otherwise what to write instead.
[[nodiscard]] Words read_mqtt_url(std::string_view text, MqttUrl& url);

// `text` reduced to lower-case letters, digits and single hyphens; empty when nothing is left.
[[nodiscard]] std::string to_label(std::string_view text);
[[nodiscard]] bool is_label(std::string_view text);
// "/", and characters that a path of a URL may have as they are (RFC 3986 section 3.3).
[[nodiscard]] bool is_url_path(std::string_view text);

[[nodiscard]] std::string in_lower_case(std::string_view text);  // only ASCII letters change

// The name of the list that was probably meant: the nearest spelling, a name with two neighbouring
// letters swapped, or an abbreviated name.
[[nodiscard]] std::optional<std::string_view> meant_by(std::string_view word,
                                                       std::span<const std::string_view> names);

// `text` as a basic string of TOML, with its quotation marks.
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace watchpost::settings
