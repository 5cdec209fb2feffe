// Shelly over MQTT: generation 1 below shellies/<id>/, generation 2 on <id>/events/rpc,
// <id>/status/+ and <id>/online. Battery devices sleep for a day: silence is normal. A self-test
// sets no alarm.
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "shelly/status.hpp"

namespace watchpost::shelly {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto first = sdk::topic_level(frame.topic, 0).value_or("");
    if (first == "shellies") return generation1(frame, sink);
    auto rest = frame.topic;
    rest.remove_prefix(std::min(rest.size(), first.size() + 1));
    sink.identify(first);
    if (rest == "online") return online(frame, sink, first);
    if (rest == "events/rpc") return rpc(frame, sink, first);
    if (rest.starts_with("status/")) return status(frame, sink, rest.substr(7));
    return sink.not_mine("not a topic of a Shelly");
  }

 private:
  Verdict generation1(const Frame& frame, Sink& sink) {
    const auto device = sdk::topic_level(frame.topic, 1).value_or("");
    const auto what = sdk::topic_level(frame.topic, 2).value_or("");
    if (device.empty() || what.empty()) return sink.ignore("no device's own topic");
    sink.identify(device);
    if (what == "online") return online(frame, sink, device);
    if (what == "announce") return sink.ignore("an announcement of the device's own facts");
    if (what == "command") return sink.ignore("a command to the device");
    Observation observation;
    if (what == "info") {
      const auto* info = json_.parse_object(frame.payload);
      if (info == nullptr) return sink.malformed(json_.why());
      if (!read_info(*info, observation)) return sink.not_mine("no member of a detector in it");
    } else if (what == "sensor") {
      const auto name = sdk::topic_level(frame.topic, 3).value_or("");
      if (!read_sensor(name, sdk::trim(frame.payload), observation)) {
        return sink.not_mine("not a sensor this decoder knows");
      }
    } else {
      return sink.not_mine("not a topic of a detector");
    }
    sink.emit(observation.device(device));
    return Verdict::decoded;
  }

  // Other makers use <x>/online too; only a Shelly's own name is taken as one.
  static Verdict online(const Frame& frame, Sink& sink, std::string_view device) {
    if (!device.starts_with("shelly")) return sink.not_mine("not a Shelly by its name");
    const auto word = sdk::trim(frame.payload);
    if (word != "true" && word != "false") return sink.malformed("neither true nor false");
    const bool is_online = word == "true";
    // A battery device goes off line each time it falls asleep: a fact, not a fault.
    Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    sink.emit(observation.device(device).boolean({"online"}, is_online));
    return Verdict::decoded;
  }

  Verdict rpc(const Frame& frame, Sink& sink, std::string_view device) {
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    const auto method = sdk::text_at(*message, "method").value_or("");
    if (method != "NotifyFullStatus" && method != "NotifyStatus") {
      return sink.not_mine("not a status notification");
    }
    const auto* params = sdk::object_at(*message, "params");
    if (params == nullptr) return sink.malformed("a status notification without params");
    Observation observation;
    if (!read_components(*params, observation)) {
      return sink.not_mine("no component of a detector in it");
    }
    // `ts` counts from the start until the clock is set; time_at() refuses such small numbers.
    observation.observed(sdk::time_at(*params, "ts", 0), WATCHPOST_TIME_DEVICE);
    sink.emit(observation.device(sdk::text_at(*message, "src").value_or(device)));
    return Verdict::decoded;
  }

  Verdict status(const Frame& frame, Sink& sink, std::string_view component) {
    const auto device = sdk::topic_level(frame.topic, 0).value_or("");
    const auto* content = json_.parse_object(frame.payload);
    if (content == nullptr) return sink.malformed(json_.why());
    Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    if (!read_component(component, *content, observation) || observation.empty()) {
      return sink.not_mine("not a component of a detector");
    }
    if (observation.has("temperature") || observation.has("humidity")) {
      observation.kind(WATCHPOST_MEASUREMENT);
    }
    sink.emit(observation.device(device));
    return Verdict::decoded;
  }

  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::shelly

WATCHPOST_DECODER(watchpost::shelly::Decoder, "shelly", "1.0")
