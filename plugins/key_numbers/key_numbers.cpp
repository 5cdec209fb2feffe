// JSON whose members are numbers (迅鸣物联网, showdoc.com.cn/1014034257250686): on
// /xm/sh/response/mqtt/<gateway>/<model>/v2, devices with "params" {"55": "1", "56": 177}. What a
// number means is by model; known is 2018, a 4G sensor of water level. Its "action" is "alarm" for
// alarm and recovery alike, and another for what it sends on a schedule: key 55 decides.
#include <boost/json/serialize.hpp>

#include "sdk/decoder.hpp"
#include "sdk/json.hpp"

namespace watchpost::key_numbers {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;

constexpr std::string_view kLevelSensor = "2018";
constexpr std::string_view kAlarm = "55";
constexpr std::string_view kLevel = "56";

// "1", 1, true; nothing for another value.
std::optional<bool> flag_of(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  const auto number = sdk::number_of(value);
  if (!number || (*number != 0 && *number != 1)) return std::nullopt;
  return *number == 1;
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto gateway = sdk::topic_level(frame.topic, 5).value_or("");
    const auto model = sdk::topic_level(frame.topic, 6).value_or("");
    if (gateway.empty()) return sink.not_mine("the topic names no gateway");
    sink.identify(gateway);
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    const auto* payload = sdk::object_at(*message, "payload");
    const auto* devices = payload == nullptr ? nullptr : sdk::member(*payload, "devices");
    if (devices == nullptr || !devices->is_array()) return sink.malformed("no devices in it");
    const auto* header = sdk::object_at(*message, "header");
    const auto at = header == nullptr ? std::nullopt : sdk::time_at(*header, "timeStamp", 0);
    bool any = false;
    constexpr std::size_t kMost = 256;
    for (std::size_t i = 0; i < devices->get_array().size() && i < kMost; ++i) {
      const auto* device = devices->get_array()[i].if_object();
      if (device != nullptr) any = tell(*device, {gateway, model, at}, sink) || any;
    }
    return any ? Verdict::decoded : sink.not_mine("no key whose meaning is known for this model");
  }

 private:
  struct Place {
    std::string_view gateway;
    std::string_view model;
    std::optional<std::int64_t> at;
  };

  bool tell(const json::object& device, const Place& place, Sink& sink) const {
    const auto* params = sdk::object_at(device, "params");
    const auto model = sdk::text_at(device, "modeid").value_or(place.model);
    if (params == nullptr || model != kLevelSensor) return false;
    const auto* alarm = sdk::member(*params, kAlarm);
    const auto* level = sdk::member(*params, kLevel);
    if (alarm == nullptr && level == nullptr) return false;
    const auto raised = alarm == nullptr ? std::nullopt : flag_of(*alarm);
    Observation observation(WATCHPOST_WATER_LEVEL, !raised   ? WATCHPOST_UNKNOWN
                                                   : *raised ? WATCHPOST_ALARM
                                                             : WATCHPOST_NORMAL);
    if (level != nullptr) observation.number({"level", "mm"}, sdk::number_of(*level));
    if (raised) observation.text({"device_alarm"}, *raised ? "high" : "none");
    if (json_.is_mended()) observation.flag("repaired");
    std::string unread;
    if (alarm != nullptr && !raised && !alarm->is_null()) {
      observation.flag("not_understood");
      unread = "key 55 (alarm) says " + json::serialize(*alarm).substr(0, 80) +
               ", in no form that is known";
    }
    // One gateway may carry several sensors; its own is node 000.
    std::string id(place.gateway);
    const auto serial = sdk::text_or_empty(device, "devicesn");
    const auto node = sdk::text_or_empty(device, "nodeid");
    constexpr std::size_t kLongest = 100;
    if (!serial.empty() && serial.size() <= kLongest) {
      id.append("/").append(serial);
    } else if (node.size() <= kLongest && node.find_first_not_of('0') != std::string::npos) {
      id.append("/").append(node);
    }
    sink.emit(observation.device(id).observed(place.at, WATCHPOST_TIME_DEVICE));
    if (!unread.empty()) sink.not_understood(unread);
    return true;
  }

  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::key_numbers

WATCHPOST_DECODER(watchpost::key_numbers::Decoder, "key_numbers", "1.0")
