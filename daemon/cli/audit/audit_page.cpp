#include "cli/audit/audit_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/local_time.hpp"
#include "cli/status_text.hpp"

namespace watchpost::cli {
namespace {

using receiver::Audit;
using receiver::GatewaySeen;
using receiver::Ranges;
using receiver::StreamAudit;

constexpr std::size_t kMostShown = 20;

// The reasons that the receiver itself gives; those of a gateway are words of its own.
constexpr std::array<std::array<std::string_view, 2>, 4> kReasons{{
    {"sent before this receiver began", "在本接收程序开始之前发送"},
    {"acknowledged by the broker, never received", "服务器已确认，从未收到"},
    {"never received", "从未收到"},
    {"the gateway still keeps them", "网关仍保留"},
}};

std::string why_of(const std::string& why, Language language) {
  const bool english = language == Language::english;
  if (why.empty()) return english ? "no reason given" : "没有说明原因";
  const auto known = std::find_if(kReasons.begin(), kReasons.end(),
                                  [&why](const auto& reason) { return reason[0] == why; });
  return english || known == kReasons.end() ? why : std::string((*known)[1]);
}

std::string text_of(const SeqRange& range) {
  if (range.first == range.last) return fmt::format("{}", range.first.value);
  return fmt::format("{}..{}", range.first.value, range.last.value);
}

void append(StatusText& page, std::string_view heading, const Ranges& ranges) {
  if (ranges.count == 0) return;
  std::string list;
  std::size_t shown = 0;
  const bool english = page.language() == Language::english;
  for (const auto& [range, why] : ranges.listed) {
    if (shown++ == kMostShown) {
      list += english ? " and more" : " 等";
      break;
    }
    list += fmt::format("{} {} ({})", shown > 1 ? "," : "", text_of(range),
                        why_of(why, page.language()));
  }
  page.add(fmt::format("      {} {}:{}", heading, ranges.count, list));
}

std::string name_of(const StreamAudit& stream, Language language) {
  if (stream.epochs == 1) return stream.epoch;
  return fmt::format(fmt::runtime(language == Language::english ? "{} to {} ({} epochs)"
                                                                : "{} 至 {}（{} 个 epoch）"),
                     stream.epoch, stream.last_epoch, stream.epochs);
}

void append_lacks(StatusText& page, const StreamAudit& stream) {
  const bool english = page.language() == Language::english;
  append(page, english ? "given up by the gateway" : "网关声明放弃", stream.given_up);
  append(page, english ? "from before this receiver" : "早于本接收程序", stream.before);
  append(page, english ? "on their way" : "还在路上", stream.waiting);
  append(page, english ? "MISSING" : "缺失（MISSING）", stream.missing);
  if (stream.damaged > 0) {
    page.line({"      {0} of which only the number can be read: see the table `damaged`",
               "      有 {1} 个事件只能读出序号：见表 `damaged`"},
              counted(stream.damaged, "event"), stream.damaged);
  }
  if (stream.confirmed_too_much) {
    page.line(
        {"      A receipt confirmed some of these: rows were removed from this file, or it was put "
         "back from an older copy",
         "      其中有的已经给过回执：本文件被删过行，或者放回了较旧的副本"});
  }
}

void append(StatusText& page, const StreamAudit& stream) {
  const std::string head =
      fmt::format("  {} {:<9} ", name_of(stream, page.language()), to_string(stream.event_class));
  const bool english = page.language() == Language::english;
  if (stream.expected < stream.begins) {
    page.add(head + (english ? "nothing yet" : "还没有内容"));
    return;
  }
  page.line({"{0}{1}..{2}: {3} received, {4}, without a gap to {5}{6}",
             "{0}{1}..{2}：已收到 {3}，重复 {7}，连续到 {5}{8}"},
            head, stream.begins.value, stream.expected.value, stream.received,
            counted(stream.repeats, "repeat"), stream.contiguous.value,
            stream.complete() ? "" : "  <- not complete", stream.repeats,
            stream.complete() ? "" : "  <- 不完整");
  append_lacks(page, stream);
}

void append(StatusText& page, const GatewaySeen& gateway) {
  const bool english = page.language() == Language::english;
  std::string head = gateway.source + (english ? ": " : "：");
  head += gateway.state.empty() ? (english ? "state unknown" : "状态未知") : gateway.state;
  if (!gateway.epoch.empty()) head += (english ? ", epoch " : "，epoch ") + gateway.epoch;
  page.add(head);
  for (const receiver::Branch& branch : gateway.branches) {
    page.add("  ! " + sentence_of(branch, page.language()));
  }
  if (gateway.received == 0) {
    page.line({"  ! No event of it was ever received, so nothing is proved of it",
               "  ! 从未收到过它的任何事件，对它什么也证明不了"});
  }
  if (gateway.conflicts == 0) return;
  page.line(
      {"  CONFLICT: {0} came under an id that another event has. Both are kept: look into the view "
       "`conflicts`. The guide says what to do once you have dealt with them",
       "  冲突（CONFLICT）：有 {1} 个事件的编号与另一个事件相同。两个都已保存：见视图 "
       "`conflicts`。处理之后怎么做，见指南"},
      counted(gateway.conflicts, "event"), gateway.conflicts);
}

// "alarm 9, status 4": up to where something came of a life that was replaced.
std::string known_words(const receiver::Branch& branch, Language language) {
  std::string words;
  for (const EventClass event_class : kEventClasses) {
    const Seq last = branch.known_to[index_of(event_class)];
    if (last == Seq{}) continue;
    if (!words.empty()) words += language == Language::english ? ", " : "、";
    words += fmt::format("{} {}", to_string(event_class), last.value);
  }
  if (!words.empty()) return words;
  return language == Language::english ? "what is here" : "这里已有的内容";
}

std::string replaced_words(const receiver::Branch& branch, Language language) {
  return fmt::format(
      fmt::runtime(
          language == Language::english
              ? "A store that does not go on with the one known before: epoch {0} begins anew "
                "beside "
                "{1}. The store was deleted or replaced, or a second box sends with this id. All "
                "that came is here, under different ids. But what {1} acknowledged to its sensors "
                "after {2} and had not sent is not in the new store, and how much that was cannot "
                "be known: ask on the spot, and keep the old store if it is still there. If it was "
                "replaced on purpose, the guide says how to take note of it (table `branch`)"
              : "存储没有接着原来的：epoch {0} 重新开始，与 {1} "
                "并列。存储被删除或更换过，或者另有一台机器用这个 id "
                "发送。收到的都在这里，编号不同。但是 {1} 在 {2} "
                "之后向传感器确认过、还没有上传的内容不在新存储里，有多少也无法得知："
                "请到现场核实，旧存储如果还在，请保留。如果是有意更换的，"
                "如何注明已处理，见指南（表 `branch`）"),
      branch.younger, branch.older, known_words(branch, language));
}

}  // namespace

std::string sentence_of(const receiver::Branch& branch, Language language) {
  const bool english = language == Language::english;
  if (branch.both_grow) {
    return fmt::format(
        fmt::runtime(english
                         ? "The epochs {} and {} grow side by side: two boxes send as this "
                           "gateway, as after an SD card was copied or a second box was set up "
                           "with its id. Give one of them another id in [gateway]; the guide says "
                           "what to do then"
                         : "epoch {} 和 {} 同时增长：有两台机器用同一个 id "
                           "发送，可能是复制了 SD 卡，或者第二台机器配了同一个 id。请给其中一台在 "
                           "[gateway] 里换 id；之后怎么做，见指南"),
        branch.older, branch.younger);
  }
  if (branch.trunk.empty()) return replaced_words(branch, language);
  // Behind one epoch there are two, or the one behind it says that it was made of a backup: of what
  // happened on the spot that is all that is known here.
  const bool has_two = branch.older != branch.trunk;
  const std::string_view what =
      english
          ? (has_two ? "An older copy of the store was put back, or a second box was begun with "
                       "one: the epochs {0} and {2} both go on behind {1}. "
                     : "An older copy of the store was put back, or a backup of which nobody "
                       "can tell how old it was: epoch {0} goes on behind {1}. ")
          : (has_two
                 ? "放回了较旧的存储副本，或者用副本另启了一台机器：epoch {0} 和 {2} 都接在 {1} "
                   "之后。"
                 : "放回了较旧的存储副本，或者一份不知新旧的备份：epoch {0} 接在 {1} 之后。");
  const std::string_view lost =
      english
          ? "All that came is here, under different ids. But what {2} acknowledged to its "
            "sensors after {3} and had not sent is not in the copy, and how much that was "
            "cannot be known: ask on the spot. The guide says how to take note of it then "
            "(table `branch`)"
          : "收到的都在这里，编号不同。但是 {2} 在 {3} 之后向传感器确认过、还没有上传的内容不在副本"
            "里，有多少也无法得知：请到现场核实。之后如何注明已处理，见指南（表 `branch`）";
  return fmt::format(fmt::runtime(std::string(what).append(lost)), branch.younger, branch.trunk,
                     branch.older, known_words(branch, language));
}

std::string audit_page(const Audit& audit, Language language) {
  StatusText page(language, 0);
  for (const GatewaySeen& gateway : audit.gateways) {
    append(page, gateway);
    for (const StreamAudit& stream : audit.streams) {
      if (stream.source == gateway.source) append(page, stream);
    }
  }
  if (audit.unreadable > 0) {
    page.line({"{0} put aside because nobody could read them: look into the table `unreadable`",
               "有 {1} 条消息无法读懂，已另外保存：见表 `unreadable`"},
              counted(audit.unreadable, "message"), audit.unreadable);
  }
  for (const std::string& line : audit.damage) {
    page.line({"DAMAGED: {}", "文件损坏：{}"}, line);
  }
  return page.take();
}

std::string audit_verdict(const Audit& audit, const AuditedToo& too, Language language) {
  StatusText page(language, 0);
  std::optional<WallTime> last;
  for (const GatewaySeen& gateway : audit.gateways) last = std::max(last, gateway.last_event_at);
  if (last) {
    page.line({"As of {}, when the last event came", "截至 {}（最后一个事件到达的时间）"},
              local_time(*last));
  }
  if (!too.manifest_time.empty()) {
    page.line({"Compared with the gateway as it was at {}", "对照的是网关在 {} 的状态"},
              local_time(too.manifest_time));
  }
  if (!audit.nothing_is_missing() || !too.ledger_is_complete) {
    page.line({"NOT complete: see the lines marked above", "不完整：见上面标出的各行"});
  } else if (audit.complete()) {
    page.line({"Complete: nothing is missing", "完整：没有缺失"});
  } else {
    page.line(
        {"NOT proved: no number that is known of is missing, but see the lines marked ! above",
         "未能证明：已知的序号都在，但请看上面带 ! 的各行"});
  }
  return page.take();
}

}  // namespace watchpost::cli
