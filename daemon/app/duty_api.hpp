// Duty API: what the local API tells of alarms and devices, and what it does with a command and
// with devices that are entered. Promise: what is told is on disk; a command is answered once what
// it did is. I/O thread only.
#pragma once

#include "app/village_desk.hpp"
#include "base/clock.hpp"
#include "console/duty_routes.hpp"
#include "pipeline/pipeline.hpp"

namespace watchpost::app {

// All outlive what is returned.
struct DutyOffice {
  pipeline::Pipeline& pipeline;
  const Clock& clock;
  VillageDesk& villages;
};
[[nodiscard]] console::DutySources duty_sources(DutyOffice office);
// Here or at a village; `told` once, with success only after the commit.
void obey(const Command& command, VillageDesk::Told told, const DutyOffice& office);

}  // namespace watchpost::app
