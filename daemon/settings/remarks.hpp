// The parts of remarks_on: values that are accepted and were probably meant otherwise.
// Promise: a remark changes nothing, and says what to write instead. Pure but for the files that
// the configuration names; used by the configuration only, at start-up.
#pragma once

#include <vector>

#include "settings/places.hpp"

namespace watchpost::settings {

// Of [[upstream]] and [[broker]]: keys without effect, alarms that nobody gets or proves to have.
[[nodiscard]] std::vector<Words> remarks_on_links(const Config& config, const Places& places);
// Of [[device]] and [[decoder]].
[[nodiscard]] std::vector<Words> remarks_on_devices(const Config& config);

}  // namespace watchpost::settings
