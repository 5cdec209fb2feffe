// ChirpStack v4: application/<id>/device/<dev EUI>/event/<up|status|join|ack|txack|log|location>.
// The payload codec is chosen by the dev EUI's profile in the device table, else by option
// `profiles` (device profile name -> codec). Options: profiles = {}, low_battery_percent = 20.
#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/encoding.hpp"
#include "base/text.hpp"
#include "lorawan/codec.hpp"
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"

namespace watchpost::chirpstack4 {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

constexpr std::size_t kSlips = 3;

std::string no_codec_called(std::string_view profile) {
  std::string wanted = sdk::lower_case(profile);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  std::string near;
  // All that are as near as a slip of the keyboard: the first may not be the one that was meant.
  for (const std::string_view name : lorawan::codec_names()) {
    if (edit_distance(wanted, name) > kSlips) continue;
    near.append(near.empty() ? "\"" : ", \"").append(name).append("\"");
  }
  std::replace(near.begin(), near.end(), '_', '-');
  std::string sentence = "no payload codec is called \"" + std::string(profile) + "\"";
  return near.empty() ? sentence : sentence + "; near are " + near;
}

lorawan::Codec codec_or_throw(std::string_view profile) {
  if (const auto codec = lorawan::find_codec(profile)) return codec;
  throw std::invalid_argument(no_codec_called(profile));
}

struct Envelope {
  std::string_view eui;
  std::string_view profile_name;
  std::optional<std::int64_t> time;
};

// The strongest of the gateways that heard it.
const sdk::json::object* best_reception(const sdk::json::object& event) {
  const auto* list = sdk::member(event, "rxInfo");
  if (list == nullptr || !list->is_array()) return nullptr;
  const sdk::json::object* best = nullptr;
  double strongest = -1e9;
  for (const auto& entry : list->get_array()) {
    const auto* reception = entry.if_object();
    if (reception == nullptr) continue;
    const double rssi = sdk::number_at(*reception, "rssi").value_or(-1e8);
    if (rssi > strongest) {
      strongest = rssi;
      best = reception;
    }
  }
  return best;
}

void add_link(const sdk::json::object& event, Observation& observation) {
  // Proto3 JSON may leave out a counter that is 0.
  observation.number({"fcnt"}, sdk::number_at(event, "fCnt").value_or(0));
  const auto* reception = best_reception(event);
  if (reception == nullptr) return;
  if (const auto rssi = sdk::number_at(*reception, "rssi")) {
    observation.number({"rssi", "dBm"}, *rssi);
  }
  if (const auto snr = sdk::number_at(*reception, "snr")) observation.number({"snr", "dB"}, *snr);
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : options_(options) {
    options.refuse_unknown({"profiles", "low_battery_percent"});
    const auto* profiles = sdk::object_at(options.own(), "profiles");
    if (profiles == nullptr) {
      if (options.own().contains("profiles")) {
        throw std::invalid_argument("option \"profiles\" must map profile names to codecs");
      }
    } else {
      for (const auto& entry : *profiles) {
        const auto* codec = entry.value().if_string();
        if (codec == nullptr) throw std::invalid_argument("a codec in \"profiles\" is not a text");
        profiles_.emplace(entry.key(), codec_or_throw(*codec));
      }
    }
    low_battery_percent_ = sdk::number_at(options.own(), "low_battery_percent").value_or(20);
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto eui = sdk::topic_level(frame.topic, 3).value_or("");
    const auto event = sdk::topic_level(frame.topic, 5).value_or("");
    if (eui.empty() || event.empty() || !frame.topic.starts_with("application/")) {
      return sink.not_mine("not a ChirpStack event topic");
    }
    sink.identify(eui);
    const auto* content = json_.parse_object(frame.payload);
    if (content == nullptr) return sink.malformed(json_.why());
    const auto* device = sdk::object_at(*content, "deviceInfo");
    if (device == nullptr) return sink.not_mine("no deviceInfo: not an event of ChirpStack v4");
    const Envelope envelope{eui, sdk::text_at(*device, "deviceProfileName").value_or(""),
                            sdk::time_at(*content, "time", 0)};
    if (event == "up") return up(*content, envelope, sink);
    if (event == "status") return status(*content, envelope, sink);
    if (event == "join") {
      Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
      return emit(observation.boolean({"joined"}, true), envelope, sink);
    }
    if (event == "log") return log(*content, envelope, sink);
    if (event == "ack" || event == "txack") return sink.ignore("a downlink's acknowledgement");
    return sink.not_mine("an event this decoder does not know");
  }

 private:
  Verdict emit(Observation& observation, const Envelope& envelope, Sink& sink) const {
    observation.device(envelope.eui);
    if (!observation.has_time()) observation.observed(envelope.time, WATCHPOST_TIME_NETWORK);
    sink.emit(observation);
    return Verdict::decoded;
  }

  [[nodiscard]] lorawan::Codec codec_of(const Envelope& envelope) const {
    const auto* device = options_.device(envelope.eui);
    if (device != nullptr && !device->profile.empty()) return lorawan::find_codec(device->profile);
    const auto mapped = profiles_.find(envelope.profile_name);
    return mapped == profiles_.end() ? nullptr : mapped->second;
  }

  [[nodiscard]] std::string why_no_codec(const Envelope& envelope) const {
    const auto* device = options_.device(envelope.eui);
    // A profile of the device table may belong to another decoder, so that only a message tells.
    if (device != nullptr && !device->profile.empty()) return no_codec_called(device->profile);
    return "no payload codec for this device: give its dev EUI a profile in the device table, or "
           "map its device profile name in the decoder's option \"profiles\"";
  }

  Verdict up(const sdk::json::object& event, const Envelope& envelope, Sink& sink) {
    const auto encoded = sdk::text_at(event, "data").value_or("");
    if (encoded.empty()) {  // MAC commands only: the device lives
      Observation alive(WATCHPOST_HEARTBEAT, WATCHPOST_INFO);
      add_link(event, alive);
      return emit(alive, envelope, sink);
    }
    const auto bytes = from_base64(encoded);
    if (!bytes) return sink.malformed("\"data\" is not base64");
    const auto codec = codec_of(envelope);
    if (codec == nullptr) return sink.not_mine(why_no_codec(envelope));
    lorawan::Decoded decoded;
    const auto port = static_cast<int>(sdk::number_at(event, "fPort").value_or(0));
    if (!codec(lorawan::Uplink{*bytes, port}, decoded)) return sink.malformed(decoded.why);
    if (decoded.observations.empty()) return sink.ignore("an answer to a configuration command");
    for (auto& observation : decoded.observations) {
      add_link(event, observation);
      const bool low = observation.value_of("battery").value_or(100) <= low_battery_percent_;
      if (low && !observation.has("low_battery")) observation.boolean({"low_battery"}, true);
      emit(observation, envelope, sink);
    }
    return Verdict::decoded;
  }

  Verdict status(const sdk::json::object& event, const Envelope& envelope, Sink& sink) {
    Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    const bool external = sdk::boolean_at(event, "externalPowerSource").value_or(false);
    const bool unavailable = sdk::boolean_at(event, "batteryLevelUnavailable").value_or(false);
    if (external) {
      observation.boolean({"external_power"}, true);
    } else {
      // Absent, or 0 with the mark "unavailable": unknown either way.
      observation.number({"battery", "%EL"},
                         unavailable ? std::nullopt : sdk::number_at(event, "batteryLevel"));
    }
    observation.number({"margin", "dB"}, sdk::number_at(event, "margin"));
    return emit(observation, envelope, sink);
  }

  Verdict log(const sdk::json::object& event, const Envelope& envelope, Sink& sink) {
    Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    observation.text({"log_level"}, sdk::text_at(event, "level").value_or(""));
    observation.text({"log_code"}, sdk::text_at(event, "code").value_or(""));
    return emit(observation, envelope, sink);
  }

  sdk::Options options_;
  std::map<std::string, lorawan::Codec, std::less<>> profiles_;
  double low_battery_percent_ = 20;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::chirpstack4

WATCHPOST_DECODER(watchpost::chirpstack4::Decoder, "chirpstack4", "1.0")
