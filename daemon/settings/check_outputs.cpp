#include "settings/check_outputs.hpp"

#include <algorithm>
#include <chrono>

#include "model/topic.hpp"
#include "net/broken_address.hpp"
#include "net/http_url.hpp"
#include "settings/keys.hpp"
#include "settings/slots.hpp"
#include "settings/values.hpp"

namespace watchpost::settings {
namespace {

void check_topic(std::string_view key, const std::string& topic, std::vector<KeyMistake>& all) {
  if (topic.empty() || Topic::parse(topic)) return;
  all.push_back({key,
                 say("{} is no topic of one siren", "{} 不是一个警报器的主题", toml_quoted(topic)),
                 say("Write it out, without + and #", "请写完整的主题，不能用 + 和 #")});
}

void check_broker(const Config& config, const OutputConfig& output, std::vector<KeyMistake>& all) {
  const auto is_it = [&output](const BrokerConfig& one) { return one.link.name == output.broker; };
  if (output.broker.empty() || std::any_of(config.brokers.begin(), config.brokers.end(), is_it))
    return;
  all.push_back(
      {"broker",
       say("no [[broker]] has the name {}", "没有名为 {} 的 [[broker]]",
           toml_quoted(output.broker)),
       say("Write the name of one, or remove this key where the siren connects to our own "
           "[[listener]]",
           "请写其中一个的 name；警报器连接本机 [[listener]] 时请删掉这个键")});
}

void check_listeners(const Config& config, const OutputConfig& output,
                     std::vector<KeyMistake>& all) {
  const auto is_mqtt = [](const ListenerConfig& one) { return one.is_mqtt(); };
  const auto& listeners = config.listeners;
  if (!output.broker.empty() || std::any_of(listeners.begin(), listeners.end(), is_mqtt)) return;
  all.push_back({"topic",
                 say("no [[listener]] speaks MQTT, so no siren can connect to this box",
                     "没有使用 MQTT 的 [[listener]]，警报器无法连接本机"),
                 say("Add a [[listener]], or name the [[broker]] of the siren",
                     "请加一段 [[listener]]，或写明警报器所在的 [[broker]]")});
}

void check_state(const OutputConfig& output, std::vector<KeyMistake>& all) {
  const bool any =
      !output.state_topic.empty() || !output.state_on.empty() || !output.state_off.empty();
  if (!any) return;
  const std::pair<std::string_view, const std::string&> keys[] = {
      {"state_topic", output.state_topic},
      {"state_on", output.state_on},
      {"state_off", output.state_off}};
  for (const auto& [key, value] : keys) {
    if (!value.empty()) continue;
    all.push_back({key,
                   say("state_topic, state_on and state_off belong together, and {} is missing",
                       "state_topic、state_on 和 state_off 要一起写，缺少 {}", key),
                   say("Add it, or remove all of them", "请补上，或全部删掉")});
  }
  if (!output.state_on.empty() && output.state_on == output.state_off) {
    all.push_back(
        {"state_off",
         say("it is the same as state_on, so nobody could tell the two apart",
             "它与 state_on 相同，无法区分"),
         say("Write what the siren says when it is silent", "请写警报器不响时发布的内容")});
  }
}

void check_named(const Config& config, std::string_view key, const std::vector<std::string>& list,
                 std::vector<KeyMistake>& all) {
  std::vector<std::string_view> names;
  for (const OutputConfig& one : config.outputs) names.push_back(one.name);
  for (const std::string& name : list) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const auto nearest = meant_by(name, names);
    all.push_back(
        {key, say("no [[output]] has the name {}", "没有名为 {} 的 [[output]]", toml_quoted(name)),
         nearest ? say("Did you mean {}?", "是不是 {}？", toml_quoted(*nearest))
                 : say("Write the name of one, or add an [[output]] of that name",
                       "请写其中一个的 name，或加一段叫这个名称的 [[output]]")});
  }
}

struct StepTime {
  std::string_view key;
  std::chrono::milliseconds after;
};
void check_rises(const StepTime& before, const StepTime& one, std::vector<KeyMistake>& all) {
  if (one.after > before.after) return;
  all.push_back(
      {one.key,
       say("{} is {}, and the step before it comes after {}", "{} 是 {}，而它的前一步是 {}",
           one.key, format_duration(one.after), format_duration(before.after)),
       say("Each step comes later than the one before it: raise {} or lower {}",
           "每一步都要比前一步晚：请增大 {} 或减小 {}", one.key, before.key)});
}

void check_needed(std::string_view key, const OutputConfig& output,
                  const std::function<bool(std::string_view)>& given,
                  std::vector<KeyMistake>& all) {
  if (given(key)) return;
  const auto kind = NamesOf<OutputKind>::value[static_cast<std::size_t>(output.kind)];
  all.push_back({key,
                 say("this key is missing; an [[output]] with kind = \"{}\" needs it",
                     "缺少这个键；kind = \"{}\" 的 [[output]] 必须写", kind),
                 say("Write {}, or another kind", "请写上 {}，或改 kind", key)});
}

void check_url(const OutputConfig& output, const std::function<bool(std::string_view)>& given,
               std::vector<KeyMistake>& all) {
  if (given("url") && given("url_file")) {
    all.push_back({"url_file", say("url and url_file are both set", "同时设置了 url 和 url_file"),
                   say("Remove one of them", "请删掉其中一个")});
  } else if (!given("url_file")) {
    check_needed("url", output, given, all);
  }
  // What stands there may hold a key, so it is not repeated.
  if (!output.url.empty() && net::has_broken_address(output.url)) {
    all.push_back({"url",
                   say("the host in it ends in a number and is no IPv4 address",
                       "其中的主机以数字结尾，却不是 IPv4 地址"),
                   say("An IPv4 address has four numbers from 0 to 255, as 192.168.1.30",
                       "IPv4 地址是四个 0 到 255 的数，例如 192.168.1.30")});
  } else if (!output.url.empty() && !net::HttpUrl::parse(output.url)) {
    all.push_back({"url", say("this is no address of an HTTP service", "这不是 HTTP 服务的地址"),
                   say("Write it as http://host:port/path or https://host/path",
                       "写成 http://主机:端口/路径 或 https://主机/路径")});
  }
}

void check_secret(const OutputConfig& output, std::vector<KeyMistake>& all) {
  const bool may_be_signed =
      output.format == OutputFormat::dingtalk || output.format == OutputFormat::feishu;
  if (output.secret_file.empty() || may_be_signed) return;
  all.push_back(
      {"secret_file",
       say("only robots of DingTalk and Feishu check signatures", "只有钉钉和飞书的机器人校验签名"),
       say("Write format = \"dingtalk\" or \"feishu\", or remove this key",
           "请写 format = \"dingtalk\" 或 \"feishu\"，或删掉这个键")});
}

void check_keys_of_kind(const OutputConfig& output,
                        const std::function<bool(std::string_view)>& given,
                        std::vector<KeyMistake>& all) {
  const auto kind = NamesOf<OutputKind>::value[static_cast<std::size_t>(output.kind)];
  for (const Key& key : output_keys()) {
    if (!given(key.name) || fits_output(key.name, output.kind)) continue;
    all.push_back({key.name,
                   say("{} has no meaning with kind = \"{}\"", "kind = \"{1}\" 时 {0} 不起作用",
                       key.name, kind),
                   say("Remove this key", "请删掉这个键")});
  }
  switch (output.kind) {
    case OutputKind::mqtt:
      for (const std::string_view key : {"topic", "on", "off"})
        check_needed(key, output, given, all);
      break;
    case OutputKind::command:
      check_needed("command", output, given, all);
      break;
    case OutputKind::webhook:
      check_url(output, given, all);
      check_secret(output, all);
      break;
  }
}

}  // namespace

