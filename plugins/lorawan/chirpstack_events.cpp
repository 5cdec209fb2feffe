#include "lorawan/chirpstack_events.hpp"

#include <algorithm>

namespace watchpost::lorawan::chirpstack {
namespace {

namespace json = sdk::json;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

const json::array* receptions(const json::object& event) {
  const auto* list = sdk::member(event, "rxInfo");
  return list == nullptr ? nullptr : list->if_array();
}

// Of the strongest of the gateways that heard it.
void add_link(const json::object& event, std::string_view snr, Envelope& envelope) {
  const auto* list = receptions(event);
  if (list == nullptr) return;
  double strongest = -1e9;
  for (const auto& entry : *list) {
    const auto* reception = entry.if_object();
    if (reception == nullptr) continue;
    const double rssi = sdk::number_at(*reception, "rssi").value_or(-1e8);
    if (rssi <= strongest) continue;
    strongest = rssi;
    envelope.rssi = sdk::number_at(*reception, "rssi");
    envelope.snr = sdk::number_at(*reception, snr);
  }
}

Verdict status(const json::object& event, const Envelope& envelope, Sink& sink) {
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
  return Uplinks::emit(observation, envelope, sink);
}

// Version 3 calls it "error", with `type` and the text in `error`.
Verdict log(const json::object& event, const Envelope& envelope, Sink& sink) {
  Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
  observation.text({"log_level"}, sdk::text_at(event, "level").value_or("ERROR"));
  const auto code = sdk::text_at(event, "code");
  observation.text({"log_code"}, code ? *code : sdk::text_at(event, "type").value_or(""));
  return Uplinks::emit(observation, envelope, sink);
}

}  // namespace

Place place_of(std::string_view topic) {
  Place place;
  const auto cut_last = [&topic] {
    const auto slash = topic.rfind('/');
    const auto level = slash == std::string_view::npos ? topic : topic.substr(slash + 1);
    topic = slash == std::string_view::npos ? std::string_view{} : topic.substr(0, slash);
    return level;
  };
  place.event = cut_last();
  auto eui = cut_last();
  if (eui == "event") eui = cut_last();
  if (cut_last() == "device") place.eui = eui;
  return place;
}

Verdict not_json(const Place& place, std::string_view why, Sink& sink) {
  if (place.eui.empty()) return sink.not_mine(why);
  sink.identify(place.eui);
  return sink.malformed(why);
}

void read_uplink(const json::object& event, std::string_view snr, Envelope& envelope) {
  add_link(event, snr, envelope);
  // Proto3 JSON may leave out a counter that is 0.
  envelope.counter = sdk::number_at(event, "fCnt").value_or(0);
  const auto port = sdk::number_at(event, "fPort").value_or(0);
  envelope.port = port >= 0 && port <= 255 ? static_cast<int>(port) : 0;
  envelope.data = sdk::text_at(event, "data").value_or("");
  envelope.decoded = sdk::object_at(event, "object");
}

std::optional<std::int64_t> gateway_time(const json::object& event) {
  std::optional<std::int64_t> earliest;
  const auto* list = receptions(event);
  if (list == nullptr) return earliest;
  for (const auto& entry : *list) {
    const auto* reception = entry.if_object();
    if (reception == nullptr) continue;
    const auto time = sdk::time_at(*reception, "time", 0);
    if (time && (!earliest || *time < *earliest)) earliest = time;
  }
  return earliest;
}

Verdict other_event(std::string_view name, const json::object& event, const Envelope& envelope,
                    Sink& sink) {
  if (name == "status") return status(event, envelope, sink);
  if (name == "join") {
    Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    return Uplinks::emit(observation.boolean({"joined"}, true), envelope, sink);
  }
  if (name == "log" || name == "error") return log(event, envelope, sink);
  if (name == "ack" || name == "txack") return sink.ignore("a downlink's acknowledgement");
  if (name == "location" || name == "integration") return sink.ignore("not from the device");
  return sink.not_mine("an event this decoder does not know");
}

}  // namespace watchpost::lorawan::chirpstack
