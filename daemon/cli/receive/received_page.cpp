#include "cli/receive/received_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "cli/local_time.hpp"
#include "cli/status_text.hpp"
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
  return sums.received > 0 && sums.missing == 0 && sums.waiting == 0 && gateway.is_one_box() &&
         gateway.branches.empty();
}

bool is_replaced(const GatewaySeen& gateway) {
  return std::any_of(gateway.branches.begin(), gateway.branches.end(),
                     [](const receiver::Branch& branch) { return branch.trunk.empty(); });
}

std::string gateway_name_of(const GatewaySeen& gateway) {
  return std::string(gateway_of_source(gateway.source).value_or(gateway.source));
}

std::string state_of(const GatewaySeen& gateway, Language language) {
  const bool english = language == Language::english;
  if (gateway.state.empty()) {
    return english ? "has not said whether it is online" : "没有说过是否在线";
  }
  const std::string state = english                      ? gateway.state
                            : gateway.state == "online"  ? "在线"
                            : gateway.state == "offline" ? "离线"
                                                         : gateway.state;
  if (gateway.state == "online" || !gateway.state_since) return state;
  return fmt::format(fmt::runtime(english ? "{} since {}" : "{}（自 {} 起）"), state,
                     local_time(*gateway.state_since));
}

std::string completeness_of(const GatewaySeen& gateway, const Sums& sums, Language language) {
  const bool english = language == Language::english;
  if (is_complete(gateway, sums)) return english ? "complete" : "完整";
  std::string words;
  const auto add = [&words, english](std::string_view more) {
    if (!words.empty()) words += english ? ", " : "，";
    words += more;
  };
  const auto say = [&](std::string_view in_english, std::string_view in_chinese,
                       std::uint64_t count) {
    if (count > 0) add(fmt::format(fmt::runtime(english ? in_english : in_chinese), count));
  };
  say("{} MISSING", "缺失（MISSING）{}", sums.missing);
  say("{} on the way", "还在路上 {}", sums.waiting);
  say(gateway.conflicts == 1 ? "{} conflict" : "{} conflicts", "冲突 {}", gateway.conflicts);
  if (sums.two_boxes) {
    add(english ? "TWO BOXES send as this gateway" : "有两台机器用这个 id 发送");
  } else if (is_replaced(gateway)) {
    add(english ? "its store was replaced by another one: see `watchpost audit`"
                : "它的存储被更换过：见 `watchpost audit`");
  } else if (!gateway.branches.empty()) {
    add(english ? "a copy of its store was put back: see `watchpost audit`"
                : "它放回过存储副本：见 `watchpost audit`");
  }
  if (!words.empty()) return words;
  return english ? "nothing received yet" : "还没有收到内容";
}

json::value local_time_of(const std::optional<WallTime>& time) {
  return time ? json::value(local_time(*time)) : json::value(nullptr);
}

}  // namespace

std::string received_page(const Audit& audit, Language language) {
  StatusText page(language, 0);
  const bool english = language == Language::english;
  const std::string_view semicolon = english ? "; " : "；";
  for (const GatewaySeen& gateway : audit.gateways) {
    const Sums sums = sums_of(audit, gateway);
    std::string line = fmt::format("{}{}{}{}", gateway_name_of(gateway), english ? ": " : "：",
                                   state_of(gateway, language), semicolon);
    line += english ? counted(sums.received, "event") : fmt::format("事件 {}", sums.received);
    if (gateway.last_event_at) {
      line += (english ? ", the last at " : "，最后一个在 ") + local_time(*gateway.last_event_at);
    }
    line.append(semicolon).append(completeness_of(gateway, sums, language));
    if (sums.given_up > 0) {
      line +=
          fmt::format(fmt::runtime(english ? "; {} given up by the gateway" : "；网关声明放弃 {}"),
                      sums.given_up);
    }
    if (sums.damaged > 0) {
      line += fmt::format(fmt::runtime(english ? "; {} damaged" : "；损坏 {}"), sums.damaged);
    }
    page.add(line);
  }
  if (audit.unreadable > 0) {
    page.line({"{0} put aside that nobody could read (table `unreadable`)",
               "有 {1} 条消息无法读懂，已另外保存（表 `unreadable`）"},
              counted(audit.unreadable, "message"), audit.unreadable);
  }
  return page.take();
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
                        {"copies_put_back", gateway.branches.size()},
                        {"complete", is_complete(gateway, sums)}});
  }
  return json::serialize(
             json::object{{"gateways", std::move(gateways)}, {"unreadable", audit.unreadable}}) +
         "\n";
}

}  // namespace watchpost::cli
