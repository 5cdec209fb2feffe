// Profiles: which values of `profile` in [[device]] some built-in decoder knows.
// Promise: as the documents write them, with hyphens ("milesight-em400-mud"). A profile that is not
// among them is read by nobody but perhaps a mapping or plugin of the site's. At start-up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watchpost::decode {

[[nodiscard]] std::vector<std::string> profile_names();
// True of a mapping file, which reads that one device.
[[nodiscard]] bool is_mapping_profile(std::string_view profile);
// True for those with which a site says what a contact, a code or a button means ("smoke-alarm"),
// and which are of no LoRaWAN device. `profile`: as profile_names() writes it.
[[nodiscard]] bool is_site_profile(std::string_view profile);

}  // namespace watchpost::decode
