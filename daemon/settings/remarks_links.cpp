// Remarks on upstreams and brokers: who gets the alarms, and what proves that somebody has them.
#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "settings/remarks.hpp"
#include "settings/topic_advice.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

constexpr std::size_t kAlarm = index_of(EventClass::alarm);
// An outage that is not worth a walk to the box.
constexpr std::chrono::hours kShortSession{1};

class LinkRemarks {
 public:
  LinkRemarks(const Config& config, const Places& places) : config_(config), places_(places) {}

  std::vector<Words> run() {
    look_at_alarms();
    for (std::size_t i = 0; i < config_.upstreams.size(); ++i) {
      const auto& upstream = config_.upstreams[i];
      look_at_login(upstream.link);
      look_at_proof(upstream);
      look_at_receipts({"upstream", i}, upstream);
      for (auto& cost : topic_costs(upstream)) add(std::move(cost));
    }
    for (const auto& broker : config_.brokers) {
      look_at_login(broker.link);
      look_at_broker(broker);
    }
    return std::move(remarks_);
  }

 private:
  void add(Words words) { remarks_.push_back(std::move(words)); }

  // Without any upstream, and where none is required, another note says so.
  void look_at_alarms() {
    const auto& all = config_.upstreams;
    const auto gets = [](const UpstreamConfig& each) { return each.classes[kAlarm]; };
    const auto is_required = [](const UpstreamConfig& each) { return each.required; };
    const auto keeps = [&](const UpstreamConfig& each) { return gets(each) && each.required; };
    if (all.empty()) return;
    if (std::none_of(all.begin(), all.end(), gets)) {
      add(say(
          "no [[upstream]] gets alarms: add \"alarm\" to classes of one, or no alarm ever leaves "
          "this box",
          "没有一个 [[upstream]] 接收报警：请在其中一个的 classes 里加上 \"alarm\"，否则报警永远"
          "不会离开本机"));
    } else if (std::any_of(all.begin(), all.end(), is_required) &&
               std::none_of(all.begin(), all.end(), keeps) &&
               std::count_if(all.begin(), all.end(), gets) > 1) {
      add(say(
          "no [[upstream]] that gets alarms is required: an alarm may be removed here once one of "
          "them has it, and the others may miss it. Set required = true for each that must have "
          "every alarm",
          "接收报警的 [[upstream]] 都不是必需的：只要其中一个收到，报警就可能从本机删除，其他的可"
          "能收不到。请给必须收到每条报警的各个设 required = true"));
    }
  }

  void look_at_login(const LinkConfig& link) {
    const bool has_password = !link.password.empty() || !link.password_file.empty();
    if (!link.username.empty() && !has_password) {
      add(
          say("{}: there is a username without a password. If its server asks for one, add "
              "password_file",
              "{}：有用户名而没有密码。如果对方要求密码，请加上 password_file", link.name));
    }
    if (link.username.empty() && has_password) {
      add(
          say("{}: there is a password without a username, and most servers ask for both: add "
              "username",
              "{}：有密码而没有用户名，多数服务器两样都要：请加上 username", link.name));
    }
  }

  // Only MQTT 5 says that nobody has subscribed, or that the access list has thrown an event away;
  // Paho passes on the second only (decision 0019).
  void look_at_proof(const UpstreamConfig& upstream) {
    const bool by_receipt =
        upstream.custody == Custody::receipt && upstream.receipt_classes[kAlarm];
    if (!upstream.classes[kAlarm] || by_receipt) return;
    if (!upstream.heard_classes[kAlarm]) {
      return add(say(
          "{}: heard_classes has no \"alarm\": an alarm that nobody has subscribed to counts as "
          "delivered. Right only where the server's own rules take the alarms (a cloud)",
          "{}：heard_classes 里没有 \"alarm\"：没有人订阅的报警会被当作已送达。只有当对方服务器"
          "自己的规则会处理报警时（云平台）才应如此",
          upstream.link.name));
    }
    if (upstream.link.protocol == MqttVersion::v3_1_1) {
      add(say(
          "{}: with protocol = \"3.1.1\" its server cannot say that nobody reads an alarm, or "
          "that its access list throws it away: such an alarm counts as delivered. Set protocol "
          "= \"5\", or custody = \"receipt\" with `watchpost receive` there",
          "{}：protocol = \"3.1.1\" 时，对方服务器无法说明报警没有人接收，或被访问控制丢弃：这样的"
          "报警会被当作已送达。请设 protocol = \"5\"，或设 custody = \"receipt\" 并由对方运行 "
          "`watchpost receive`",
          upstream.link.name));
    } else if (upstream.link.client == MqttLibrary::paho) {
      add(say(
          "{}: client = \"paho\" does not hear that nobody reads an alarm: such an alarm counts "
          "as delivered. Set client = \"watchpost\", or custody = \"receipt\" with `watchpost "
          "receive` there",
          "{}：client = \"paho\" 听不到“没有人接收报警”的答复：这样的报警会被当作已送达。请设 "
          "client = \"watchpost\"，或设 custody = \"receipt\" 并由对方运行 `watchpost receive`",
          upstream.link.name));
    }
  }

