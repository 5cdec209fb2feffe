// StatusReport: the daemon's state as the JSON of GET /v1/status.
// Promise: troubles stand in a list of their own, each with what to do next; the rest is numbers.
// Field names are those of DESIGN section 10's words. Pure: it is given snapshots.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ingress/broker_reader.hpp"
#include "ingress/listener.hpp"
#include "model/trouble.hpp"
#include "pipeline/pipeline.hpp"
#include "settings/config.hpp"
#include "spool/spool.hpp"
#include "upstream/uplink.hpp"

namespace watchpost::app {

struct Snapshot {
  const settings::Config& config;
  SteadyTime now{};
  SteadyTime started_at{};
  WallTime wall{};
  ClockQuality clock = ClockQuality::unset;
  spool::SpoolStatus spool;
  pipeline::PipelineTotals totals;
  const pipeline::DeviceRoll& devices;
  ingress::ListenerStatus listeners;
  std::vector<ingress::BrokerStatus> brokers;
  std::vector<upstream::UplinkStatus> upstreams;
  std::optional<Trouble> unread_devices{};
  std::optional<ByteCount> disk_free{};
};

// The worst first.
[[nodiscard]] std::vector<Trouble> troubles_of(const Snapshot& snapshot);
// With the devices heard last, or with all of them.
enum class Devices : std::uint8_t { recent, all };
[[nodiscard]] std::string status_json(const Snapshot& snapshot, Devices devices);
// What of it must be told at once: the states of the upstreams and the worst trouble.
[[nodiscard]] std::string state_line(const Snapshot& snapshot);
// One line for `systemctl status`.
[[nodiscard]] std::string status_line(const Snapshot& snapshot);

}  // namespace watchpost::app
