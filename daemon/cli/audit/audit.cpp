#include "cli/audit/audit.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/audit/audit_page.hpp"
#include "cli/audit/ledger_check.hpp"
#include "cli/audit/manifest.hpp"
#include "cli/ending.hpp"
#include "model/event_topic.hpp"
#include "model/topic.hpp"

namespace watchpost::cli {
namespace {

constexpr int kMissing = 1;
constexpr std::size_t kMostLines = 20;

int fail_audit(const Failure& failure) {
  return cli::fail("audit", failure, kCouldNotLook);
}

Result<std::string> content_of(const std::string& file) {
  std::ifstream stream(file);
  std::string content(std::istreambuf_iterator<char>(stream), {});
  // A folder can be opened, but reading it fails.
  if (!stream.is_open() || stream.bad() || content.empty()) {
    return Failure{Failure::Kind::not_found, fmt::format("{} cannot be read, or is empty", file),
                   "Name a file that exists and that this user may read"};
  }
  return content;
}

Result<receiver::AuditQuestion> question_from(const AuditOptions& options) {
  receiver::AuditQuestion question;
  if (!options.gateway.empty()) {
    question.source = event_source(to_topic_level(options.gateway));
  }
  if (!options.store.empty()) {
    if (question.source.empty()) {
      return Failure{Failure::Kind::invalid_input, "A store folder does not know whose it is",
                     "Say with --gateway which gateway this is"};
    }
    auto heads = heads_from_store(options.store, {options.upstream});
    if (!heads) return heads.error();
    heads->source = question.source;
    question.heads = std::move(*heads);
    return question;
  }
  if (options.manifest.empty()) return question;
  const auto text = content_of(options.manifest);
  if (!text) return text.error();
  auto heads = heads_from_status(*text, {options.upstream});
  if (!heads) return heads.error();
  if (!question.source.empty() && question.source != heads->source) {
    return Failure{Failure::Kind::invalid_input,
                   fmt::format("{} is the status of {}, not of {}", options.manifest, heads->source,
                               question.source),
                   "Name the file of the gateway that you ask about, or leave --gateway away"};
  }
  question.heads = std::move(*heads);
  return question;
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
  if (!question) return fail_audit(question.error());
  const auto audited = receiver::audit(options.received, *question);
  if (!audited) return fail_audit(audited.error());
  std::cout << audit_page(*audited);
  if (audited->received() == 0 && audited->complete()) {
    return fail_audit({Failure::Kind::not_found, "No event was ever received, so nothing is proved",
                       "Is this the right file, and does `watchpost receive` run with it?"});
  }
  const auto ledger = ledger_is_complete(options);
  if (!ledger) return fail_audit(ledger.error());
  const bool complete = audited->complete() && *ledger;
  std::cout << (complete ? "Complete: nothing is missing\n"
                         : "NOT complete: see the lines marked above\n");
  return complete ? 0 : kMissing;
}

}  // namespace watchpost::cli
