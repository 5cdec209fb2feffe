// What a person most likely meant by a value that is not accepted as it stands.
// Promise: a hint is itself accepted (limits apart), and is made of what the person wrote, never a
// constant that several gateways could copy. Pure; used by the configuration only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "settings/words.hpp"

namespace watchpost::settings {

// Reads "5 minutes", "1.5h", "30sec"; answers as format_duration writes a duration.
[[nodiscard]] std::optional<std::string> duration_meant(std::string_view text);
// Reads "2G", "1.5 gib", "500 mb"; answers as format_size writes a size.
[[nodiscard]] std::optional<std::string> size_meant(std::string_view text);
// Reads "Asia/Shanghai", "UTC+8", "+0800"; answers as format_zone writes a zone.
[[nodiscard]] std::optional<std::string> zone_meant(std::string_view text);

// What to do about a backslash in a text. It does not repeat the text, which may be a password.
[[nodiscard]] Words meaning_of_backslash();

// Reads "True", "yes", "on", "是".
[[nodiscard]] std::optional<bool> truth_meant(std::string_view text);

// Advice for "localhost", "*", "192.168.1.5:1883", "192.168.1.0/24" or a host name.
[[nodiscard]] Words address_advice(const std::string& text);
// Advice for a text that is no label. A label is proposed only where no letter of the text would be
// lost.
[[nodiscard]] Words label_advice(std::string_view text);
// Advice for a text that is no 12-digit division code.
[[nodiscard]] Words area_advice(std::string_view text);

// `text` with each full-width character of a Chinese input method, typographic quotation mark and
// unusual blank replaced by the ASCII character that was meant; nothing where it has none of them.
[[nodiscard]] std::optional<std::string> in_half_width(std::string_view text);
struct WideCharacter {
  std::size_t at = 0;  // bytes from the start
  std::string character;
  std::string meant;  // empty: nothing (a character of no width)
};
[[nodiscard]] std::optional<WideCharacter> first_wide_character(std::string_view text);

// Advice for a word that is none of `names`, which are the names of one enumeration: what people
// write who mean one of them, else the nearest spelling. Never a name that means something else
// than was written.
[[nodiscard]] Words choice_advice(const std::string& word, std::span<const std::string_view> names);

// "Did you mean ...?" with the nearest of `names`; nothing where none is near.
[[nodiscard]] Words did_you_mean(const std::string& word, std::span<const std::string_view> names);

}  // namespace watchpost::settings
