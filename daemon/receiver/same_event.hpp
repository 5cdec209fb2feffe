// same_event: do two texts with one source and id tell of one event?
// Promise: an event that is sent again with other settings (`raw`, a device's name) is the same
// one; anything else that differs makes two. Whatever the texts are, an answer. Pure; any thread.
#pragma once

#include <string_view>

namespace watchpost::receiver {

[[nodiscard]] bool is_same_event(std::string_view one, std::string_view other);

}  // namespace watchpost::receiver
