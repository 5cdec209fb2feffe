// Base64, hexadecimal and UTF-8 checks for payloads.
// Promise: decoders return nothing for input that is not of the form; they never guess.
// Used on any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchpost {

[[nodiscard]] std::string to_base64(std::string_view bytes);
void append_base64(std::string& out, std::string_view bytes);
// RFC 4648 section 4, padding required.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
// Lower case.
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);
// Well-formed UTF-8 after RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace watchpost
