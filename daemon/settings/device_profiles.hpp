// Which profiles of [[device]] sections somebody can read. Promise: a profile counts as unknown
// only where it is certain: a mapping or plugin of the site's may know any. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/config.hpp"

namespace watchpost::settings {

// As the documents write them: small letters, hyphens in place of '_' and ' '.
[[nodiscard]] std::string profile_spelling(std::string_view text);
// False where no built-in decoder knows the profile; true without one, and of a mapping, which is
// read when the decoders are made.
[[nodiscard]] bool is_known_profile(std::string_view profile);
// The devices whose profile nothing can know: "Hall (a1b2): sos-buton". Empty where a mapping or
// plugin is configured.
[[nodiscard]] std::vector<std::string> unknown_profiles(const Config& config);

}  // namespace watchpost::settings
