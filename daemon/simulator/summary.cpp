#include "simulator/summary.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"

namespace watchpost::simulator {
namespace {

std::string latency(const Latencies& latencies) {
  if (latencies.count() == 0) return "none seen";
  return fmt::format("p50 {:.1f} ms, p99 {:.1f} ms ({})", latencies.percentile_ms(0.5),
                     latencies.percentile_ms(0.99), latencies.count());
}

std::string gaps(const Accounts& accounts) {
  std::string out;
  for (const EventClass event_class : kEventClasses) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", to_string(event_class),
                       accounts.missing(event_class));
  }
  return out;
}

std::string arrivals(const Accounts& accounts) {
  const Totals& totals = accounts.totals();
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "  arrived       {}\n", totals.arrived);
  fmt::format_to(to, "  lost          {}\n", totals.lost());
  fmt::format_to(to, "  repeats       {} (same event id again)\n", totals.repeats);
  fmt::format_to(to, "  sequence gaps {}\n", gaps(accounts));
  fmt::format_to(to, "  other events  {} (parts of a message, other publishers, stored twice)\n",
                 totals.other_events + totals.without_raw);
  fmt::format_to(to, "  alarms, publish to arrival:      {}\n",
                 latency(accounts.alarm_latencies()));
  fmt::format_to(to, "  the rest, publish to arrival:    {}\n",
                 latency(accounts.other_latencies()));
  const AlarmTotals& alarms = accounts.alarm_totals();
  fmt::format_to(to, "  alarms        {} raised, {} escalated, {} taken, {} closed\n",
                 alarms.raised, alarms.escalated, alarms.taken, alarms.closed);
  if (totals.unreadable > 0) fmt::format_to(to, "  unreadable    {}\n", totals.unreadable);
  const bool no_raw = totals.without_raw > 0 && totals.without_raw == totals.events;
  if (no_raw) {
    out +=
        "  No event carried the payload (data.raw), so nothing could be matched. Set raw = "
        "\"always\" in the daemon's [[upstream]] and run again.\n";
  } else if (totals.lost() > 0) {
    out +=
        "  Something acknowledged did not arrive. Ask `watchpost status` for the backlog and the "
        "link; wait longer with --wait-seconds; keep the store folder for a report.\n";
  }
  return out;
}

}  // namespace

std::string summary(const Accounts& accounts, const RunFacts& facts,
                    const Latencies& acknowledgements) {
  const Totals& totals = accounts.totals();
  std::string out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "\nThe village: {}, {}, {:.1f} s, seed {}\n", counted(facts.devices, "device"),
                 counted(facts.connections, "connection"), facts.seconds, facts.seed);
  fmt::format_to(to, "  published     {} (of them {} at QoS 0, which promises nothing)\n",
                 totals.published, totals.published_at_0);
  fmt::format_to(to, "  acknowledged  {}", totals.acknowledged);
  if (totals.refused > 0) fmt::format_to(to, ", refused {}", totals.refused);
  if (accounts.unacknowledged() > 0) {
    fmt::format_to(to, ", still open {}", accounts.unacknowledged());
  }
  if (facts.reconnects > 0)
    fmt::format_to(to, ", after {}", counted(facts.reconnects, "reconnect"));
  fmt::format_to(to, "\n  publish to acknowledgement:      {}\n", latency(acknowledgements));
  if (facts.verified) out += arrivals(accounts);
  return out;
}

std::optional<std::string> proves_nothing(const Totals& totals, bool verified) {
  if (totals.published == 0) {
    return "Nothing was published: no device had anything to say in that time. Let it run longer "
           "(--seconds), or speak more often (--rate)";
  }
  if (!verified || totals.acknowledged > 0) return std::nullopt;
  if (totals.refused > 0) {
    return "The daemon refused every message, so nothing is proved. `watchpost status` says why";
  }
  if (totals.published == totals.published_at_0) {
    return "Nothing was published at QoS 1 or 2, which alone promise that a message arrives, so "
           "nothing is proved. Use --qos 1, 2 or mix";
  }
  return "The daemon acknowledged nothing, so nothing is proved. `watchpost status` says why";
}

}  // namespace watchpost::simulator
