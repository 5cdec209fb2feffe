// What the mappings of a site say that is accepted and perhaps not meant.
// Promise: each file is looked at once; of one that is at fault nothing is said here, since
// Registry::build() names the fault. At start-up.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "decode/registry.hpp"

namespace watchpost::decode {

[[nodiscard]] std::vector<Complaint> notes_on_mappings(const RegistryOptions& options);

}  // namespace watchpost::decode