  void look_at_receipts(SectionRef here, const UpstreamConfig& upstream) {
    const auto given = [&](std::string_view key) { return places_.given(here, key); };
    if (upstream.custody != Custody::receipt) {
      for (const std::string_view key : {"receipt_classes", "receipt_timeout"}) {
        if (!given(key)) continue;
        add(say("{}: {} does nothing without custody = \"receipt\"",
                "{}：没有 custody = \"receipt\"，{} 不起作用", upstream.link.name, key));
      }
    } else if (upstream.classes[kAlarm] && !upstream.receipt_classes[kAlarm]) {
      add(say(
          "{}: receipt_classes has no \"alarm\": just the alarms count as delivered before its "
          "receiver has them. Add \"alarm\"",
          "{}：receipt_classes 里没有 \"alarm\"：恰恰是报警，在接收程序收到之前就被当作已送达。请"
          "加上 \"alarm\"",
          upstream.link.name));
    }
    if (upstream.custody == Custody::receipt && upstream.presence == Presence::off) {
      add(say(
          "{}: presence = \"off\" with custody = \"receipt\": its receiver does not learn which "
          "numbers it will never get, and may wait for them. Leave presence out",
          "{}：presence = \"off\" 而 custody = "
          "\"receipt\"：对方的接收程序无法得知哪些编号不会再来，"
          "可能一直等待。请删掉 presence",
          upstream.link.name));
    }
    if (upstream.batch_events == 1 && given("batch_bytes")) {
      add(say("{}: batch_bytes does nothing where batch_events is 1",
              "{}：batch_events 是 1 时，batch_bytes 不起作用", upstream.link.name));
    }
  }

  void look_at_broker(const BrokerConfig& broker) {
    if (broker.session_expiry < kShortSession) {
      add(say(
          "{}: session_expiry is {}: what sensors send while this box is away for longer, alarms "
          "too, is lost. Leave the key out (7 d)",
          "{}：session_expiry 是 {}：本机离线超过这个时间，期间传感器发来的内容（包括报警）会丢失。"
          "请删掉这个键（默认 7 d）",
          broker.link.name, format_duration(broker.session_expiry)));
    }
    for (std::size_t i = 0; i < broker.topics.size(); ++i) {
      const auto& topic = broker.topics[i];
      if (topic.text().starts_with("$share/")) {
        add(say(
            "{}: {} shares the messages with every other reader of that name: this box gets only "
            "some of them. Write the topic without $share and the name behind it",
            "{}：{} 会和其他同名的接收方分摊消息，本机只能收到一部分。请去掉 $share 和后面的名称",
            broker.link.name, toml_quoted(topic.text())));
      }
      for (std::size_t other = 0; other < broker.topics.size(); ++other) {
        const bool is_same = topic == broker.topics[other];
        if (other == i || (is_same && other > i) || !broker.topics[other].covers(topic)) continue;
        add(say("{}: {} is part of {}, so its messages may come twice: keep one of the two",
                "{}：{} 已包含在 {} 中，其消息可能收到两次：两个只留一个", broker.link.name,
                toml_quoted(topic.text()), toml_quoted(broker.topics[other].text())));
        break;
      }
    }
  }

  const Config& config_;
  const Places& places_;
  std::vector<Words> remarks_;
};

}  // namespace

std::vector<Words> remarks_on_links(const Config& config, const Places& places) {
  return LinkRemarks(config, places).run();
}

}  // namespace watchpost::settings
