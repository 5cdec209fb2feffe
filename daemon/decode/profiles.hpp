// Profiles: which values of `profile` in [[device]] some built-in decoder knows.
// Promise: a device whose profile nobody knows gets one sentence with the nearest spelling; nothing
// of what it sends could be read, so its alarms would not be seen. At start-up.
#pragma once

#include <string>
#include <vector>

#include "decode/registry.hpp"

namespace watchpost::decode {

[[nodiscard]] std::vector<std::string> profile_notes(const RegistryOptions& options);

}  // namespace watchpost::decode
