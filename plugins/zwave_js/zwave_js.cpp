// Z-Wave JS UI (zwave-js.github.io/zwave-js-ui): values of Z-Wave nodes over MQTT, in every kind of
// topic (named, ValueID, configured) and payload (time and value, the whole ValueID, bare value),
// notifications, and whether a node, the driver and the program itself are there.
// Options: none. Device profiles: what a button or a plain contact is (danger/site_word.hpp); the
// id of a node is its topic ("zwave/kitchen/smoke").
#include <algorithm>

#include "base/encoding.hpp"
#include "sdk/decoder.hpp"
#include "sdk/reachability.hpp"
#include "zwave_js/meaning.hpp"
#include "zwave_js/notifications.hpp"

namespace watchpost::zwave_js {
namespace {

using sdk::Frame;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;

std::string_view last_level(std::string_view topic) {
  return topic.substr(topic.rfind('/') + 1);
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : options_(options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload: a retained value was removed");
    const auto last = last_level(frame.topic);
    if (last == "set") return sink.ignore("a command to a node");
    if (frame.topic.find("/_EVENTS_/") != std::string_view::npos ||
        frame.topic.find("/_EVENTS/") != std::string_view::npos) {
      return sink.ignore("an event of the program, which is published as a value too");
    }
    if (last == "status") return status(frame, sink);
    if (frame.topic.find("/_CLIENTS/") != std::string_view::npos || last == "lastActive" ||
        last == "nodeinfo") {
      return sink.ignore("the program about itself");
    }
    const auto* parsed = json_.parse(frame.payload);
    if (parsed == nullptr) {
      // A bare text is no JSON.
      if (text.front() == '{' || !is_utf8(text)) return sink.malformed(json_.why());
      const json::value bare = json::string(text);
      return value(sink, value_on(frame.topic), bare, nullptr);
    }
    const auto* object = parsed->if_object();
    const auto* inner = object == nullptr ? parsed : sdk::member(*object, "value");
    auto place = value_on(frame.topic);
    if (object != nullptr) add_value_id(*object, place);
    static const json::value kNothing;
    return value(sink, place, inner == nullptr ? kNothing : *inner, object);
  }

 private:
  // The whole ValueID says it all, also where the topic is of the site's own.
  static void add_value_id(const json::object& object, Value& place) {
    const auto command_class = sdk::number_at(object, "commandClass");
    if (!command_class || *command_class < 0 || *command_class > 255) return;
    place.command_class = static_cast<unsigned>(*command_class);
    place.endpoint = static_cast<unsigned>(
        std::clamp(sdk::number_at(object, "endpoint").value_or(0), 0.0, 255.0));
    const auto text = [&](std::string_view key, std::string_view name) {
      const auto* value = sdk::member(object, key);
      if (value != nullptr && value->is_number()) return sdk::text_or_empty(object, name);
      return sdk::text_or_empty(object, key);
    };
    place.property = words_of(text("property", "propertyName"));
    place.key = words_of(text("propertyKey", "propertyKeyName"));
    if (place.command_class == kAlarmSensor) {
      const auto number = sdk::number_at(object, "propertyKey");
      if (number) place.key = std::to_string(static_cast<int>(*number));
    }
  }

  Verdict value(Sink& sink, const Value& place, const json::value& value,
                const json::object* object) {
    if (place.node.empty()) return sink.not_mine("no topic of a node");
    std::string device(place.node);
    if (place.endpoint != 0) device.append("/endpoint_").append(std::to_string(place.endpoint));
    sink.identify(device);
    const auto unit = object == nullptr ? std::string{} : sdk::text_or_empty(*object, "unit");
    auto meant = meaning_of(place, value, unit, options_.device(device));
    if (!meant.known && place.command_class != 0) {
      return sink.ignore("a value that says nothing of a danger or of the surroundings");
    }
    if (!meant.known) return sink.not_mine("a value whose name says nothing of a danger");
    std::optional<std::int64_t> at;
    if (object != nullptr) {
      for (const std::string_view key : {"time", "lastUpdate"}) {
        if (!at) at = sdk::time_at(*object, key, options_.zone_minutes());
      }
    }
    if (json_.is_mended()) meant.observation.flag("repaired");
    sink.emit(meant.observation.device(device).observed(at, WATCHPOST_TIME_GATEWAY));
    if (!meant.unread.empty()) sink.not_understood(meant.unread);
    return Verdict::decoded;
  }

  // {"value":true,"status":"Alive"}, or true.
  Verdict status(const Frame& frame, Sink& sink) {
    auto device = frame.topic;
    device.remove_suffix(std::string_view("/status").size());
    sink.identify(device);
    const auto* parsed = json_.parse(frame.payload);
    if (parsed == nullptr) return sink.malformed(json_.why());
    const auto* object = parsed->if_object();
    const auto* inner = object == nullptr ? parsed : sdk::member(*object, "value");
    if (inner == nullptr || !inner->is_bool()) return sink.malformed("a status that is no flag");
    return sdk::emit_reachability(sink, device, inner->get_bool());
  }

  sdk::Options options_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::zwave_js

WATCHPOST_DECODER(watchpost::zwave_js::Decoder, "zwave_js", "1.0")
