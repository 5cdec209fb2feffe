// AlarmGrade: how urgent a declared alarm is, in CAP 1.2's words (OASIS CAP 1.2 section 3.2.2), so
// that a district can map it to its warning platform. The gateway itself issues no CAP. Pure; the
// values follow DOMAIN section 9 for alarms that nobody has verified yet.
#pragma once

#include <string_view>

#include "model/observation.hpp"

namespace watchpost::pipeline {

struct AlarmGrade {
  std::string_view urgency;    // Immediate, Expected, Future
  std::string_view severity;   // Extreme, Severe, Moderate, Minor
  std::string_view certainty;  // Observed, Likely, Possible
};

[[nodiscard]] AlarmGrade grade_of(Kind kind, DeclaredState state);

}  // namespace watchpost::pipeline
