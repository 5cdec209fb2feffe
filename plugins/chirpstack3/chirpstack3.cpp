// ChirpStack v3 (and LoRa Server before it): application/<id>/device/<dev EUI>/event/<up|status|
// join|ack|error|txack|location> or .../rx, below any prefix. Both marshalers: JSON (EUI in
// hexadecimal, `object`) and Protobuf JSON (EUI in base64, `objectJSON`, a text).
// The payload codec is chosen as profiles.hpp says. Options: profiles = {}, low_battery_percent.
#include "base/encoding.hpp"
#include "lorawan/chirpstack_events.hpp"
#include "sdk/text.hpp"

namespace watchpost::chirpstack3 {
namespace {

using sdk::Frame;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;
namespace chirpstack = lorawan::chirpstack;

// Eight bytes in base64 are twelve characters, in hexadecimal sixteen.
std::string eui_of(std::string_view text) {
  if (text.size() != 12) return sdk::lower_case(text);
  const auto bytes = from_base64(text);
  return bytes && bytes->size() == 8 ? to_hex(*bytes) : sdk::lower_case(text);
}

class Decoder {
 public:
  static constexpr bool kUnwraps = true;

  explicit Decoder(const sdk::Options& options) : uplinks_(options) {
    options.refuse_unknown({"profiles", "low_battery_percent"});
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto place = chirpstack::place_of(frame.topic);
    const auto* event = json_.parse_object(frame.payload);
    if (event == nullptr) return chirpstack::not_json(place, json_.why(), sink);
    const auto written = sdk::text_at(*event, "devEUI");
    if (!written) return sink.not_mine("no devEUI: not an event of ChirpStack v3");
    eui_ = place.eui.empty() ? eui_of(*written) : std::string(place.eui);
    if (eui_.empty()) return sink.malformed("neither topic nor devEUI names a device");
    sink.identify(eui_);
    lorawan::Envelope envelope;
    envelope.sender.device = eui_;
    envelope.sender.name = sdk::text_at(*event, "deviceName").value_or("");
    envelope.sender.profile_name = sdk::text_at(*event, "deviceProfileName").value_or("");
    if (const auto* tags = sdk::object_at(*event, "tags")) {
      envelope.sender.tag = sdk::text_at(*tags, "watchpost_profile").value_or("");
    }
    envelope.time = chirpstack::gateway_time(*event);
    envelope.time_source = WATCHPOST_TIME_GATEWAY;
    const bool up = place.event == "up" || place.event == "rx" || event->contains("data");
    if (!up) return chirpstack::other_event(place.event, *event, envelope, sink);
    chirpstack::read_uplink(*event, "loRaSNR", envelope);
    if (envelope.decoded == nullptr) {
      // A text that is no JSON is the server's trouble, not the device's.
      envelope.decoded = object_.parse_object(sdk::text_at(*event, "objectJSON").value_or(""));
    }
    return uplinks_.read(envelope, sink);
  }

 private:
  lorawan::Uplinks uplinks_;
  sdk::JsonDocument json_;
  sdk::JsonDocument object_;
  std::string eui_;
};

}  // namespace
}  // namespace watchpost::chirpstack3

WATCHPOST_DECODER(watchpost::chirpstack3::Decoder, "chirpstack3", "1.0")
