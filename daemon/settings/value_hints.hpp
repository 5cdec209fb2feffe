// What a person most likely meant by a value that is not accepted as it stands.
// Promise: a hint is itself acceptable (before limits), and is made of what the person wrote, never
// a constant that several gateways could copy. Pure; used by the configuration only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "settings/words.hpp"

namespace watchpost::settings {

// "5 minutes", "1.5h", "30sec": as format_duration writes it.
[[nodiscard]] std::optional<std::string> duration_meant(std::string_view text);
// "2G", "1.5 gib", "500 mb".
[[nodiscard]] std::optional<std::string> size_meant(std::string_view text);
// "Asia/Shanghai", "UTC+8", "+0800".
[[nodiscard]] std::optional<std::string> zone_meant(std::string_view text);

// "True", "yes", "on", "是": as a value of TOML.
[[nodiscard]] std::optional<bool> truth_meant(std::string_view text);

// "localhost", "*", "192.168.1.5:1883", "192.168.1.0/24", a host name.
[[nodiscard]] Words address_advice(const std::string& text);
// Of a text that is no label. Where letters are lost that no label can hold, only the form is told.
[[nodiscard]] Words label_advice(std::string_view text);
// Of a text that is no 12-digit division code.
[[nodiscard]] Words area_advice(std::string_view text);

// Full-width characters of a Chinese input method, typographic quotation marks and blanks that are
// none, each as the ASCII character that was meant; nothing where there are none.
[[nodiscard]] std::optional<std::string> in_half_width(std::string_view text);
struct WideCharacter {
  std::size_t at = 0;  // bytes from the start
  std::string character;
  std::string meant;  // empty: nothing (a character of no width)
};
[[nodiscard]] std::optional<WideCharacter> first_wide_character(std::string_view text);

}  // namespace watchpost::settings
