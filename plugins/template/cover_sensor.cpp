// A whole decoder, to copy: a sensor under a manhole cover that publishes, on cover/<id>/state,
//   {"open":false,"tilt":2.5,"battery":88,"at":"2026-05-01T08:00:00Z"}
// Option: topic = "cover" (the first topic level).
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"

namespace {

using namespace watchpost::sdk;

class CoverSensor {
 public:
  explicit CoverSensor(const Options& options)
      : first_level_(options.text("topic", Options::Fallback("cover"))),
        zone_minutes_(options.zone_minutes()) {
    options.refuse_unknown({"topic"});
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    // Not mine: the next decoder bound to the topic may try.
    if (topic_level(frame.topic, 0) != first_level_) return sink.not_mine("not a cover's topic");
    const auto device = topic_level(frame.topic, 1).value_or("");
    if (device.empty()) return sink.not_mine("the topic names no cover");
    sink.identify(device);

    const auto* state = json_.parse_object(frame.payload);
    if (state == nullptr) return sink.malformed(json_.why());
    if (!state->contains("open")) return sink.malformed("\"open\" is missing");

    // null is unknown: neither open nor closed.
    const auto open = boolean_at(*state, "open");
    Observation observation(WATCHPOST_MEASUREMENT, !open   ? WATCHPOST_UNKNOWN
                                                   : *open ? WATCHPOST_TAMPER
                                                           : WATCHPOST_NORMAL);
    observation.device(device).boolean({"tamper"}, open);
    if (state->contains("tilt"))
      observation.number({"tilt_angle", "deg"}, number_at(*state, "tilt"));
    if (state->contains("battery")) {
      observation.number({"battery", "%EL"}, number_at(*state, "battery"));
    }
    observation.observed(time_at(*state, "at", zone_minutes_), WATCHPOST_TIME_DEVICE);
    sink.emit(observation);
    return Verdict::decoded;
  }

 private:
  std::string first_level_;
  int zone_minutes_;
  JsonDocument json_;
};

}  // namespace

WATCHPOST_DECODER(CoverSensor, "cover_sensor", "1.0")
