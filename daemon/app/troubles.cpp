// Turns the facts of a snapshot into troubles of the catalogue, the worst first.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "app/status_outputs.hpp"
#include "app/status_report.hpp"
#include "app/status_words.hpp"
#include "ingress/oversize_book.hpp"
#include "settings/device_profiles.hpp"

namespace watchpost::app {

std::uint64_t backlog_of(const upstream::UplinkStatus& uplink) {
  return std::accumulate(uplink.backlog.begin(), uplink.backlog.end(), std::uint64_t{0});
}

namespace {

using Code = TroubleCode;

// A broker that brought nothing for so long is told of: its topics may be wrong.
constexpr std::chrono::hours kSilentBroker{1};

Trouble trouble_of(const spool::Salvage& salvage, const settings::StoreConfig& store) {
  if (!salvage.aside.empty() && salvage.saved == 0 && salvage.lost == 0) {
    return trouble<Code::store_was_none>(arg<"file">((store.directory / "watchpost.db").string()),
                                         arg<"aside">(salvage.aside.string()));
  }
  if (salvage.aside.empty()) return trouble<Code::store_forgot>(arg<"lost">(salvage.lost));
  return trouble<Code::store_salvaged>(arg<"saved">(salvage.saved), arg<"lost">(salvage.lost),
                                       arg<"aside">(salvage.aside.string()));
}

Trouble why_set_aside(const Snapshot& snapshot, const std::string& name) {
  for (const upstream::UplinkStatus& uplink : snapshot.upstreams) {
    if (uplink.name == name && uplink.set_aside_why) return *uplink.set_aside_why;
  }
  return trouble<Code::set_aside_earlier>();
}

// The trouble says what the state of the link means for the events, because people ask that first.
Trouble trouble_of(const upstream::UplinkStatus& uplink) {
  const auto events = backlog_of(uplink);
  const std::uint64_t alarms = uplink.backlog[index_of(EventClass::alarm)];
  const auto upstream = [&uplink] { return arg<"upstream">(uplink.name); };
  const auto of_events = [&]<Code code> {
    return trouble<code>(upstream(), arg<"events">(events), arg<"alarms">(alarms));
  };
  if (uplink.link_unsteady) return of_events.operator()<Code::upstream_link_unsteady>();
  if (uplink.backlog_not_readable)
    return of_events.operator()<Code::upstream_backlog_not_readable>();
  if (uplink.state == upstream::UplinkState::connected) {
    return uplink.receipts_missing ? of_events.operator()<Code::upstream_not_confirming>()
                                   : of_events.operator()<Code::upstream_refuses>();
  }
  if (alarms > 0) return of_events.operator()<Code::upstream_alarms_wait>();
  return trouble<Code::upstream_not_connected>(upstream(), arg<"events">(events));
}

Trouble trouble_of(const ingress::BrokerStatus& broker) {
  const auto name = [&broker] { return arg<"broker">(broker.name); };
  Trouble made = broker.link_unsteady ? trouble<Code::broker_link_unsteady>(name())
                 : broker.keeps_for
                     ? trouble<Code::broker_not_read_kept>(name(), arg<"time">(*broker.keeps_for))
                     : trouble<Code::broker_not_read>(name());
  return std::move(made).because(*broker.failure);
}

void add_brokers(const Snapshot& snapshot, std::vector<Trouble>& troubles) {
  using std::chrono::seconds;
  for (const ingress::BrokerStatus& broker : snapshot.brokers) {
    if (broker.failure) troubles.push_back(trouble_of(broker));
    if (broker.session_lost) {
      troubles.push_back(trouble<Code::broker_session_lost>(arg<"broker">(broker.name)));
    }
    const SteadyDuration read_for = snapshot.now - broker.since;
    if (broker.state == ingress::BrokerState::reading && broker.received == 0 &&
        read_for >= kSilentBroker) {
      troubles.push_back(trouble<Code::broker_brings_nothing>(
          arg<"broker">(broker.name), arg<"time">(std::chrono::floor<seconds>(read_for))));
    }
  }
}

std::string numbers_of(const std::vector<AlarmSerial>& alarms, bool has_more) {
  std::vector<std::uint64_t> numbers;
  for (const AlarmSerial each : alarms) numbers.push_back(each.value);
  return fmt::format("{}{}", fmt::join(numbers, ", "), has_more ? ", …" : "");
}

template <Code code>
Trouble trouble_of_alarms(const std::vector<AlarmSerial>& alarms, bool has_more) {
  return trouble<code>(arg<"numbers">(numbers_of(alarms, has_more)),
                       arg<"first">(std::to_string(alarms.front().value)));
}

void add_judged(const rules::Judgement& judgement, std::vector<Trouble>& troubles) {
  const rules::Beyond::Count beyond = judgement.beyond();
  if (beyond.counted > 0 || beyond.is_more)
    troubles.push_back(
        trouble<Code::alarms_beyond>(arg<"alarms">(std::max<std::uint64_t>(beyond.counted, 1))));
  if (judgement.conditions().is_beyond()) troubles.push_back(trouble<Code::rules_beyond>());
  std::vector<AlarmSerial> late;
  for (const SharedAlarm& alarm : judgement.told_late()) late.push_back(alarm->number.serial);
  if (late.empty()) return;
  const std::size_t all = late.size();
  const std::size_t named = std::min(all, spool::AlarmsSaved::kMostNamed);
  late.resize(named);
  troubles.push_back(trouble<Code::alarms_told_late>(
      arg<"alarms">(all), arg<"numbers">(numbers_of(late, all > named)),
      arg<"first">(std::to_string(late.front().value))));
}

// What a start has found damaged, and what a salvage found missing.
void add_alarms(const spool::SpoolStatus& spool, std::vector<Trouble>& troubles) {
  const spool::AlarmsSaved& saved = spool.salvage.alarms;
  std::vector<AlarmSerial> missing = spool.damaged_facts.alarms;
  missing.insert(missing.end(), saved.missing.begin(), saved.missing.end());
  if (!missing.empty())
    troubles.push_back(trouble_of_alarms<Code::alarms_damaged>(
        missing, saved.missing_count > saved.missing.size()));
  if (!saved.rebuilt.empty())
    troubles.push_back(trouble_of_alarms<Code::alarms_rebuilt>(
        saved.first_rebuilt(), saved.rebuilt.size() > spool::AlarmsSaved::kMostNamed));
  if (saved.may_lack_some()) troubles.push_back(trouble<Code::alarms_unknown>());
}

void add_damaged(const DamagedFacts& damaged, std::vector<Trouble>& troubles) {
  if (damaged.other_count > 0) {
    const bool has_more = damaged.other_count > damaged.others.size();
    troubles.push_back(trouble<Code::facts_damaged>(
        arg<"rows">(damaged.other_count),
        arg<"names">(fmt::format("{}{}", fmt::join(damaged.others, ", "), has_more ? ", …" : ""))));
  }
}

void add_store(const Snapshot& snapshot, std::vector<Trouble>& troubles) {
  if (snapshot.lost_store) {
    troubles.push_back(trouble<Code::store_vanished>(
        arg<"folder">(snapshot.config.store.directory.string()),
        arg<"events">(snapshot.lost_store->events), arg<"alarms">(snapshot.lost_store->alarms)));
  }
  const spool::SpoolStatus& spool = snapshot.spool;
  if (spool.last_failure) {
    troubles.push_back(trouble<Code::store_not_writable>().because(*spool.last_failure));
  }
  if (spool.no_room) {
    const bool even_alarms = spool.refused[index_of(EventClass::alarm)] > 0;
    const auto refused = arg<"refused">(spool.refused);
    const auto dropped = arg<"dropped">(spool.dropped);
    troubles.push_back((even_alarms ? trouble<Code::alarms_refused>(refused, dropped)
                                    : trouble<Code::no_room>(refused, dropped))
                           .because(*spool.no_room));
  }
  if (spool.yielded) {
    troubles.insert(troubles.end(), spool.yielded->troubles.begin(), spool.yielded->troubles.end());
  }
  if (!spool.salvage.reason.empty())
    troubles.push_back(trouble_of(spool.salvage, snapshot.config.store));
  add_alarms(spool, troubles);
  add_damaged(spool.damaged_facts, troubles);
}

void add_upstreams(const Snapshot& snapshot, std::vector<Trouble>& troubles) {
  for (const upstream::UplinkStatus& uplink : snapshot.upstreams) {
    if (uplink.failure) troubles.push_back(trouble_of(uplink).because(*uplink.failure));
    if (uplink.unheard) troubles.push_back(*uplink.unheard);
    if (uplink.has_more) troubles.push_back(*uplink.has_more);
    if (uplink.state_refused) troubles.push_back(*uplink.state_refused);
    troubles.insert(troubles.end(), uplink.given_up.begin(), uplink.given_up.end());
    if (uplink.commands_trouble) troubles.push_back(*uplink.commands_trouble);
  }
  for (const auto& [upstream, aside] : snapshot.spool.set_aside) {
    if (aside.total() == 0) continue;
    troubles.push_back(trouble<Code::upstream_set_aside>(arg<"upstream">(upstream),
                                                         arg<"events">(aside.total()),
                                                         arg<"by_class">(aside.records))
                           .because(why_set_aside(snapshot, upstream)));
  }
}

}  // namespace

std::vector<Trouble> standing_troubles(const settings::Config& config) {
  std::vector<Trouble> troubles;
  if (!config.is_set_up) troubles.push_back(trouble<Code::not_set_up>());
  const auto& upstreams = config.upstreams;
  const bool any_alarms = std::any_of(upstreams.begin(), upstreams.end(), [](const auto& each) {
    return each.classes[index_of(EventClass::alarm)];
  });
  if (!upstreams.empty() && !any_alarms) {
    troubles.push_back(trouble<Code::no_upstream_for_alarms>());
  }
  const auto unknown = settings::unknown_profiles(config);
  if (!unknown.empty()) {
    troubles.push_back(trouble<Code::profile_unknown>(
        arg<"devices">(unknown.size()), arg<"names">(fmt::to_string(fmt::join(unknown, ", ")))));
  }
  return troubles;
}

std::vector<Trouble> troubles_of(const Snapshot& snapshot) {
  std::vector<Trouble> troubles;
  add_store(snapshot, troubles);
  add_upstreams(snapshot, troubles);
  troubles.insert(troubles.end(), snapshot.sensors.begin(), snapshot.sensors.end());
  add_brokers(snapshot, troubles);
  if (snapshot.duty != nullptr) add_judged(snapshot.duty->judgement(), troubles);
  for (const outputs::OutputStatus& output : snapshot.outputs) {
    if (output.trouble) troubles.push_back(*output.trouble);
  }
  for (Trouble& one : untested_outputs(snapshot)) troubles.push_back(std::move(one));
  const auto standing = standing_troubles(snapshot.config);
  troubles.insert(troubles.end(), standing.begin(), standing.end());
  for (const auto& packet : snapshot.listeners.oversize) {
    troubles.push_back(ingress::trouble_of(packet));
  }
  const auto& shut_out = snapshot.listeners.shut_out;
  troubles.insert(troubles.end(), shut_out.begin(), shut_out.end());
  const auto& access = snapshot.listeners.access;
  troubles.insert(troubles.end(), access.begin(), access.end());
  const auto& certificates = snapshot.listeners.certificates;
  troubles.insert(troubles.end(), certificates.begin(), certificates.end());
  const auto& stations = snapshot.wired.troubles;
  troubles.insert(troubles.end(), stations.begin(), stations.end());
  if (snapshot.totals.own > 0) {
    troubles.push_back(trouble<Code::own_events>(arg<"events">(snapshot.totals.own)));
  }
  if (snapshot.reload != nullptr) {
    const auto reload = snapshot.reload->troubles();
    troubles.insert(troubles.end(), reload.begin(), reload.end());
  }
  if (snapshot.clock == ClockQuality::unset) troubles.push_back(trouble<Code::clock_wrong>());
  std::stable_sort(troubles.begin(), troubles.end(),
                   [](const Trouble& a, const Trouble& b) { return a.code < b.code; });
  return troubles;
}

}  // namespace watchpost::app
