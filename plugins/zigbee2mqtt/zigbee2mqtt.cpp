// Zigbee2MQTT (zigbee2mqtt.io): one JSON state for hundreds of Zigbee devices.
// Options: base = "zigbee2mqtt" (the base topic). Device profile "sos_button": every press calls
// for help.
#include <algorithm>

#include "base/encoding.hpp"
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "zigbee2mqtt/conditions.hpp"
#include "zigbee2mqtt/press_memory.hpp"
#include "zigbee2mqtt/readings.hpp"

namespace watchpost::zigbee2mqtt {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

bool cut_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options)
      : options_(options), base_(options.text("base", sdk::Options::Fallback("zigbee2mqtt"))) {
    options.refuse_unknown({"base"});
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    std::string_view rest = frame.topic;
    if (!rest.starts_with(base_) || rest.size() <= base_.size() + 1 || rest[base_.size()] != '/') {
      return sink.not_mine("the topic is not below the base topic \"" + base_ + "\"");
    }
    rest.remove_prefix(base_.size() + 1);
    if (rest == "bridge/state") return availability(frame, sink, base_ + "/bridge");
    if (rest.starts_with("bridge/")) return sink.ignore("the bridge about itself, not a device");
    if (cut_suffix(rest, "/set") || cut_suffix(rest, "/get") ||
        rest.find("/set/") != std::string_view::npos) {
      return sink.ignore("a command to a device");
    }
    if (cut_suffix(rest, "/availability")) return availability(frame, sink, rest);
    if (cut_suffix(rest, "/action")) return action_topic(frame, sink, rest);
    return device_state(frame, sink, rest);
  }

 private:
  Verdict availability(const Frame& frame, Sink& sink, std::string_view device) {
    sink.identify(device);
    std::string_view word = sdk::trim(frame.payload);
    if (word.starts_with('{')) {
      const auto* state = json_.parse_object(word);
      if (state == nullptr) return sink.malformed(json_.why());
      word = sdk::text_at(*state, "state").value_or("");
    }
    if (word != "online" && word != "offline") {
      return sink.malformed("an availability that is neither online nor offline");
    }
    const bool online = word == "online";
    Observation observation(WATCHPOST_DEVICE_STATUS, online ? WATCHPOST_NORMAL : WATCHPOST_FAULT);
    sink.emit(observation.device(device).boolean({"online"}, online));
    return Verdict::decoded;
  }

  Verdict action_topic(const Frame& frame, Sink& sink, std::string_view device) {
    sink.identify(device);
    const auto action = sdk::trim(frame.payload);
    if (action.empty()) return sink.ignore("an empty action: it clears nothing");
    if (!is_utf8(action)) return sink.malformed("an action that is no text");
    if (!is_press_for_help(device, action)) return sink.ignore("an action that calls for no help");
    const Press press{action, Announcement::action_topic, frame.received_unix_ns};
    if (!frame.retained && !presses_.is_new(device, press)) {
      return sink.ignore("the same press was already announced in the device's state");
    }
    Observation observation(WATCHPOST_SOS, WATCHPOST_ALARM);
    observation.boolean({"sos"}, true).text({"button"}, action);
    sink.emit(observation.device(device));
    return Verdict::decoded;
  }

  Verdict device_state(const Frame& frame, Sink& sink, std::string_view device) {
    sink.identify(device);
    if (frame.payload.empty()) return sink.ignore("an empty payload: a retained state was removed");
    const auto* state = json_.parse_object(frame.payload);
    if (state == nullptr) return sink.malformed(json_.why());
    const auto seen = sdk::time_at(*state, "last_seen", options_.zone_minutes());
    auto conditions = conditions_in(*state);
    add_press(*state, frame, device, conditions);
    if (conditions.empty()) {
      sink.emit(plain(*state).device(device).observed(seen, WATCHPOST_TIME_NETWORK));
      return Verdict::decoded;
    }
    // Battery, link and the like join the first of several conditions, so that they are kept once.
    for (auto condition = conditions.begin(); condition != conditions.end(); ++condition) {
      Observation observation(condition->kind, condition->state);
      if (!condition->word.empty()) {
        observation.text({condition->quantity}, condition->word);
      } else {
        observation.boolean({condition->quantity}, condition->value);
      }
      if (condition->ambiguous_test) observation.flag("ambiguous_test_bit");
      if (condition == conditions.begin()) add_readings(*state, observation);
      sink.emit(observation.device(device).observed(seen, WATCHPOST_TIME_NETWORK));
    }
    return Verdict::decoded;
  }

  // No condition: a climate or presence report, or only facts about the device.
  static Observation plain(const sdk::json::object& state) {
    const bool presence = state.contains("presence") || state.contains("occupancy");
    Observation observation(presence                    ? WATCHPOST_PRESENCE
                            : measures_something(state) ? WATCHPOST_MEASUREMENT
                                                        : WATCHPOST_DEVICE_STATUS,
                            WATCHPOST_INFO);
    add_readings(state, observation);
    if (const auto action = sdk::text_at(state, "action"); action && !action->empty()) {
      observation.text({"action"}, *action);
    }
    return observation;
  }

  void add_press(const sdk::json::object& state, const Frame& frame, std::string_view device,
                 std::vector<Condition>& conditions) {
    const auto action = sdk::text_at(state, "action");
    if (!action || !is_press_for_help(device, *action)) return;
    const auto sos = std::find_if(conditions.begin(), conditions.end(),
                                  [](const Condition& c) { return c.kind == WATCHPOST_SOS; });
    if (sos != conditions.end() && sos->state == WATCHPOST_ALARM) return;
    const Press press{*action, Announcement::state, frame.received_unix_ns};
    if (!frame.retained && !presses_.is_new(device, press)) return;
    const Condition pressed{WATCHPOST_SOS, WATCHPOST_ALARM, "sos", true};
    if (sos != conditions.end()) {
      *sos = pressed;
    } else {
      conditions.insert(conditions.begin(), pressed);
    }
  }

  [[nodiscard]] bool is_press_for_help(std::string_view device, std::string_view action) const {
    if (action.empty()) return false;
    if (calls_for_help(action)) return true;
    const auto* entry = options_.device(device);
    return entry != nullptr && entry->profile == "sos_button";
  }

  sdk::Options options_;
  std::string base_;
  sdk::JsonDocument json_;
  PressMemory presses_;
};

}  // namespace
}  // namespace watchpost::zigbee2mqtt

WATCHPOST_DECODER(watchpost::zigbee2mqtt::Decoder, "zigbee2mqtt", "1.0")
