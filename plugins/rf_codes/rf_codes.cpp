// Radio codes: rtl_433 (rtl_433/<host>/events, /states and /devices/...), and OpenMQTTGateway's
// <gateway>/433toMQTT. By the site's list only: [[device]] with the id of the device
// ("Smoke-GS558/12718", or with its unit behind it) or of the code ("rf/7028D2") and a profile.
#include "danger/rf_codes.hpp"

#include "base/encoding.hpp"
#include "rf_codes/message.hpp"
#include "sdk/decoder.hpp"
#include "sdk/reachability.hpp"

namespace watchpost::rf_codes {
namespace {

using sdk::Frame;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : options_(options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload: a retained message was removed");
    if (frame.topic.ends_with("/433toMQTT")) return gateway(frame, sink);
    if (text == "online" || text == "offline") {
      const auto device = frame.topic.substr(0, frame.topic.rfind('/'));
      return sdk::emit_reachability(sink, device, text == "online");
    }
    if (frame.topic.find("/devices/") != std::string_view::npos) {
      return sink.ignore("one member of a message that is published whole as an event");
    }
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    const auto device = device_in(*message);
    if (device.empty()) return sink.ignore("a message of rtl_433 about itself");
    sink.identify(device);
    const auto id = listed_id(*message, device);
    const auto word = danger::site_word(options_.device(id.empty() ? device : id));
    json::object state;
    auto heard = heard_in(*message, word, state);
    if (json_.is_mended()) heard.observation.flag("repaired");
    const auto at = sdk::time_at(*message, "time", options_.zone_minutes());
    sink.emit(heard.observation.device(word ? std::string_view(id) : std::string_view(device))
                  .observed(at, WATCHPOST_TIME_GATEWAY));
    if (!heard.unread.empty()) sink.not_understood(heard.unread);
    return Verdict::decoded;
  }

 private:
  // The device with its unit or code, as the site may list it; empty where it lists none.
  [[nodiscard]] std::string listed_id(const json::object& message,
                                      const std::string& device) const {
    for (const std::string_view key : {"unit", "button", "code"}) {
      const auto* value = sdk::member(message, key);
      if (value == nullptr) continue;
      const auto text = value->is_string()  ? std::string(value->get_string())
                        : value->is_int64() ? std::to_string(value->get_int64())
                                            : std::string{};
      if (text.empty() || text.size() > 64) continue;
      std::string id = device + "/" + text;
      if (options_.device(id) != nullptr) return id;
    }
    if (options_.device(device) != nullptr) return device;
    if (const auto* code = sdk::member(message, "code")) {
      std::string id = "rf/" + danger::rf_code(*code);
      if (options_.device(id) != nullptr) return id;
    }
    return {};
  }

  // {"value":7350482,"protocol":1,"length":24,"delay":350}; "hex" in newer versions.
  Verdict gateway(const Frame& frame, Sink& sink) {
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    auto receiver = frame.topic;
    receiver.remove_suffix(std::string_view("/433toMQTT").size());
    sink.identify(receiver);
    const auto* value = sdk::member(*message, "value");
    const auto number = value == nullptr ? std::nullopt : sdk::number_of(*value);
    const auto code = number ? danger::rf_code(json::value(*number)) : std::string{};
    if (code.empty()) return sink.malformed("no code in \"value\"");
    auto observation = danger::heard_code(options_, {.receiver = receiver, .code = code});
    if (const auto bits = sdk::number_at(*message, "length")) observation.number({"bits"}, *bits);
    sink.emit(observation);
    return Verdict::decoded;
  }

  sdk::Options options_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::rf_codes

WATCHPOST_DECODER(watchpost::rf_codes::Decoder, "rf_codes", "1.0")
