// What a Daemon shows of itself.
#include <filesystem>
#include <optional>
#include <utility>

#include "app/daemon.hpp"
#include "upstream/cloud_event.hpp"

namespace watchpost::app {
namespace {

std::optional<ByteCount> free_on_disk(const std::filesystem::path& file) {
  std::error_code error;
  const auto space = std::filesystem::space(file, error);
  return error ? std::nullopt : std::optional(ByteCount{space.available});
}

}  // namespace

std::vector<Trouble> Daemon::sensor_troubles(const ClockReading& now) const {
  std::vector<Trouble> troubles = decoder_->troubles();
  for (Trouble& tap : pipeline_.taps().troubles(now.steady)) troubles.push_back(std::move(tap));
  if (auto unread = pipeline_.unread().trouble(now.steady)) troubles.push_back(std::move(*unread));
  const auto wall =
      now.quality == ClockQuality::unset ? std::nullopt : std::optional<WallTime>(now.wall);
  if (auto open = pipeline_.proofs().trouble(wall, pipeline_.devices())) {
    troubles.push_back(std::move(*open));
  }
  return troubles;
}

Snapshot Daemon::snapshot() const {
  const ClockReading now = read_clock(clock_);
  Snapshot snapshot{config_,
                    now.steady,
                    started_at_,
                    now.wall,
                    now.quality,
                    spool_->status(),
                    pipeline_.totals(),
                    pipeline_.devices(),
                    listener_.status(),
                    {},
                    {},
                    sensor_troubles(now),
                    free_on_disk(spool_->database_file()),
                    lost_store_,
                    wired_.status(),
                    &pipeline_.proofs(),
                    &reloader_.state(),
                    &pipeline_.judging(),
                    sirens_.status(),
                    villages_.untaken()};
  for (const auto& broker : brokers_) snapshot.brokers.push_back(broker->status());
  for (const auto& uplink : uplinks_) snapshot.upstreams.push_back(uplink->status());
  return snapshot;
}

std::string Daemon::render(const Record& record) const {
  return upstream::event_text(event_context_, record);
}

}  // namespace watchpost::app
