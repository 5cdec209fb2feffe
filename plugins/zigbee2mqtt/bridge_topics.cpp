#include "zigbee2mqtt/bridge_topics.hpp"

#include <algorithm>

#include "sdk/reachability.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

constexpr std::string_view kList = "list ";    // before the base in a key: its devices and groups
constexpr std::string_view kHeard = "heard ";  // before the base: which of them have spoken

std::string key_of(std::string_view what, std::string_view base) {
  return std::string(what).append(base);
}

// One name a line: a line end is in no topic that Zigbee2MQTT publishes on.
std::string lines_of(const std::vector<std::string_view>& names) {
  std::string lines;
  for (const auto name : names) lines.append(name).push_back('\n');
  return lines;
}

// As many names as a person reads.
std::string first_of(const std::vector<std::string_view>& names) {
  constexpr std::size_t kNamed = 20;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i) {
    text.append(i == 0 ? "" : ", ").append(names[i]);
  }
  if (names.size() > kNamed) text += ", …";
  return text;
}

}  // namespace

Verdict BridgeTopics::decode(const Frame& frame, std::string_view base, Sink& sink) {
  const auto what = frame.topic.substr(base.size() + 1);
  if (what == "bridge/state") {
    return say_availability(frame, sink, std::string(base) + "/bridge", json_);
  }
  if (what == "bridge/devices") return devices(frame, base, sink);
  if (what == "bridge/groups") return groups(frame, base, sink);
  return sink.ignore("the bridge about itself, not a device");
}

Verdict BridgeTopics::devices(const Frame& frame, std::string_view base, Sink& sink) {
  const std::string name = std::string(base) + "/bridge";
  sink.identify(name);
  if (frame.payload.empty()) return sink.ignore("the bridge took its list back");
  const auto* list = json_.parse(frame.payload);
  if (list == nullptr) return sink.malformed(json_.why());
  Bridge* bridge = place(base);
  if (bridge == nullptr) return sink.ignore("more bridges than are remembered");
  if (!bridge->read_devices(*list)) return sink.malformed("JSON, but not a list of devices");
  sink.remember({.key = key_of(kList, base), .value = bridge->digest()});
  sink.remember({.key = key_of(kHeard, base), .value = lines_of(bridge->heard())});
  for (const auto& danger : bridge->dangers()) {
    sink.can_declare(device_name({.base = base, .name = danger.device}), danger.kind);
  }
  const auto silent = bridge->detectors(false);
  Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  observation.number({"devices"}, static_cast<double>(bridge->size()));
  observation.number({"detectors"},
                     static_cast<double>(bridge->detectors(true).size() + silent.size()));
  const auto names = first_of(silent);
  if (!silent.empty()) observation.text({"never_heard"}, names);
  sink.emit(observation.device(name));
  return Verdict::decoded;
}

Verdict BridgeTopics::groups(const Frame& frame, std::string_view base, Sink& sink) {
  if (frame.payload.empty()) return sink.ignore("the bridge took its list back");
  const auto* list = json_.parse(frame.payload);
  if (list == nullptr) return sink.malformed(json_.why());
  Bridge* bridge = place(base);
  if (bridge == nullptr) return sink.ignore("more bridges than are remembered");
  if (!bridge->read_groups(*list)) return sink.malformed("JSON, but not a list of groups");
  sink.remember({.key = key_of(kList, base), .value = bridge->digest()});
  return sink.ignore("the groups of the bridge: names, not devices");
}

void BridgeTopics::recall(const sdk::Remembered& learnt) {
  auto key = learnt.key;
  auto value = learnt.value;
  if (key.starts_with(kList)) {
    if (Bridge* bridge = place(key.substr(kList.size()))) bridge->restore(value);
  } else if (key.starts_with(kHeard)) {
    Bridge* bridge = place(key.substr(kHeard.size()));
    while (bridge != nullptr && !value.empty()) {
      const auto end = std::min(value.find('\n'), value.size());
      bridge->hear(value.substr(0, end));
      value.remove_prefix(std::min(end + 1, value.size()));
    }
  }
}

Bridge* BridgeTopics::find(std::string_view base) {
  const auto found = bridges_.find(base);
  return found == bridges_.end() ? nullptr : &found->second;
}

Bridge* BridgeTopics::place(std::string_view base) {
  if (Bridge* known = find(base)) return known;
  if (bridges_.size() == kMost) {
    // The place of the longest goes to a shorter one: see BaseTopics::remember.
    const auto longest = std::max_element(
        bridges_.begin(), bridges_.end(),
        [](const auto& one, const auto& other) { return one.first.size() < other.first.size(); });
    if (base.size() >= longest->first.size()) return nullptr;
    bridges_.erase(longest);
  }
  return &bridges_[std::string(base)];
}

std::string BridgeTopics::device_name(const Named& device) const {
  const auto [base, name] = device;
  const auto goes_before = [base = base](std::string_view other) {
    return other.size() != base.size() ? other.size() < base.size() : other < base;
  };
  for (const auto& [other, bridge] : bridges_) {
    if (goes_before(other) && bridge.device(name) != nullptr) {
      return std::string(base).append("/").append(name);
    }
  }
  return std::string(name);
}

void BridgeTopics::remember_heard(Sink& sink, std::string_view base) {
  if (const Bridge* bridge = find(base)) {
    sink.remember({.key = key_of(kHeard, base), .value = lines_of(bridge->heard())});
  }
}

Verdict say_availability(const Frame& frame, Sink& sink, std::string_view device,
                         sdk::JsonDocument& json) {
  sink.identify(device);
  std::string_view word = sdk::trim(frame.payload);
  if (word.starts_with('{')) {
    const auto* state = json.parse_object(word);
    if (state == nullptr) return sink.malformed(json.why());
    word = sdk::text_at(*state, "state").value_or("");
  }
  if (word != "online" && word != "offline") {
    return sink.malformed("an availability that is neither online nor offline");
  }
  return sdk::emit_reachability(sink, device, word == "online");
}

}  // namespace watchpost::zigbee2mqtt
