#include "cli/audit/audit_page.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/text.hpp"
#include "cli/ending.hpp"

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

std::string name_of(const StreamAudit& stream) {
  if (stream.epochs == 1) return stream.epoch;
  return fmt::format("{} to {} ({} epochs)", stream.epoch, stream.last_epoch, stream.epochs);
}

void append(std::string& page, const StreamAudit& stream) {
  fmt::format_to(std::back_inserter(page), "  {} {:<9} ", name_of(stream),
                 to_string(stream.event_class));
  if (stream.expected < stream.begins) {
    page += "nothing yet\n";
    return;
  }
  fmt::format_to(std::back_inserter(page), "{}..{}: {} received, {}, without a gap to {}{}\n",
                 stream.begins.value, stream.expected.value, stream.received,
                 counted(stream.repeats, "repeat"), stream.contiguous.value,
                 stream.complete() ? "" : "  <- not complete");
  append(page, "given up by the gateway", stream.given_up);
  append(page, "from before this receiver", stream.before);
  append(page, "on their way", stream.waiting);
  append(page, "MISSING", stream.missing);
  if (stream.damaged > 0) {
    fmt::format_to(std::back_inserter(page),
                   "      {} of which only the number can be read: see the table `damaged`\n",
                   counted(stream.damaged, "event"));
  }
  if (stream.confirmed_too_much) {
    page +=
        "      A receipt confirmed some of these: rows were removed from this file, or it was put "
        "back from an older copy\n";
  }
}

void append(std::string& page, const GatewaySeen& gateway) {
  fmt::format_to(std::back_inserter(page), "{}: {}{}\n", gateway.source,
                 gateway.state.empty() ? "state unknown" : gateway.state,
                 gateway.epoch.empty() ? "" : ", epoch " + gateway.epoch);
  for (const receiver::Branch& branch : gateway.branches) {
    page += branch.both_grow ? "  ! " : "  ";
    page += sentence_of(branch) + "\n";
  }
  if (gateway.conflicts == 0) return;
  fmt::format_to(std::back_inserter(page),
                 "  CONFLICT: {} came under an id that another event has. Both are kept: look into "
                 "the view `conflicts`. The guide says what to do once you have dealt with them\n",
                 counted(gateway.conflicts, "event"));
}

}  // namespace

std::string sentence_of(const receiver::Branch& branch) {
  if (!branch.both_grow) {
    return fmt::format(
        "An older copy of the store was put back: epoch {} goes on behind {} from where the copy "
        "was made, as {} had done. All that came of both is here; what {} did not send before is "
        "not in the copy",
        branch.younger, branch.trunk, branch.older, branch.older);
  }
  return fmt::format(
      "The epochs {} and {} grow side by side: two boxes send as this gateway, perhaps with a "
      "copied SD card. Give one of them another id in [gateway]; the guide says what to do then",
      branch.older, branch.younger);
}

std::string audit_page(const Audit& audit) {
  std::string page;
  for (const GatewaySeen& gateway : audit.gateways) {
    append(page, gateway);
    for (const StreamAudit& stream : audit.streams) {
      if (stream.source == gateway.source) append(page, stream);
    }
  }
  if (audit.unreadable > 0) {
    fmt::format_to(std::back_inserter(page),
                   "{} put aside because nobody could read them: look into the table "
                   "`unreadable`\n",
                   counted(audit.unreadable, "message"));
  }
  for (const std::string& line : audit.damage) {
    page += "DAMAGED: " + line + "\n";
  }
  return page;
}

}  // namespace watchpost::cli
