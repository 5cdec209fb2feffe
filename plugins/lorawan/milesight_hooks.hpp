// What the tables of Milesight's models cannot say: codes with words, events of a radar. Pure; a
// value that is shorter than its item was cut: a hook leaves it, or reads the alarm in it.
#pragma once

#include "lorawan/milesight_items.hpp"

namespace watchpost::lorawan::milesight {

void detection(std::string_view value, Findings& findings);              // VS373, of now
void fall_event(std::string_view value, Findings& findings);             // VS373, an alarm's change
void stored_fall_event(std::string_view value, Findings& findings);      // VS373, sent again
void breathing(std::string_view value, Findings& findings);              // VS373
void press(std::string_view value, Findings& findings);                  // WS101
void gas_detector_event(std::string_view value, Findings& findings);     // GS101
void water_meter_alarm(std::string_view value, Findings& findings);      // EM300-DI
void liquid(std::string_view value, Findings& findings);                 // EM300-CL
void tilt_angles(std::string_view value, Findings& findings);            // EM310-TILT
void tilt_angles_with_bits(std::string_view value, Findings& findings);  // EM320-TILT
void radar_exception(std::string_view value, Findings& findings);        // EM410-RDL

}  // namespace watchpost::lorawan::milesight
