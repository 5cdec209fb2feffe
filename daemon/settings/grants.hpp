// grants: what an upstream may ask for, as watchpost.toml names it.
// Promise: what granted_by reads, printed() writes. Pure; used by the configuration only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/command.hpp"
#include "settings/words.hpp"

namespace watchpost::settings {

// The names of the actions that an upstream may be granted.
[[nodiscard]] std::vector<std::string_view> grantable_names();
// "take" or another action, or "all"; nothing where the name grants nothing.
[[nodiscard]] std::optional<DutyActionSet> granted_by(std::string_view name);
// What to write instead of a name that grants nothing; may be empty.
[[nodiscard]] Words grant_advice(const std::string& name);

}  // namespace watchpost::settings
