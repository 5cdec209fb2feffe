// The outputs part of the status: sirens and channels, how they are and when each was tested.
// Promise: what is shown is on disk. Pure: every function is given a snapshot.
#pragma once

#include <boost/json/array.hpp>
#include <vector>

#include "app/status_report.hpp"

namespace watchpost::app {

[[nodiscard]] boost::json::array outputs_json(const Snapshot& snapshot);
// Outputs that have not been tested for too long, or whose last test failed.
[[nodiscard]] std::vector<Trouble> untested_outputs(const Snapshot& snapshot);

}  // namespace watchpost::app
