// check_local_traffic: rules of local traffic that would hide sensors.
// Promise: a filter that takes the reports of a family of sensors is a mistake, because what it
// takes is not decoded, or not sent upstream. Pure; at start-up.
#pragma once

#include <vector>

#include "settings/check_tls.hpp"

namespace watchpost::settings {

[[nodiscard]] std::vector<KeyMistake> check_local_traffic(const LocalTrafficConfig& local);

}  // namespace watchpost::settings
