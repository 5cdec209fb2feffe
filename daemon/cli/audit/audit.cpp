#include "cli/audit/audit.hpp"

#include <fmt/format.h>

#include <iostream>

#include "cli/audit/audit_page.hpp"
#include "cli/audit/ledger_check.hpp"
#include "cli/audit/manifest.hpp"
#include "cli/ending.hpp"
#include "cli/named_file.hpp"
#include "model/event_topic.hpp"
#include "model/topic.hpp"

namespace watchpost::cli {
namespace {

constexpr std::size_t kMostLines = 20;

Failure nothing_to_compare() {
  return in_both(
      Failure::Kind::invalid_input,
      English{"--upstream says whose numbers are compared, and there are none to compare with",
              "Give --manifest or --store too, or leave --upstream away"},
      Chinese{"--upstream 指明与哪个上级的序号对照，但没有给出可对照的内容",
              "请同时给出 --manifest 或 --store，或去掉 --upstream"});
}

Failure whose_store() {
  return in_both(Failure::Kind::invalid_input,
                 English{"A store folder does not know whose it is",
                         "Say with --gateway which gateway this is"},
                 Chinese{"数据目录里没有写明属于哪台网关", "请用 --gateway 写明网关的 id"});
}

Failure of_another(const std::string& file, const std::string& its, const std::string& asked) {
  return in_both(
      Failure::Kind::invalid_input,
      English{fmt::format("{} is the status of {}, not of {}", file, its, asked),
              "Name the file of the gateway that you ask about, or leave --gateway away"},
      Chinese{fmt::format("{} 是 {} 的状态，不是 {} 的", file, its, asked),
              "请指定要核对的那台网关的文件，或去掉 --gateway"});
}

Result<receiver::AuditQuestion> question_from(const AuditOptions& options) {
  receiver::AuditQuestion question;
  if (!options.gateway.empty()) {
    question.source = event_source(to_topic_level(options.gateway));
  }
  if (!options.store.empty()) {
    if (question.source.empty()) return whose_store();
    auto heads = heads_from_store(options.store, {options.upstream});
    if (!heads) return heads.error();
    heads->source = question.source;
    question.heads = std::move(*heads);
    return question;
  }
  if (options.manifest.empty()) {
    if (!options.upstream.empty()) return nothing_to_compare();
    return question;
  }
  const auto text = content_of(options.manifest);
  if (!text) return text.error();
  auto heads = heads_from_status(*text, {options.upstream});
  if (!heads) return heads.error();
  if (!question.source.empty() && question.source != heads->source) {
    return of_another(options.manifest, heads->source, question.source);
  }
  question.heads = std::move(*heads);
  return question;
}

Result<bool> ledger_is_complete(const AuditOptions& options, Language language) {
  if (options.ledger.empty()) return true;
  auto check = LedgerCheck::read(options.ledger);
  if (!check) return check.error();
  const auto read = receiver::for_each_event(options.received, [&](std::string_view event) {
    check->arrived(event);
    return true;
  });
  if (!read) return read.error();
  std::cout << fmt::format(fmt::runtime(language == Language::english
                                            ? "Ledger: {} acknowledged, {} arrived, {} missing\n"
                                            : "账本：已确认 {}，已到达 {}，缺失 {}\n"),
                           check->acknowledged(), check->acknowledged() - check->missing(),
                           check->missing());
  const auto lines = check->missing_lines(kMostLines);
  if (!lines) return lines.error();
  for (const std::string& line : *lines) {
    std::cout << (language == Language::english ? "  MISSING " : "  缺失（MISSING） ") << line
              << "\n";
  }
  return check->missing() == 0;
}

Failure nothing_came() {
  return in_both(Failure::Kind::not_found,
                 English{"No event was ever received, so nothing is proved",
                         "Is this the right file, and does `watchpost receive` run with it?"},
                 Chinese{"从未收到过任何事件，什么也证明不了",
                         "文件是否正确，`watchpost receive` 是否正在用它运行？"});
}

}  // namespace

int run_audit(const AuditOptions& options) {
  const Voice voice{"audit", language_for(options.language)};
  const auto question = question_from(options);
  if (!question) return fail(voice, question.error(), kCouldNotLook);
  const auto audited = receiver::audit(options.received, *question);
  if (!audited) return fail(voice, audited.error(), kCouldNotLook);
  std::cout << audit_page(*audited, voice.language);
  if (audited->received() == 0 && audited->nothing_is_missing()) {
    return fail(voice, nothing_came(), kCouldNotLook);
  }
  const auto ledger = ledger_is_complete(options, voice.language);
  if (!ledger) return fail(voice, ledger.error(), kCouldNotLook);
  const std::string manifest_time = question->heads ? question->heads->time : std::string();
  std::cout << audit_verdict(*audited, {*ledger, manifest_time}, voice.language);
  return audited->complete() && *ledger ? 0 : kFindings;
}

}  // namespace watchpost::cli
