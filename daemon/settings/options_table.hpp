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

// Nothing when the table has a number that JSON cannot hold (inf, nan).
[[nodiscard]] std::optional<std::string> options_to_json(const toml::table& options);
// The options as an inline table of TOML. `text` comes from options_to_json.
[[nodiscard]] std::string options_to_toml(std::string_view text);

}  // namespace watchpost::settings
