#include "cli/audit/audit_page.hpp"

#include <fmt/format.h>

#include <iterator>

namespace watchpost::cli {
namespace {

using receiver::Audit;
using receiver::GatewaySeen;
using receiver::Ranges;
using receiver::StreamAudit;

constexpr std::size_t kMostShown = 20;

std::string text_of(const receiver::Range& range) {
  if (range.first == range.last) return fmt::format("{}", range.first.value);
  return fmt::format("{}..{}", range.first.value, range.last.value);
}

void append(std::string& page, std::string_view heading, const Ranges& ranges) {
  if (ranges.count == 0) return;
  fmt::format_to(std::back_inserter(page), "      {} {}:", heading, ranges.count);
  std::size_t shown = 0;
  for (const auto& [range, why] : ranges.listed) {
    if (shown++ == kMostShown) {
      page += " and more";
      break;
    }
    fmt::format_to(std::back_inserter(page), "{} {} ({})", shown > 1 ? "," : "", text_of(range),
                   why.empty() ? "no reason given" : why);
  }
  page += "\n";
}

void append(std::string& page, const StreamAudit& stream) {
  const bool complete = stream.missing.count == 0 && stream.waiting.count == 0;
  fmt::format_to(std::back_inserter(page), "  {} {:<9} ", stream.epoch,
                 to_string(stream.event_class));
  if (stream.expected < stream.begins) {
    page += "nothing yet\n";
    return;
  }
  fmt::format_to(std::back_inserter(page),
                 "{}..{}: {} received, {} repeats, without a gap to {}{}\n", stream.begins.value,
                 stream.expected.value, stream.received, stream.repeats, stream.contiguous.value,
                 complete ? "" : "  <- not complete");
  append(page, "given up by the gateway", stream.given_up);
  append(page, "from before this receiver", stream.before);
  append(page, "on their way", stream.waiting);
  append(page, "MISSING", stream.missing);
  if (stream.confirmed_too_much) {
    page +=
        "      A receipt confirmed some of these: rows were removed from this file, or it was put "
        "back from an older copy\n";
  }
}

}  // namespace

std::string audit_page(const Audit& audit) {
  std::string page;
  for (const GatewaySeen& gateway : audit.gateways) {
    fmt::format_to(std::back_inserter(page), "{}: {}{}\n", gateway.source,
                   gateway.state.empty() ? "state unknown" : gateway.state,
                   gateway.epoch.empty() ? "" : ", epoch " + gateway.epoch);
    for (const StreamAudit& stream : audit.streams) {
      if (stream.source == gateway.source) append(page, stream);
    }
  }
  if (audit.gateways.empty()) page += "No gateway has been heard yet\n";
  if (audit.unreadable > 0) {
    fmt::format_to(std::back_inserter(page),
                   "{} unreadable messages were put aside: look into the table `unreadable`\n",
                   audit.unreadable);
  }
  for (const std::string& line : audit.damage) {
    page += "DAMAGED: " + line + "\n";
  }
  return page;
}

}  // namespace watchpost::cli
