// metrics: the numbers of the daemon in the text format of Prometheus.
// Promise: names and labels are fixed (docs/metrics.md lists them, a test compares); no label says
// anything of a household: neither device nor client, only upstreams, brokers, ports, classes and
// codes. Pure: given a snapshot. I/O thread.
#pragma once

#include <string>

#include "app/status_report.hpp"

namespace watchpost::app {

[[nodiscard]] std::string metrics_text(const Snapshot& snapshot);

}  // namespace watchpost::app
