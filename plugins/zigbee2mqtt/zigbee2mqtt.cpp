// Zigbee2MQTT (zigbee2mqtt.io): one JSON state for hundreds of Zigbee devices, or a topic for each
// attribute; and what the bridge says of them.
// Options: base (the base topic; found from the topics where it is not given, see base_topics.hpp).
// Device profile "sos_button": every press calls for help.
#include <map>

#include "base/encoding.hpp"
#include "danger/conditions.hpp"
#include "danger/site_word.hpp"
#include "sdk/decoder.hpp"
#include "zigbee2mqtt/attributes.hpp"
#include "zigbee2mqtt/base_topics.hpp"
#include "zigbee2mqtt/bridge_topics.hpp"
#include "zigbee2mqtt/press_memory.hpp"
#include "zigbee2mqtt/readings.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// Who a message is from.
struct Sender {
  std::string_view name;
  Bridge* bridge;              // null where it has said nothing yet
  const BridgeDevice* listed;  // null where the bridge does not name it
};

// A state as it came, or as one attribute makes it.
struct State {
  const json::object* whole;   // all that is known, for dangers
  const json::object* said;    // what this message says
  std::string_view attribute;  // empty: all of it
};

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options)
      : options_(options),
        bases_(options.text("base", sdk::Options::Fallback("")), options.topics()) {
    options.refuse_unknown({"base"});
  }

  void recall(const sdk::Remembered& learnt) { bridges_.recall(learnt); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto base = bases_.of(frame.topic);
    if (!base) return sink.not_mine("the topic is not below the base topic of a Zigbee2MQTT");
    base_ = *base;
    std::string_view rest = frame.topic.substr(base->size() + 1);
    if (rest.starts_with("bridge/")) return bridges_.decode(frame, *base, sink);
    if (cut_suffix(rest, "/set") || cut_suffix(rest, "/get") ||
        rest.find("/set/") != std::string_view::npos) {
      return sink.ignore("a command to a device");
    }
    Bridge* bridge = bridges_.find(*base);
    if (bridge == nullptr || bridge->device(rest) == nullptr) {
      if (cut_suffix(rest, "/availability")) return availability(frame, sink, rest);
      if (const auto place = attribute_of(rest, bridge, frame.payload)) {
        return attribute(frame, sink, bridge, *place);
      }
    }
    return device_state(frame, sink, bridge, rest);
  }

 private:
  struct Place {
    std::string_view device;
    std::string_view attribute;
  };

  // A bare value below a device; an object there is the state of a device whose name has levels.
  static std::optional<Place> attribute_of(std::string_view rest, const Bridge* bridge,
                                           std::string_view payload) {
    const auto owner = bridge == nullptr ? std::nullopt : bridge->owner(rest);
    const auto cut = owner ? owner->size() : rest.rfind('/');
    if (cut == std::string_view::npos || cut == 0) return std::nullopt;
    if (sdk::trim(payload).starts_with('{')) return std::nullopt;
    return Place{rest.substr(0, cut), rest.substr(cut + 1)};
  }

  Verdict attribute(const Frame& frame, Sink& sink, Bridge* bridge, const Place& place) {
    if (place.attribute == "action") return action_topic(frame, sink, bridge, place.device);
    const auto name = called(place.device);
    sink.identify(name);
    if (sdk::trim(frame.payload).empty()) return sink.ignore("an attribute without a value");
    if (!is_utf8(frame.payload)) return sink.malformed("an attribute that is no text");
    const auto value = Attributes::value_of(frame.payload);
    const json::object said{{place.attribute, value}};
    const auto whole = attributes_.with({.device = name, .attribute = place.attribute}, value);
    return report(frame, sink, sender_of(bridge, place.device), {&whole, &said, place.attribute});
  }

  Verdict action_topic(const Frame& frame, Sink& sink, Bridge* bridge, std::string_view device) {
    const auto name = called(device);
    sink.identify(name);
    const auto action = sdk::trim(frame.payload);
    if (action.empty()) return sink.ignore("an empty action: it clears nothing");
    if (!is_utf8(action)) return sink.malformed("an action that is no text");
    if (!is_press_for_help(sender_of(bridge, device), action)) {
      return sink.ignore("an action that calls for no help");
    }
    const Press press{action, Announcement::action_topic, frame.received_unix_ns};
    if (!frame.retained && !presses_.is_new(name, press)) {
      return sink.ignore("the same press was already announced in the device's state");
    }
    sink.emit(danger::call_for_help(action).device(name));
    return Verdict::decoded;
  }

  Verdict device_state(const Frame& frame, Sink& sink, Bridge* bridge, std::string_view device) {
    sink.identify(called(device));
    if (frame.payload.empty()) return sink.ignore("an empty payload: a retained state was removed");
    const auto* object = json_.parse_object(frame.payload);
    if (object == nullptr) return sink.malformed(json_.why());
    return report(frame, sink, sender_of(bridge, device), {object, object, {}});
  }

  static Sender sender_of(Bridge* bridge, std::string_view name) {
    return {name, bridge, bridge == nullptr ? nullptr : bridge->device(name)};
  }

  Verdict report(const Frame& frame, Sink& sink, const Sender& sender, const State& state) {
    const auto* facts = sender.listed == nullptr ? nullptr : &sender.listed->facts;
    auto findings = danger::findings_in(*state.whole, facts);
    if (!state.attribute.empty()) only(state.attribute, findings);
    auto observations = danger::conditions_of(findings, *state.whole);
    add_press(*state.said, frame, sender, observations);
    if (observations.empty())
      observations.push_back(plain(*state.said, !findings.measures.empty()));
    // Battery, link and the like join the first of several conditions, so that they are kept once.
    Observation& first = observations.front();
    add_readings(*state.said, facts, first);
    add_measures(findings, *state.said, facts, first);
    if (!state.attribute.empty() && first.empty()) {
      return sink.ignore("an attribute that is no reading");
    }
    const auto seen = sdk::time_at(*state.said, "last_seen", options_.zone_minutes());
    const bool is_group = sender.bridge != nullptr && sender.bridge->is_group(sender.name);
    const auto name = called(sender.name);
    for (Observation& observation : observations) {
      if (is_group) observation.flag("group");  // several devices under one name
      if (state.attribute.empty() && json_.is_mended()) observation.flag("repaired");
      sink.emit(observation.device(name).observed(seen, WATCHPOST_TIME_NETWORK));
    }
    if (!findings.unread.empty()) sink.not_understood(findings.unread);
    if (sender.bridge != nullptr && !frame.retained && sender.bridge->hear(sender.name)) {
      bridges_.remember_heard(sink, base_);
    }
    return Verdict::decoded;
  }

  // What an attribute did not touch was said before.
  static void only(std::string_view attribute, danger::Findings& findings) {
    std::erase_if(findings.dangers, [&](const danger::Finding& finding) {
      return std::none_of(finding.members.begin(), finding.members.end(),
                          [&](const danger::Member& member) { return member.name == attribute; });
    });
    std::erase_if(findings.measures,
                  [&](const danger::Measure& measure) { return measure.name != attribute; });
  }

  // No condition: a climate or presence report, or only facts about the device.
  static Observation plain(const json::object& state, bool measured) {
    const bool presence = state.contains("presence") || state.contains("occupancy");
    Observation observation(presence                                ? WATCHPOST_PRESENCE
                            : measured || measures_something(state) ? WATCHPOST_MEASUREMENT
                                                                    : WATCHPOST_DEVICE_STATUS,
                            WATCHPOST_INFO);
    if (const auto action = sdk::text_at(state, "action"); action && !action->empty()) {
      observation.text({"action"}, *action);
    }
    return observation;
  }

  void add_press(const json::object& state, const Frame& frame, const Sender& sender,
                 std::deque<Observation>& observations) {
    const auto action = sdk::text_at(state, "action");
    if (!action || !is_press_for_help(sender, *action)) return;
    const auto sos = std::find_if(observations.begin(), observations.end(),
                                  [](const Observation& o) { return o.kind() == WATCHPOST_SOS; });
    if (sos != observations.end() && sos->state() == WATCHPOST_ALARM) return;
    const Press press{*action, Announcement::state, frame.received_unix_ns};
    if (!frame.retained && !presses_.is_new(called(sender.name), press)) return;
    if (sos != observations.end()) observations.erase(sos);
    observations.push_front(danger::call_for_help(*action));
  }

  [[nodiscard]] bool is_press_for_help(const Sender& sender, std::string_view action) const {
    if (action.empty()) return false;
    if (danger::calls_for_help(action)) return true;
    if (danger::is_sos_button(options_.device(sender.name))) return true;
    return sender.listed != nullptr && sender.listed->every_press && danger::is_press(action);
  }

  Verdict availability(const Frame& frame, Sink& sink, std::string_view device) {
    return say_availability(frame, sink, called(device), json_);
  }

  // As the device's observations name it.
  [[nodiscard]] std::string called(std::string_view name) const {
    return bridges_.device_name({.base = base_, .name = name});
  }

  sdk::Options options_;
  BaseTopics bases_;
  std::string base_;  // of the message that is read
  sdk::JsonDocument json_;
  BridgeTopics bridges_;
  Attributes attributes_;
  PressMemory presses_;
};

}  // namespace
}  // namespace watchpost::zigbee2mqtt

WATCHPOST_DECODER(watchpost::zigbee2mqtt::Decoder, "zigbee2mqtt", "2.0")
