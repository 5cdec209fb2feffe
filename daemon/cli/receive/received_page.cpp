#include "cli/receive/received_page.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

#include "base/text.hpp"
#include "cli/ending.hpp"
#include "cli/local_time.hpp"
#include "model/event_topic.hpp"

namespace watchpost::cli {
namespace {

namespace json = boost::json;
using receiver::Audit;
using receiver::GatewaySeen;
using receiver::StreamAudit;

// The sums over all classes and epochs of one gateway.
struct Sums {
  std::uint64_t received = 0;
  std::uint64_t missing = 0;
  std::uint64_t waiting = 0;
  std::uint64_t given_up = 0;
  std::uint64_t damaged = 0;
  bool two_boxes = false;
};

Sums sums_of(const Audit& audit, const GatewaySeen& gateway) {
  Sums sums;
  for (const StreamAudit& stream : audit.streams) {
    if (stream.source != gateway.source) continue;
    sums.received += stream.received;
    sums.missing += stream.missing.count;
    sums.waiting += stream.waiting.count;
    sums.given_up += stream.given_up.count;
    sums.damaged += stream.damaged;
  }
  for (const receiver::Branch& branch : gateway.branches) sums.two_boxes |= branch.both_grow;
  return sums;
}

bool is_complete(const GatewaySeen& gateway, const Sums& sums) {
  return sums.received > 0 && sums.missing == 0 && sums.waiting == 0 && gateway.is_one_box();
}

std::string gateway_name_of(const GatewaySeen& gateway) {
  return std::string(gateway_of_source(gateway.source).value_or(gateway.source));
}

std::string state_of(const GatewaySeen& gateway) {
  if (gateway.state.empty()) return "has not said whether it is online";
  if (gateway.state == "online" || !gateway.state_since) return gateway.state;
  return fmt::format("{} since {}", gateway.state, local_time(*gateway.state_since));
}

std::string completeness_of(const GatewaySeen& gateway, const Sums& sums) {
  if (is_complete(gateway, sums)) return "complete";
  std::string words;
  const auto add = [&words](std::string_view more) {
    if (!words.empty()) words += ", ";
    words += more;
  };
  if (sums.missing > 0) add(fmt::format("{} MISSING", sums.missing));
  if (sums.waiting > 0) add(fmt::format("{} on the way", sums.waiting));
  if (gateway.conflicts > 0) add(counted(gateway.conflicts, "conflict"));
  if (sums.two_boxes) add("TWO BOXES send as this gateway");
  return words.empty() ? "nothing received yet" : words;
}

json::value local_time_of(const std::optional<WallTime>& time) {
  return time ? json::value(local_time(*time)) : json::value(nullptr);
}

}  // namespace

std::string received_page(const Audit& audit) {
  std::string page;
  const auto to = std::back_inserter(page);
  for (const GatewaySeen& gateway : audit.gateways) {
    const Sums sums = sums_of(audit, gateway);
    fmt::format_to(to, "{}: {}; {}", gateway_name_of(gateway), state_of(gateway),
                   counted(sums.received, "event"));
    if (gateway.last_event_at) {
      fmt::format_to(to, ", the last at {}", local_time(*gateway.last_event_at));
    }
    fmt::format_to(to, "; {}", completeness_of(gateway, sums));
    if (sums.given_up > 0) fmt::format_to(to, "; {} given up by the gateway", sums.given_up);
    if (sums.damaged > 0) fmt::format_to(to, "; {} damaged", sums.damaged);
    page += "\n";
  }
  if (audit.unreadable > 0) {
    fmt::format_to(to, "{} put aside that nobody could read (table `unreadable`)\n",
                   counted(audit.unreadable, "message"));
  }
  return page;
}

std::string received_json(const Audit& audit) {
  json::array gateways;
  for (const GatewaySeen& gateway : audit.gateways) {
    const Sums sums = sums_of(audit, gateway);
    gateways.push_back({{"id", gateway_name_of(gateway)},
                        {"source", gateway.source},
                        {"state", gateway.state},
                        {"state_since", local_time_of(gateway.state_since)},
                        {"last_event_at", local_time_of(gateway.last_event_at)},
                        {"events", sums.received},
                        {"missing", sums.missing},
                        {"on_the_way", sums.waiting},
                        {"given_up", sums.given_up},
                        {"conflicts", gateway.conflicts},
                        {"damaged", sums.damaged},
                        {"two_boxes", sums.two_boxes},
                        {"complete", is_complete(gateway, sums)}});
  }
  return json::serialize(
             json::object{{"gateways", std::move(gateways)}, {"unreadable", audit.unreadable}}) +
         "\n";
}

}  // namespace watchpost::cli
