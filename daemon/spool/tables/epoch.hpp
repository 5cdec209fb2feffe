// draw_epoch: a name for a new life of a store, from the system's random numbers. Any thread.
#pragma once

#include "model/record.hpp"

namespace watchpost::spool {

[[nodiscard]] Epoch draw_epoch();

}  // namespace watchpost::spool
