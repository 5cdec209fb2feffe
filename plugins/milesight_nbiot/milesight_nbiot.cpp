// Milesight sensors with an NB-IoT modem (EM400, EM300) over MQTT, or through a bridge from UDP or
// TCP: the frame, and in it the same items as over LoRaWAN, read by the same codecs.
// Options: profile (of devices that the site does not list, "milesight-em400-udl").
// The id of a device is its serial number.
#include <stdexcept>

#include "danger/telling.hpp"
#include "lorawan/profiles.hpp"
#include "milesight_nbiot/frame.hpp"
#include "sdk/decoder.hpp"

namespace watchpost::milesight_nbiot {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

bool is_alarm(const Observation& observation) {
  return observation.state() == WATCHPOST_ALARM || observation.state() == WATCHPOST_SUSPECTED;
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : options_(options) {
    options.refuse_unknown({"profile"});
    const auto profile = options.text("profile", sdk::Options::Fallback(""));
    if (!profile.empty() && lorawan::find_codec(profile) == nullptr) {
      throw std::invalid_argument(lorawan::no_codec_called(profile));
    }
    fallback_ = lorawan::find_codec(profile);
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    std::string_view rest = frame.payload;
    if (rest.empty()) return sink.ignore("an empty payload");
    bool any = false;
    while (!rest.empty()) {
      std::string why;
      const auto nbiot = take_frame(rest, why);
      if (!nbiot) {
        if (!any) return sink.malformed(why);
        // What was read stays; the sender is told of as one whose message was not read whole.
        sink.not_understood(why);
        return Verdict::decoded;
      }
      sink.identify(nbiot->serial);
      const auto codec = codec_of(nbiot->serial);
      if (codec == nullptr) {
        return sink.malformed("no profile for this serial number: list it as a [[device]]");
      }
      if (!read(*nbiot, codec, sink, why)) {
        if (!any) return sink.malformed(why);
        sink.not_understood(why);
        return Verdict::decoded;
      }
      any = true;
    }
    return Verdict::decoded;
  }

 private:
  [[nodiscard]] lorawan::Codec codec_of(std::string_view serial) const {
    const auto* device = options_.device(serial);
    if (device == nullptr || device->profile.empty()) return fallback_;
    return lorawan::find_codec(device->profile);
  }

  // The last measurement is that of now; of those before it only what is an alarm sounds.
  static bool read(const Nbiot& nbiot, lorawan::Codec codec, Sink& sink, std::string& why) {
    const auto measurements = measurements_in(nbiot.items);
    bool any = false;
    for (std::size_t i = 0; i < measurements.size(); ++i) {
      lorawan::Decoded decoded;
      if (!codec({measurements[i], 0}, decoded)) {
        why = decoded.why;
        if (!any) return false;
        sink.not_understood(why);
        return true;
      }
      for (Observation& observation : decoded.observations) {
        if (i + 1 < measurements.size() && !is_alarm(observation)) observation.history();
        observation.number({"csq"},
                           nbiot.csq == 99 ? std::nullopt : std::optional<double>(nbiot.csq));
        sink.emit(observation.device(nbiot.serial));
        any = true;
      }
      if (!decoded.unread.empty()) sink.not_understood(decoded.unread);
    }
    if (any) return true;
    Observation alive(WATCHPOST_HEARTBEAT, WATCHPOST_INFO);
    sink.emit(alive.device(nbiot.serial));
    return true;
  }

  sdk::Options options_;
  lorawan::Codec fallback_ = nullptr;
};

}  // namespace
}  // namespace watchpost::milesight_nbiot

WATCHPOST_DECODER(watchpost::milesight_nbiot::Decoder, "milesight_nbiot", "1.0")
