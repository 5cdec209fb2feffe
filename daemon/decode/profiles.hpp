// Profiles: which values of `profile` in [[device]] some built-in decoder knows.
// Promise: as the documents write them, with hyphens ("milesight-em400-mud"). A profile that is not
// among them is read by nobody but perhaps a mapping or plugin of the site's. At start-up.
#pragma once

#include <string>
#include <vector>

namespace watchpost::decode {

[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace watchpost::decode
