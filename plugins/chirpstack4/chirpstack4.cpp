// ChirpStack v4: .../device/<dev EUI>/event/<up|status|join|ack|txack|log|location>, below any
// prefix, or whatever the operator has made of it.
// The payload codec is chosen as profiles.hpp says. Options: profiles = {}, low_battery_percent.
#include "lorawan/chirpstack_events.hpp"

namespace watchpost::chirpstack4 {
namespace {

using sdk::Frame;
using sdk::Sink;
using sdk::Verdict;
namespace chirpstack = lorawan::chirpstack;

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
    const auto* device = sdk::object_at(*event, "deviceInfo");
    if (device == nullptr) return sink.not_mine("no deviceInfo: not an event of ChirpStack v4");
    lorawan::Envelope envelope;
    auto& sender = envelope.sender;
    sender.device = place.eui.empty() ? sdk::text_at(*device, "devEui").value_or("") : place.eui;
    if (sender.device.empty()) return sink.malformed("neither topic nor deviceInfo names a device");
    sink.identify(sender.device);
    sender.name = sdk::text_at(*device, "deviceName").value_or("");
    sender.profile_name = sdk::text_at(*device, "deviceProfileName").value_or("");
    if (const auto* tags = sdk::object_at(*device, "tags")) {
      sender.tag = sdk::text_at(*tags, "watchpost_profile").value_or("");
    }
    envelope.time = sdk::time_at(*event, "time", 0);
    const bool up = place.event == "up" || event->contains("data") || event->contains("fCnt");
    if (!up || place.event == "ack" || place.event == "log") {
      return chirpstack::other_event(place.event, *event, envelope, sink);
    }
    chirpstack::read_uplink(*event, "snr", envelope);
    return uplinks_.read(envelope, sink);
  }

 private:
  lorawan::Uplinks uplinks_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::chirpstack4

WATCHPOST_DECODER(watchpost::chirpstack4::Decoder, "chirpstack4", "2.0")
