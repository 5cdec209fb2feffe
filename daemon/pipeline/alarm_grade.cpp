#include "pipeline/alarm_grade.hpp"

namespace watchpost::pipeline {

AlarmGrade grade_of(Kind kind, DeclaredState state) {
  if (state == DeclaredState::suspected) return {"Immediate", "Moderate", "Possible"};
  switch (kind) {
    case Kind::fall:
    case Kind::sos:
      return {"Immediate", "Severe", "Observed"};
    case Kind::smoke:
    case Kind::heat:
    case Kind::co:
    case Kind::combustible_gas:
    case Kind::manual_call_point:
    case Kind::fire_part:
    case Kind::fire_system:
      return {"Immediate", "Severe", "Likely"};
    case Kind::water_leak:
    case Kind::water_level:
    case Kind::water_distance:
    case Kind::rainfall:
      return {"Expected", "Moderate", "Observed"};
    case Kind::hydrant_pressure:
    case Kind::transmission_device:
    case Kind::presence:
    case Kind::patrol_scan:
    case Kind::device_status:
    case Kind::heartbeat:
    case Kind::rf_code:
    case Kind::measurement:
      return {"Expected", "Moderate", "Likely"};
  }
  return {"Expected", "Moderate", "Likely"};
}

}  // namespace watchpost::pipeline
