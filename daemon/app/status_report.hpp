// StatusReport: the daemon's state as the JSON of GET /v1/status.
// Promise: troubles stand in a list of their own, each with what to do next; the rest is numbers.
// Field names are the words of daemon/README.md. Pure: every function is given a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/lost_store.hpp"
#include "app/reloader.hpp"
#include "base/clock.hpp"
#include "ingress/broker_reader.hpp"
#include "ingress/listener.hpp"
#include "ingress/wired_options.hpp"
#include "model/trouble.hpp"
#include "outputs/outputs.hpp"
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
  std::vector<Trouble> sensors{};  // what cannot be read, copied taps, what was never proven
  std::optional<ByteCount> disk_free{};
  std::optional<LostStore> lost_store{};
  ingress::WiredStatus wired{};
  const pipeline::DangerProofs* proofs = nullptr;
  const ReloadState* reload = nullptr;
  const pipeline::Judging* duty = nullptr;
  std::vector<outputs::OutputStatus> outputs{};
  std::size_t untaken_below = 0;  // alarms of villages that nobody has taken
};

// What the configuration alone makes of the box, for as long as it runs.
[[nodiscard]] std::vector<Trouble> standing_troubles(const settings::Config& config);
// All troubles of the snapshot, the worst first.
[[nodiscard]] std::vector<Trouble> troubles_of(const Snapshot& snapshot);
// The same without advice.
[[nodiscard]] std::vector<Trouble> pressing_troubles(const Snapshot& snapshot);
// Whether the status has the devices heard last or all devices.
enum class Devices : std::uint8_t { recent, all };
[[nodiscard]] std::string status_json(const Snapshot& snapshot, Devices devices);
// The states of the upstreams and the worst trouble: a change of this text is reported at once.
[[nodiscard]] std::string state_line(const Snapshot& snapshot);
// The state and numbers in one line, for `systemctl status`.
[[nodiscard]] std::string status_line(const Snapshot& snapshot);

}  // namespace watchpost::app
