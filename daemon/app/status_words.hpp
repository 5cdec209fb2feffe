// status_words: how the status words numbers, in its JSON, its line and its troubles alike.
// Promise: the same count is always said in the same words. Pure.
#pragma once

#include <cstdint>

#include "upstream/uplink.hpp"

namespace watchpost::app {

// The number of waiting events of all classes.
[[nodiscard]] std::uint64_t backlog_of(const upstream::UplinkStatus& uplink);

}  // namespace watchpost::app
