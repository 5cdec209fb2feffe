#include "cli/audit/audit.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/audit/audit_page.hpp"
#include "cli/audit/ledger_check.hpp"
#include "cli/audit/manifest.hpp"
#include "model/topic.hpp"

namespace watchpost::cli {
namespace {

constexpr int kMissing = 1;
constexpr int kCouldNotLook = 2;
constexpr std::size_t kMostLines = 20;

int fail(const Failure& failure) {
  std::cerr << "watchpost audit: " << failure.sentence() << "\n";
  return kCouldNotLook;
}

Result<std::string> content_of(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) {
    return Failure{Failure::Kind::not_found, fmt::format("{} cannot be read", file),
                   "Name a file that exists and that this user may read"};
  }
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Result<receiver::AuditQuestion> question_from(const AuditOptions& options) {
  receiver::AuditQuestion question;
  if (!options.gateway.empty()) {
    question.source = "urn:watchpost:" + to_topic_level(options.gateway);
  }
  if (!options.store.empty()) {
    if (question.source.empty()) {
      return Failure{Failure::Kind::invalid_input, "A store folder does not know whose it is",
                     "Say with --gateway which gateway this is"};
    }
    auto heads = heads_from_store(options.store, options.upstream);
    if (!heads) return heads.error();
    heads->source = question.source;
    question.heads = std::move(*heads);
    return question;
  }
  if (options.manifest.empty()) return question;
  const auto text = content_of(options.manifest);
  if (!text) return text.error();
  auto heads = heads_from_status(*text, options.upstream);
  if (!heads) return heads.error();
  question.heads = std::move(*heads);
  return question;
}

// A gateway that was asked about and never heard is not complete.
bool heads_were_compared(const receiver::AuditQuestion& question, const receiver::Audit& audit) {
  if (!question.heads) return true;
  for (const EventClass event_class : kEventClasses) {
    if (question.heads->newest[index_of(event_class)].value == 0) continue;
    bool found = false;
    for (const auto& stream : audit.streams) {
      found = found || (stream.source == question.heads->source &&
                        stream.epoch == question.heads->epoch && stream.event_class == event_class);
    }
    if (found) continue;
    std::cout << fmt::format("MISSING: nothing of {} in epoch {}, class {}, of which it has {}\n",
                             question.heads->source, question.heads->epoch, to_string(event_class),
                             question.heads->newest[index_of(event_class)].value);
    return false;
  }
  return true;
}

Result<bool> ledger_is_complete(const AuditOptions& options) {
  if (options.ledger.empty()) return true;
  auto check = LedgerCheck::read(options.ledger);
  if (!check) return check.error();
  const auto read = receiver::for_each_event(options.received, [&](std::string_view event) {
    check->arrived(event);
    return true;
  });
  if (!read) return read.error();
  std::cout << fmt::format("Ledger: {} acknowledged, {} arrived, {} missing\n",
                           check->acknowledged(), check->acknowledged() - check->missing(),
                           check->missing());
  const auto lines = check->missing_lines(kMostLines);
  if (!lines) return lines.error();
  for (const std::string& line : *lines) std::cout << "  MISSING " << line << "\n";
  return check->missing() == 0;
}

}  // namespace

int run_audit(const AuditOptions& options) {
  const auto question = question_from(options);
  if (!question) return fail(question.error());
  const auto audited = receiver::audit(options.received, *question);
  if (!audited) return fail(audited.error());
  std::cout << audit_page(*audited);
  const bool compared = heads_were_compared(*question, *audited);
  const auto ledger = ledger_is_complete(options);
  if (!ledger) return fail(ledger.error());
  const bool complete = audited->complete() && compared && *ledger;
  std::cout << (complete ? "Complete: nothing is missing\n"
                         : "NOT complete: see the lines marked above\n");
  return complete ? 0 : kMissing;
}

}  // namespace watchpost::cli
