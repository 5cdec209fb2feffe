// What is wrong, in the order in which it matters, each with what to do next.
#include <fmt/format.h>

#include <numeric>

#include "app/status_report.hpp"
#include "app/status_words.hpp"

namespace watchpost::app {

std::uint64_t backlog_of(const upstream::UplinkStatus& uplink) {
  return std::accumulate(uplink.backlog.begin(), uplink.backlog.end(), std::uint64_t{0});
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

namespace {

std::string per_class(const PerClass<std::uint64_t>& counts) {
  std::string words;
  for (const auto event_class : kEventClasses) {
    const auto count = counts[index_of(event_class)];
    if (count == 0) continue;
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, to_string(event_class));
  }
  return words;
}

std::string no_room_of(const Snapshot& snapshot) {
  const auto refused = per_class(snapshot.spool.refused);
  const auto dropped = per_class(snapshot.spool.dropped);
  const std::string what =
      refused.empty() ? "" : fmt::format("{} refused since the start (devices keep them)", refused);
  const std::string gone =
      dropped.empty() ? "" : fmt::format("{} dropped in all (the upstreams are told)", dropped);
  return what + (what.empty() || gone.empty() ? "" : ", ") + gone;
}

Trouble trouble_of(const spool::Salvage& salvage) {
  if (salvage.aside.empty()) {
    return {fmt::format("The store had forgotten {} when it was opened; their ids are not given "
                        "again and the upstreams are told",
                        counted(salvage.lost, "committed record")),
            "If nobody put back an old copy of its files, the disk loses what it confirms: replace "
            "it"};
  }
  return {fmt::format("The store was damaged: {} saved under their old ids, {} lost (the upstreams "
                      "are told)",
                      counted(salvage.saved, "row"), salvage.lost),
          fmt::format("Check the disk or SD card (dmesg shows its errors) and replace it if they "
                      "repeat. The damaged files are kept in {}",
                      salvage.aside.string())};
}

std::string set_aside_remedy(const Snapshot& snapshot, const std::string& name) {
  for (const upstream::UplinkStatus& uplink : snapshot.upstreams) {
    if (uplink.name == name && !uplink.set_aside_why.empty()) {
      return uplink.set_aside_why;
    }
  }
  return "Ask the operator of its broker what it does not like about them (the log says the reason "
         "code): topics, size or rights";
}

Trouble trouble_of(const Snapshot& snapshot, const std::string& upstream,
                   const spool::SetAsideCount& aside) {
  return {fmt::format("Upstream {} refused {} for good ({}); they are kept here and offered again "
                      "after each new connection",
                      upstream, counted(aside.total(), "event"), per_class(aside.records)),
          set_aside_remedy(snapshot, upstream)};
}

// What the failure means for the events, which is what people ask first.
std::string trouble_of(const upstream::UplinkStatus& uplink) {
  const bool connected = uplink.state == upstream::UplinkState::connected;
  const auto backlog = backlog_of(uplink);
  const auto kept =
      backlog == 0 ? std::string("nothing waits for it yet")
                   : fmt::format("{} ({}) kept here until it has them", counted(backlog, "event"),
                                 counted(uplink.backlog[index_of(EventClass::alarm)], "alarm"));
  const std::string_view what = !connected                ? "is not connected"
                                : uplink.receipts_missing ? "does not confirm what it gets"
                                                          : "refuses events";
  return fmt::format("Upstream {} {}; {}", uplink.name, what, kept);
}

}  // namespace

std::vector<Trouble> troubles_of(const Snapshot& snapshot) {
  std::vector<Trouble> troubles;
  if (!snapshot.spool.last_failure.empty()) {
    troubles.push_back(
        {"The store cannot be written: messages are not acknowledged, devices send them again",
         snapshot.spool.last_failure});
  }
  if (!snapshot.spool.no_room.empty()) {
    troubles.push_back({"There is no room: " + no_room_of(snapshot), snapshot.spool.no_room});
  }
  if (!snapshot.spool.salvage.reason.empty())
    troubles.push_back(trouble_of(snapshot.spool.salvage));
  for (const upstream::UplinkStatus& uplink : snapshot.upstreams) {
    if (!uplink.failure.empty()) troubles.push_back({trouble_of(uplink), uplink.failure});
  }
  for (const auto& [upstream, aside] : snapshot.spool.set_aside) {
    if (aside.total() > 0) troubles.push_back(trouble_of(snapshot, upstream, aside));
  }
  for (const ingress::BrokerStatus& broker : snapshot.brokers) {
    if (broker.failure.empty()) continue;
    troubles.push_back(
        {fmt::format("Broker {} is not being read; it keeps what arrives meanwhile", broker.name),
         broker.failure});
  }
  if (snapshot.totals.own > 0) {
    troubles.push_back(
        {fmt::format("{} refused since the start: they came from outside under this gateway's own "
                     "id",
                     counted(snapshot.totals.own, "event")),
         "Give every gateway an id of its own. If no other box has this one, our events come back "
         "to us: no upstream of ours, nor of its own upstreams, may send to this box"});
  }
  if (snapshot.clock == ClockQuality::unset) {
    troubles.push_back({"The clock of this box is wrong; events are marked so and kept in order",
                        "Connect the box to the network so that it can set its clock, or set it by "
                        "hand (timedatectl)"});
  }
  return troubles;
}

}  // namespace watchpost::app
