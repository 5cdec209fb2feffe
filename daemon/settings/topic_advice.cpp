#include "settings/topic_advice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/event_topic.hpp"
#include "model/topic_template.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

// For examples in advice.
constexpr std::string_view kShortForm = "wp/{area}/{gateway}/{class}/{domain}/{device}";

std::string all_placeholders() {
  std::vector<std::string> all;
  for (const auto name : topic_part_names()) all.push_back(fmt::format("{{{}}}", name));
  return fmt::to_string(fmt::join(all, " "));
}

Words unknown_placeholder(std::string_view name) {
  const auto meant = meant_by(in_lower_case(name), topic_part_names());
  if (meant) {
    return say("There is no {{{}}}. Did you mean {{{}}}?", "没有 {{{}}}。是不是 {{{}}}？",
               std::string(name), std::string(*meant));
  }
  return say("There is no {{{}}}; there are {}", "没有 {{{}}}；可用的有 {}", std::string(name),
             all_placeholders());
}

Words saying_of(const TopicMistake& mistake) {
  using Kind = TopicMistake::Kind;
  switch (mistake.kind) {
    case Kind::empty:
      return say("Leave the key out instead", "不用时请删掉这个键");
    case Kind::too_long:
      return say("Use at most {} bytes", "最多 {} 字节", kMostTemplateBytes);
    case Kind::too_many_levels:
      return say("Use at most {} levels; many servers take 7 or 8",
                 "最多 {} 层；许多服务器只接受 7 或 8 层", kMostTemplateLevels);
    case Kind::too_many_parts:
      return say("Use at most {} placeholders", "最多 {} 个占位符", kMostTemplateParts);
    case Kind::wildcard:
      return say(
          "'{}' is for those who subscribe: nobody can publish to it; write a placeholder, "
          "as {}",
          "'{}' 只用于订阅，不能向它发布；请写占位符，例如 {}", std::string(mistake.at),
          std::string(kShortForm));
    case Kind::character:
      return say("It has a character that no topic may have (a control character, or no UTF-8)",
                 "其中有主题不允许的字符（控制字符，或不是 UTF-8）");
    case Kind::brace:
      return say(
          "Write each placeholder as {{name}}, with both braces and no slash in it; there "
          "are {}",
          "占位符写成 {{名称}}，两个花括号都要有，中间不能有斜杠；可用的有 {}", all_placeholders());
    case Kind::unknown:
      return unknown_placeholder(mistake.at);
  }
  return {};
}

class TopicCosts {
 public:
  explicit TopicCosts(const UpstreamConfig& upstream)
      : upstream_(upstream), form_(upstream.topic) {}

  std::vector<Words> run() {
    if (form_.is_contract()) return {};
    look_at_readers();
    look_at_parts();
    look_at_gateway();
    look_at_beginning();
    return std::move(costs_);
  }

 private:
  void add(Words words) { costs_.push_back(std::move(words)); }

  // They read the gateway, the class and the receipts' topic from the topic of the contract.
  void look_at_readers() {
    add(
        say("{}: topic is not the default form, so `watchpost receive`, `watchpost audit` and a "
            "Watchpost box as upstream do not understand these topics; the events are the same",
            "{}：topic 不是默认形式，`watchpost receive`、`watchpost audit` 以及作为上级的 "
            "Watchpost 主机不认识这些主题；事件内容不变",
            upstream_.link.name));
    if (upstream_.custody != Custody::receipt) return;
    add(
        say("{}: custody = \"receipt\" with a topic of its own form: its receiver must publish its "
            "receipts to the default topic, {}, and `watchpost receive` does not; without them "
            "nothing ever counts as delivered",
            "{}：custody = \"receipt\" 而 topic 不是默认形式：对方的接收程序必须把回执发到默认主题 "
            "{}，而 `watchpost receive` 做不到；收不到回执，任何内容都不算送达",
            upstream_.link.name, std::string(kReceiptTopicForm)));
  }

  void look_at_parts() {
    if (!form_.has(TopicPart::event_class)) {
      add(
          say("{}: without {{class}} in topic nobody can subscribe to alarms alone, nor an access "
              "list tell them from telemetry",
              "{}：topic 里没有 {{class}}，对方无法只订阅报警，访问控制也分不清报警和测量数据",
              upstream_.link.name));
    }
    std::vector<std::string> missing;
    for (const auto part : {TopicPart::domain, TopicPart::device}) {
      if (!form_.has(part)) missing.push_back(placeholder_of(part));
    }
    const bool has_area = form_.has(TopicPart::area) || form_.has(TopicPart::village);
    if (!has_area) missing.emplace_back("{area}");
    if (missing.empty()) return;
    add(
        say("{}: without {} in topic nobody can subscribe by it; receivers must look into the "
            "events",
            "{}：topic 里没有 {}，对方无法据此订阅，只能查看事件内容", upstream_.link.name,
            fmt::to_string(fmt::join(missing, ", "))));
  }

  // The words of a cloud's own topics often hold the name under which the box connects.
  void look_at_gateway() {
    const std::string& client = upstream_.link.client_id;
    const bool names_box = form_.has(TopicPart::gateway) ||
                           (!client.empty() && form_.text().find(client) != std::string::npos);
    if (names_box) return;
    add(
        say("{}: without {{gateway}} in topic two boxes publish on the same topics, and the "
            "retained state of one replaces that of the other: give each box a word of its own "
            "there",
            "{}：topic 里没有 {{gateway}}，两台主机会用同一主题，保留的在线状态会互相覆盖："
            "请让每台主机的 topic 里有自己的名称",
            upstream_.link.name));
  }

  void look_at_beginning() {
    if (!form_.text().starts_with('$')) return;
    add(
        say("{}: topic begins with '$', which a server keeps for itself: a subscriber to # does "
            "not get it, and few servers take it",
            "{}：topic 以 '$' 开头，这类主题由服务器自用：订阅 # 收不到，多数服务器不接受",
            upstream_.link.name));
  }

  const UpstreamConfig& upstream_;
  TopicTemplate form_;
  std::vector<Words> costs_;
};

}  // namespace

Words topic_advice(std::string_view text) {
  const auto mistake = mistake_in_topic_template(text);
  return mistake ? saying_of(*mistake) : Words{};
}

std::vector<Words> topic_costs(const UpstreamConfig& upstream) {
  return TopicCosts(upstream).run();
}

}  // namespace watchpost::settings
