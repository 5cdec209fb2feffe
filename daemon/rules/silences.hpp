// Silences: what is raised of devices that are not heard, and of the radio that explains it.
// Promise: the silence of a radio is one alarm; who is silent by it has none of its own, or has it
// suppressed, until the radio is back and its own whole time has passed. Alarms of nothing but
// silence are touched. A call does a bounded part. I/O thread only.
#pragma once

#include "rules/signal.hpp"
#include "rules/step.hpp"
#include "rules/supervision.hpp"

namespace watchpost::rules {

// Goes on with what was open at the start.
void recall_silences(Core& core);
// What was heard ends a silence; the word of a bridge that it is off line is one of its devices.
struct Said {
  const Observation& observation;
  Supervision::Heard heard;
};
void add_silences(const Core& core, const Said& said, std::vector<Signal>& signals,
                  std::optional<Absence>& absence);
// What is known of the habits of a device is to be kept.
void write_habit(Step& step, std::string_view device);
// Alarms of silence that the radio explains.
void explain(Step& step, Radio& radio);
// What is due by now.
void look_for_silences(Step& step);

}  // namespace watchpost::rules
