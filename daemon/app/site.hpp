// site: what the configuration says of this site's devices and rules, put to use; and what rules
// must remember of before a start.
// Promise: what is read of the store is bounded: kMostRecalled records of each class, none that is
// older than a rule looks back. Called on the I/O thread, at the start and at a reload.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "pipeline/pipeline.hpp"
#include "settings/config.hpp"

namespace watchpost::app {

inline constexpr std::uint64_t kMostRecalled = 10'000;

// Local traffic, names and rules.
void use_site(const settings::Config& config, pipeline::Pipeline& pipeline);
// From the newest stored records. Where they cannot be read, rules begin with nothing, and the log
// says so. Before anything arrives.
void recall_for_rules(const std::filesystem::path& database_file, pipeline::Pipeline& pipeline,
                      Log& log);
// Devices that rules name and nobody has heard or entered, one line each.
void note_unknown_devices(const settings::Config& config, const pipeline::Pipeline& pipeline,
                          Log& log);

}  // namespace watchpost::app
