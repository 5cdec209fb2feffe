#include "app/site.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "model/recorded.hpp"
#include "settings/decoding.hpp"
#include "settings/site_rules.hpp"
#include "spool/reader/record_pages.hpp"

namespace watchpost::app {
namespace {

std::shared_ptr<const pipeline::Judging::FixedDevices> fixed_devices(
    const settings::Config& config) {
  auto devices = std::make_shared<pipeline::Judging::FixedDevices>();
  for (const settings::DeviceConfig& device : config.devices) {
    DeviceCard card{device.group, device.household, device.contact};
    if (device.name.empty() && card.empty()) continue;
    devices->emplace(device.id, pipeline::Judging::FixedDevice{device.name, std::move(card)});
  }
  return devices;
}

rules::SupervisionRules supervision_rules(const settings::Config& config) {
  rules::SupervisionRules rules;
  rules.times = config.supervision.silent_after;
  rules.learns = config.supervision.learn;
  for (const settings::DeviceConfig& device : config.devices) {
    if (device.expected_interval.count() == 0) continue;
    rules.fixed[device.id] =
        std::chrono::duration_cast<std::chrono::seconds>(device.expected_interval);
  }
  return rules;
}

using rules::PastObservation;

Result<void> read_past(spool::RecordPages& pages, EventClass event_class, WallTime since,
                       std::vector<PastObservation>& past) {
  const auto newest = pages.newest(event_class);
  if (!newest) return newest.error();
  const Seq after{newest->value > kMostRecalled ? newest->value - kMostRecalled : 0};
  return pages.for_each_after(event_class, after, [&](const Record& record) {
    if (record.clock == ClockQuality::unset || record.received_at < since) return true;
    if (auto observation = observation_of(record))
      past.push_back({std::move(*observation), {record.received_at, {}, record.clock}});
    return true;
  });
}

}  // namespace

void use_site(const settings::Config& config, pipeline::Pipeline& pipeline) {
  pipeline.set_local(settings::local_traffic(config));
  pipeline.fix(fixed_devices(config));
  pipeline.use_rules(
      std::make_shared<const rules::Conditions::Rules>(settings::site_rules(config)));
  pipeline.use(supervision_rules(config));
}

void recall_for_rules(const std::filesystem::path& database_file, pipeline::Pipeline& pipeline,
                      Log& log) {
  const auto& conditions = pipeline.judging().judgement().conditions();
  const ClockReading now = pipeline.clock_now();
  if (conditions.any() && now.quality != ClockQuality::unset) {
    // A reading at the edge, and the next one behind it.
    const WallTime since =
        now.wall - conditions.memory() - rules::Conditions::kBelievedBehind - std::chrono::hours{1};
    std::vector<PastObservation> past;
    auto pages = spool::RecordPages::open(database_file);
    Result<void> done = pages ? Result<void>{} : Result<void>{pages.error()};
    for (const EventClass event_class : kEventClasses) {
      if (done) done = read_past(*pages, event_class, since, past);
    }
    if (!done) {
      log.warning(
          "What rules must remember of before this start could not be read, so that a "
          "rise, a delay or a silence is counted from now on: {}",
          done.error().sentence());
    }
    std::stable_sort(past.begin(), past.end(),
                     [](const PastObservation& a, const PastObservation& b) {
                       return a.heard.wall < b.heard.wall;
                     });
    for (const PastObservation& each : past) pipeline.recall(each);
  }
  pipeline.watch_silence();
}

void note_unknown_devices(const settings::Config& config, const pipeline::Pipeline& pipeline,
                          Log& log) {
  std::set<std::string> fixed;
  for (const settings::DeviceConfig& device : config.devices) fixed.insert(device.id);
  for (const settings::RuleConfig& rule : config.rules) {
    for (const std::string& device : rule.devices) {
      const bool is_known = fixed.contains(device) ||
                            pipeline.judging().judgement().device_on_disk(device) != nullptr;
      if (is_known) continue;
      log.info(
          "[[rule]] {} names the device {}, which nobody has heard or entered yet: compare it with "
          "`watchpost devices`",
          rule.name, device);
    }
  }
}

}  // namespace watchpost::app