std::vector<KeyMistake> check_escalation(const Config& config, std::size_t index) {
  const EscalationConfig& one = config.escalations[index];
  std::vector<KeyMistake> all;
  const std::pair<std::string_view, const std::vector<std::string>&> told[] = {
      {"at_once", one.at_once},
      {"step_1", one.step_1},
      {"step_2", one.step_2},
      {"step_3", one.step_3}};
  for (const auto& [key, list] : told) check_named(config, key, list, all);
  const StepTime times[] = {{"step_1_after", one.step_1_after},
                            {"step_2_after", one.step_2_after},
                            {"step_3_after", one.step_3_after}};
  check_rises(times[0], times[1], all);
  check_rises(times[1], times[2], all);
  return all;
}

std::vector<KeyMistake> check_output(const Config& config, std::size_t index,
                                     const std::function<bool(std::string_view)>& given) {
  const OutputConfig& output = config.outputs[index];
  std::vector<KeyMistake> all;
  for (std::size_t i = 0; i < index; ++i) {
    if (output.name.empty() || config.outputs[i].name != output.name) continue;
    all.push_back({"name",
                   say("another [[output]] has the name {} already", "另一段 [[output]] 已经叫 {}",
                       toml_quoted(output.name)),
                   say("Choose another name", "请另取名称")});
  }
  check_keys_of_kind(output, given, all);
  if (output.kind != OutputKind::mqtt) return all;
  check_topic("topic", output.topic, all);
  check_topic("state_topic", output.state_topic, all);
  check_broker(config, output, all);
  check_listeners(config, output, all);
  check_state(output, all);
  return all;
}

}  // namespace watchpost::settings
