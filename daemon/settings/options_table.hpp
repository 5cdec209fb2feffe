// Options of decoders and devices: a TOML table in the file, a JSON object for the decoder.
// Promise: options_to_toml and options_to_json undo each other; dates and times become text.
// Used by the configuration only, at start-up.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace toml {
inline namespace v3 {
class table;
}
}  // namespace toml

namespace watchpost::settings {

// Nothing when a number in it has no place in JSON (inf, nan).
[[nodiscard]] std::optional<std::string> options_to_json(const toml::table& options);
// An inline table. `text` is one that options_to_json made.
[[nodiscard]] std::string options_to_toml(std::string_view text);

}  // namespace watchpost::settings
