// The Things Stack v3: v3/<application>@<tenant>/devices/<device id>/<up|join|down/...>, below any
// prefix. The payload codec is chosen as profiles.hpp says; the device repository's brand and model
// stand for the name of the device profile. Zero, "" and false are left out by the server.
// Options: profiles = {}, low_battery_percent.
#include "lorawan/uplinks.hpp"
#include "sdk/text.hpp"

namespace watchpost::things_stack {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;

std::string_view text_of(const json::object* object, std::string_view key) {
  return object == nullptr ? std::string_view{} : sdk::text_at(*object, key).value_or("");
}

std::string model_of(const json::object* uplink) {
  const auto* versions = uplink == nullptr ? nullptr : sdk::object_at(*uplink, "version_ids");
  const auto model = text_of(versions, "model_id");
  if (model.empty()) return {};
  return std::string(text_of(versions, "brand_id")).append(" ").append(model);
}

// An attribute's name may hold no '_' there.
std::string_view tag_of(const json::object& holder) {
  const auto* attributes = sdk::object_at(holder, "attributes");
  const auto tag = text_of(attributes, "watchpost-profile");
  return tag.empty() ? text_of(attributes, "watchpost_profile") : tag;
}

class Decoder {
 public:
  static constexpr bool kUnwraps = true;

  explicit Decoder(const sdk::Options& options) : options_(options), uplinks_(options) {
    options.refuse_unknown({"profiles", "low_battery_percent"});
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return broken(frame.topic, sink);
    const auto* ids = sdk::object_at(*message, "end_device_ids");
    if (ids == nullptr) return sink.not_mine("no end_device_ids: not of The Things Stack v3");
    const auto id = text_of(ids, "device_id");
    eui_ = sdk::lower_case(text_of(ids, "dev_eui"));
    const bool by_id =
        eui_.empty() || (options_.device(eui_) == nullptr && options_.device(id) != nullptr);
    const std::string_view name = by_id ? id : std::string_view(eui_);
    if (name.empty()) return sink.malformed("end_device_ids names no device");
    sink.identify(name);
    const auto* uplink = sdk::object_at(*message, "uplink_message");
    model_ = model_of(uplink);
    lorawan::Envelope envelope;
    envelope.sender = {name, by_id ? std::string_view{} : id, tag_of(*message), model_, id};
    if (envelope.sender.tag.empty() && uplink != nullptr) envelope.sender.tag = tag_of(*uplink);
    envelope.time = sdk::time_at(*message, "received_at", 0);
    envelope.simulated = sdk::boolean_at(*message, "simulated").value_or(false);
    if (uplink != nullptr) return up(*uplink, envelope, sink);
    if (message->contains("join_accept")) {
      Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
      return lorawan::Uplinks::emit(observation.boolean({"joined"}, true), envelope, sink);
    }
    return sink.ignore("not from the device: a downlink's state, a place, a service");
  }

 private:
  // Only of the topic of an uplink is it sure whose the message is.
  Verdict broken(std::string_view topic, Sink& sink) {
    const auto at = topic.find("/devices/");
    if (at == std::string_view::npos || !topic.ends_with("/up")) return sink.not_mine(json_.why());
    const auto rest = topic.substr(at + 9);
    if (rest.size() > 3) sink.identify(rest.substr(0, rest.size() - 3));
    return sink.malformed(json_.why());
  }

  Verdict up(const json::object& uplink, lorawan::Envelope& envelope, Sink& sink) const {
    envelope.counter = sdk::number_at(uplink, "f_cnt").value_or(0);
    const auto port = sdk::number_at(uplink, "f_port").value_or(0);
    envelope.port = port >= 0 && port <= 255 ? static_cast<int>(port) : 0;
    envelope.data = sdk::text_at(uplink, "frm_payload").value_or("");
    envelope.decoded = sdk::object_at(uplink, "decoded_payload");
    if (const auto* battery = sdk::object_at(uplink, "last_battery_percentage")) {
      envelope.battery = sdk::number_at(*battery, "value");
    }
    if (const auto* list = sdk::member(uplink, "rx_metadata");
        list != nullptr && list->is_array()) {
      for (const auto& entry : list->get_array()) add_reception(entry, envelope);
    }
    return uplinks_.read(envelope, sink);
  }

  static void add_reception(const json::value& entry, lorawan::Envelope& envelope) {
    const auto* reception = entry.if_object();
    if (reception == nullptr) return;
    const auto time = sdk::time_at(*reception, "time", 0);
    const bool first = envelope.time_source != WATCHPOST_TIME_GATEWAY;
    if (time && (first || *time < envelope.time.value_or(*time))) {
      envelope.time = time;
      envelope.time_source = WATCHPOST_TIME_GATEWAY;
    }
    const auto rssi = sdk::number_at(*reception, "rssi");
    if (!rssi || *rssi <= envelope.rssi.value_or(-1e9)) return;
    envelope.rssi = rssi;
    envelope.snr = sdk::number_at(*reception, "snr");
  }

  sdk::Options options_;
  lorawan::Uplinks uplinks_;
  sdk::JsonDocument json_;
  std::string eui_;
  std::string model_;
};

}  // namespace
}  // namespace watchpost::things_stack

WATCHPOST_DECODER(watchpost::things_stack::Decoder, "things_stack", "1.0")
