// Which numbers a sensor can measure at all. Promise: a reading outside the bounds of nature is no
// measurement, whatever its decoder says: sensors that are broken or not connected send the end of
// their range (3276.7 Cel, 6553.5 %RH, -1 mm). The bounds are wide: what may be so is left alone.
// Pure.
#pragma once

#include "model/observation.hpp"

namespace watchpost::decode {

// False: a temperature (Cel) below -100 or above 1,800, a relative humidity (%RH) below -5 or above
// 110, a distance (mm, m) below 0; or no finite number. Of other quantities only the last.
[[nodiscard]] bool is_possible(const Reading& reading);

}  // namespace watchpost::decode
