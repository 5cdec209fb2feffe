#include "app/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "app/status_duty.hpp"
#include "base/version.hpp"
#include "model/trouble_catalogue.hpp"

namespace watchpost::app {
namespace {

using prometheus::MetricType;
using Labels = std::vector<prometheus::ClientMetric::Label>;

struct Metric {
  std::string_view name;
  std::string_view help;
};

class Families {
 public:
  void count(const Metric& metric, std::uint64_t value, Labels labels = {}) {
    auto& made = add(metric, MetricType::Counter, std::move(labels));
    made.counter.value = static_cast<double>(value);
  }
  void gauge(const Metric& metric, double value, Labels labels = {}) {
    add(metric, MetricType::Gauge, std::move(labels)).gauge.value = value;
  }
  void count_classes(const Metric& metric, const PerClass<std::uint64_t>& values,
                     const Labels& labels = {}) {
    for (const EventClass one : kEventClasses) {
      Labels with_class = labels;
      with_class.push_back({"class", std::string(to_string(one))});
      count(metric, values[index_of(one)], std::move(with_class));
    }
  }
  void gauge_classes(const Metric& metric, const PerClass<std::uint64_t>& values,
                     const Labels& labels) {
    for (const EventClass one : kEventClasses) {
      Labels with_class = labels;
      with_class.push_back({"class", std::string(to_string(one))});
      gauge(metric, static_cast<double>(values[index_of(one)]), std::move(with_class));
    }
  }
  [[nodiscard]] std::string text() const { return prometheus::TextSerializer().Serialize(all_); }

 private:
  prometheus::ClientMetric& add(const Metric& metric, MetricType type, Labels labels) {
    auto found = std::find_if(all_.begin(), all_.end(),
                              [&metric](const auto& one) { return one.name == metric.name; });
    if (found == all_.end()) {
      all_.push_back({std::string(metric.name), std::string(metric.help), type, {}});
      found = std::prev(all_.end());
    }
    found->metric.emplace_back().label = std::move(labels);
    return found->metric.back();
  }

