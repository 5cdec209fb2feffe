// check_ports: which ports of the configuration cannot be opened, because another program has them.
// Promise: opens each for a moment and closes it again; one line for each that cannot be had, with
// what to do. While the service runs it has the ports itself. Called by main, before any thread.
#pragma once

#include <iosfwd>

#include "settings/config.hpp"

namespace watchpost::app {

// True: all can be had.
[[nodiscard]] bool check_ports(const settings::Config& config, Language language,
                               std::ostream& out);

}  // namespace watchpost::app
