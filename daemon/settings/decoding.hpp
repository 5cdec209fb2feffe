// What the configuration says about decoding, in the words of the decode layer.
// Promise: the operator's bindings come first, so that they can take a topic from a built-in one.
// Pure; at start-up, and for `watchpost decode`.
#pragma once

#include "decode/local_traffic.hpp"
#include "decode/registry.hpp"
#include "settings/config.hpp"

namespace watchpost::settings {

[[nodiscard]] decode::RegistryOptions registry_options(const Config& config);
[[nodiscard]] decode::LocalTraffic local_traffic(const Config& config);

}  // namespace watchpost::settings
