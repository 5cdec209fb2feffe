#include "decode/local_traffic.hpp"

#include <algorithm>
#include <initializer_list>

#include "model/event_topic.hpp"

namespace watchpost::decode {
namespace {

// Where a family may stand below up to two levels of the site's own.
constexpr std::string_view kBelow[] = {"", "+/", "+/+/"};

void add_below(std::vector<std::string>& filters, std::initializer_list<std::string_view> tails) {
  for (const std::string_view below : kBelow) {
    for (const std::string_view tail : tails) filters.push_back(std::string(below).append(tail));
  }
}

// The level that begins at `at`, which goes on to where the next one begins; behind the last one
// that is behind the text.
std::string_view take_level(std::string_view text, std::size_t& at) {
  const auto end = std::min(text.find('/', at), text.size());
  const auto level = text.substr(at, end - at);
  at = end + 1;
  return level;
}

// One level after the other, for names of any depth up to `most`.
void add_ending(std::vector<std::string>& filters, std::string_view last, int most) {
  std::string levels = "+/";
  for (int depth = 1; depth <= most; ++depth) {
    filters.push_back(levels + std::string(last));
    levels += "+/";
  }
}

}  // namespace

LocalTopics usual_local_topics() {
  LocalTopics usual;
  // `set` as the last level: Zigbee2MQTT, Homie, Z-Wave JS UI, OpenBeken, Shelly of the first
  // generation. A report never ends so, although one may end in `get` (OpenBeken).
  add_ending(usual.commands, "set", 8);
  // ESPHome and Shelly (both generations); Home Assistant's own examples.
  add_ending(usual.commands, "command", 5);
  // Zigbee2MQTT: one attribute, a question, and all that the bridge is asked to do. A friendly name
  // may have slashes.
  add_below(usual.commands, {"zigbee2mqtt/+/set/+", "zigbee2mqtt/+/+/set/+", "zigbee2mqtt/+/get",
                             "zigbee2mqtt/+/+/get", "zigbee2mqtt/+/get/+", "zigbee2mqtt/+/+/get/+",
                             "zigbee2mqtt/bridge/request/#"});
  // Tasmota, with its prefix before or behind the device.
  add_below(usual.commands, {"cmnd/#", "+/cmnd/+"});
  // Shelly: the position of a roller, the target of a valve; the second generation's components.
  add_below(usual.commands, {"shellies/command", "shellies/+/+/+/command/+", "+/command/+"});
  // What a street asks of its villages, and their answers (model/event_topic.hpp).
  usual.commands.emplace_back(kCommandFilter);
  usual.commands.emplace_back(kCommandResultFilter);
  // OpenMQTTGateway.
  add_below(usual.commands, {"+/+/commands/#"});
  // Downlinks of network servers.
  add_below(usual.commands,
            {"application/+/device/+/command/+", "application/+/device/+/tx", "gateway/+/command/#",
             "v3/+/devices/+/down/push", "v3/+/devices/+/down/replace"});
  // The list of devices, what the bridge is made of and what it answered. `bridge/state` and
  // `availability` are reports.
  add_below(usual.lists, {"zigbee2mqtt/bridge/devices", "zigbee2mqtt/bridge/groups",
                          "zigbee2mqtt/bridge/definitions", "zigbee2mqtt/bridge/info",
                          "zigbee2mqtt/bridge/config", "zigbee2mqtt/bridge/extensions",
                          "zigbee2mqtt/bridge/converters", "zigbee2mqtt/bridge/health",
                          "zigbee2mqtt/bridge/logging", "zigbee2mqtt/bridge/response/#"});
  // Discovery, of devices and of their single entities, and that Home Assistant has started.
  add_below(usual.lists, {"homeassistant/+/+/config", "homeassistant/+/+/+/config"});
  usual.lists.emplace_back("homeassistant/status");
  add_below(usual.lists, {"tasmota/discovery/#"});
  // What a broker tells of itself, and Mosquitto's bridges of themselves.
  usual.lists.emplace_back("$SYS/#");
  // Z-Wave JS UI: who asks its programming interface, and what it answers.
  add_below(usual.lists, {"+/_CLIENTS/#"});
  return usual;
}

LocalTraffic::LocalTraffic(const LocalTopics& topics, const std::vector<std::string>& sensors) {
  for (const std::string& filter : topics.commands) add(filter, Kind::command);
  for (const std::string& filter : topics.lists) add(filter, Kind::list);
  for (const std::string& text : sensors) {
    if (auto filter = TopicFilter::parse(text)) sensors_.push_back(std::move(*filter));
  }
}

void LocalTraffic::add(const std::string& filter, Kind kind) {
  auto parsed = TopicFilter::parse(filter);
  if (!parsed) return;
  const std::string last = filter.substr(filter.rfind('/') + 1);
  if (!has_wildcard(last)) {
    by_last_level_[last].push_back({std::move(*parsed), kind});
    return;
  }
  for (std::size_t level = 0, at = 0; at <= filter.size(); ++level) {
    const std::string_view name = take_level(filter, at);
    if (has_wildcard(name)) continue;
    levels_ = std::max(levels_, level + 1);
    by_first_level_[std::string(name)].push_back({{std::move(*parsed), kind}, level});
    return;
  }
  others_.push_back({std::move(*parsed), kind});
}

LocalTraffic::Kind LocalTraffic::first_of(const std::vector<Rule>& rules, std::string_view topic) {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [topic](const Rule& rule) { return rule.filter.matches(topic); });
  return found == rules.end() ? Kind::no : found->kind;
}

// What is an order is no list.
LocalTraffic::Kind LocalTraffic::placed(std::string_view topic) const {
  Kind kind = Kind::no;
  for (std::size_t level = 0, at = 0; level < levels_ && at <= topic.size(); ++level) {
    const auto found = by_first_level_.find(take_level(topic, at));
    if (found == by_first_level_.end()) continue;
    for (const Placed& one : found->second) {
      const bool is_less = kind == Kind::no || one.rule.kind == Kind::command;
      if (one.level != level || !is_less || !one.rule.filter.matches(topic)) continue;
      kind = one.rule.kind;
      if (kind == Kind::command) return kind;
    }
  }
  return kind;
}

LocalTraffic::Kind LocalTraffic::kind_of(std::string_view topic) const {
  Kind kind = Kind::no;
  const auto named = by_last_level_.find(topic.substr(topic.rfind('/') + 1));
  if (named != by_last_level_.end()) kind = first_of(named->second, topic);
  if (kind == Kind::no) kind = placed(topic);
  if (kind == Kind::no) kind = first_of(others_, topic);
  if (kind == Kind::no) return kind;
  const bool is_sensors = std::any_of(sensors_.begin(), sensors_.end(),
                                      [topic](const TopicFilter& f) { return f.matches(topic); });
  return is_sensors ? Kind::no : kind;
}

}  // namespace watchpost::decode
