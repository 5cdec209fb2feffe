// recorded: the observation of a record as it was stored, for who judges it again.
// Promise: what is read is what the annotation says (pipeline/annotation.hpp); nothing where the
// record is no observation. Pure; any thread.
#pragma once

#include <optional>

#include "model/observation.hpp"
#include "model/record.hpp"

namespace watchpost {

[[nodiscard]] std::optional<Observation> observation_of(const Record& record);

}  // namespace watchpost