  std::vector<prometheus::MetricFamily> all_;
};

double seconds_in(SteadyDuration span) {
  return std::chrono::duration<double>(span).count();
}

void add_own(const Snapshot& snapshot, Families& out) {
  out.gauge({"watchpost_build_info", "1, with the version of this gateway."}, 1,
            {{"version", std::string(version_number())}});
  out.gauge({"watchpost_uptime_seconds", "How long the daemon has run."},
            seconds_in(snapshot.now - snapshot.started_at));
  out.gauge({"watchpost_clock_synced", "1 where a time service keeps the clock."},
            snapshot.clock == ClockQuality::synced ? 1 : 0);
  std::map<std::pair<std::string, std::string>, int> troubles;
  for (const Trouble& one : pressing_troubles(snapshot)) {
    ++troubles[{std::string(shape_of(one.code).name),
                std::string(to_string(entry_of(one.code).severity))}];
  }
  int critical = 0;
  for (const auto& [trouble, count] : troubles) {
    out.gauge({"watchpost_troubles", "Troubles now, by code; `watchpost troubles` explains them."},
              count, {{"code", trouble.first}, {"severity", trouble.second}});
    if (trouble.second == to_string(TroubleSeverity::critical)) critical += count;
  }
  out.gauge({"watchpost_critical_troubles", "Troubles by which an alarm may not be kept or seen."},
            critical);
  out.gauge({"watchpost_devices_heard", "Devices that were heard since the start."},
            static_cast<double>(snapshot.devices.entries().size()));
}

void add_pipeline(const pipeline::PipelineTotals& totals, Families& out) {
  out.count({"watchpost_pipeline_messages_total", "Messages taken since the start."},
            totals.messages);
  out.count({"watchpost_pipeline_undecoded_total", "Messages that no decoder understood."},
            totals.undecoded);
  out.count({"watchpost_pipeline_malformed_total", "Messages that were broken."}, totals.malformed);
  out.count({"watchpost_pipeline_ignored_total", "Messages that hold nothing to keep."},
            totals.ignored);
  out.count({"watchpost_pipeline_local_total", "Messages that only this village needs."},
            totals.local);
  out.count({"watchpost_pipeline_not_kept_total", "Messages that were refused or failed."},
            totals.not_kept);
  out.count_classes({"watchpost_pipeline_records_total", "Records that were committed."},
                    totals.records);
}

void add_spool(const Snapshot& snapshot, Families& out) {
  const spool::SpoolStatus& spool = snapshot.spool;
  out.gauge({"watchpost_spool_store_bytes", "Size of the store, without its free pages."},
            static_cast<double>(spool.store_size.value));
  out.gauge({"watchpost_spool_quota_bytes", "Most that the store may use."},
            static_cast<double>(snapshot.config.store.quota.value));
  out.gauge({"watchpost_spool_waiting_bytes", "Handed over and not yet committed."},
            static_cast<double>(spool.waiting.value));
  out.count({"watchpost_spool_commits_total", "Commits since the start."}, spool.commits);
  out.count({"watchpost_spool_failed_commits_total", "Commits that failed."}, spool.failed_commits);
  out.gauge({"watchpost_spool_last_commit_seconds", "How long the last commit took."},
            std::chrono::duration<double>(spool.last_commit_took).count());
  out.count_classes({"watchpost_spool_dropped_total", "Records that went unsent for want of room."},
                    spool.dropped);
  out.count_classes({"watchpost_spool_refused_total", "Messages for which there was no room."},
                    spool.refused);
  if (snapshot.disk_free) {
    out.gauge({"watchpost_spool_disk_free_bytes", "Free room on the disk of the store."},
              static_cast<double>(snapshot.disk_free->value));
  }
  if (spool.days_left) {
    out.gauge(
        {"watchpost_spool_days_left", "How long the room lasts if no upstream takes anything."},
        *spool.days_left);
  }
}

void add_listener(const ingress::ListenerStatus& listener, Families& out) {
  for (const auto& address : listener.addresses) {
    out.gauge({"watchpost_listener_connections", "Connections of clients, by port."},
              static_cast<double>(address.connections), {{"port", std::to_string(address.port)}});
  }
  out.gauge({"watchpost_listener_clients", "Clients that are connected."},
            static_cast<double>(listener.clients_connected));
  out.gauge({"watchpost_listener_sessions", "Sessions, with and without a connection."},
            static_cast<double>(listener.sessions));
  const auto& totals = listener.totals;
  out.count({"watchpost_listener_accepted_total", "Connections that were accepted."},
            totals.accepted);
  out.count({"watchpost_listener_refused_total", "Connections that were refused."}, totals.refused);
  out.count({"watchpost_listener_malformed_total", "Connections closed for breaking the protocol."},
            totals.malformed);
  out.count({"watchpost_listener_received_bytes_total", "Bytes from clients."},
            totals.bytes_received);
  out.count({"watchpost_listener_sent_bytes_total", "Bytes to clients."}, totals.bytes_sent);
}

void add_upstream(const upstream::UplinkStatus& uplink, Families& out) {
  const Labels labels{{"upstream", uplink.name}};
  out.gauge({"watchpost_upstream_connected", "1 while the upstream is connected."},
            uplink.state == upstream::UplinkState::connected ? 1 : 0, labels);
  out.gauge({"watchpost_upstream_in_flight", "Publications without an acknowledgement."},
            static_cast<double>(uplink.in_flight), labels);
  out.gauge({"watchpost_upstream_oldest_unacknowledged_seconds",
             "Age of the oldest publication without an acknowledgement; 0 for none."},
            uplink.oldest_unacknowledged ? seconds_in(*uplink.oldest_unacknowledged) : 0, labels);
  out.count({"watchpost_upstream_published_total", "Publications."}, uplink.counts.published,
            labels);
  out.count({"watchpost_upstream_acknowledged_total", "Publications that were acknowledged."},
            uplink.counts.acknowledged, labels);
  out.count({"watchpost_upstream_refused_total", "Publications that were refused."},
            uplink.counts.refused, labels);
  out.count({"watchpost_upstream_unheard_total", "Publications that nobody had subscribed to."},
            uplink.counts.unheard, labels);
  out.count({"watchpost_upstream_receipts_total", "Receipts of the upstream."},
            uplink.counts.receipts, labels);
  out.gauge_classes({"watchpost_upstream_backlog_records", "Records that the upstream lacks."},
                    uplink.backlog, labels);
}

void add_broker(const ingress::BrokerStatus& broker, Families& out) {
  const Labels labels{{"broker", broker.name}};
  out.gauge({"watchpost_broker_reading", "1 while the broker is read."},
            broker.state == ingress::BrokerState::reading ? 1 : 0, labels);
  out.count({"watchpost_broker_received_total", "Messages from the broker."}, broker.received,
            labels);
  out.count({"watchpost_broker_kept_total", "Of these, committed."}, broker.kept, labels);
}

void add_duty(const Snapshot& snapshot, Families& out) {
  if (snapshot.duty == nullptr) return;
  out.gauge({"watchpost_duty_alarms_open", "Alarms that are open."},
            static_cast<double>(count_open(snapshot)));
  out.gauge({"watchpost_duty_alarms_untaken", "Open alarms that nobody has taken."},
            static_cast<double>(count_untaken(snapshot.duty->judgement())));
}

}  // namespace

std::string metrics_text(const Snapshot& snapshot) {
  Families out;
  add_own(snapshot, out);
  add_pipeline(snapshot.totals, out);
  add_spool(snapshot, out);
  add_listener(snapshot.listeners, out);
  for (const auto& uplink : snapshot.upstreams) add_upstream(uplink, out);
  for (const auto& broker : snapshot.brokers) add_broker(broker, out);
  add_duty(snapshot, out);
  return out.text();
}

}  // namespace watchpost::app
