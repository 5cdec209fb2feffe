// Tasmota (tasmota.github.io): sensors, switches and buttons, the radio of a Zigbee bridge, codes
// of a 433 MHz bridge, and whether the box is on line. Tag readers are read by tag_reader.
// Options: none. Device profiles: what a switch, a button or a code is (danger/site_word.hpp), for
// the ids "<topic>/Switch1", "<topic>/Button1", "<topic>/<Zigbee name>" and "rf/<code>".
#include "base/encoding.hpp"
#include "danger/conditions.hpp"
#include "danger/rf_codes.hpp"
#include "danger/site_word.hpp"
#include "danger/telling.hpp"
#include "sdk/decoder.hpp"
#include "sdk/reachability.hpp"
#include "tasmota/places.hpp"
#include "tasmota/sensors.hpp"
#include "tasmota/zigbee.hpp"

namespace watchpost::tasmota {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;
namespace json = sdk::json;

// "Switch1", "Button12".
bool is_contact(std::string_view name) {
  for (const std::string_view kind : {"Switch", "Button", "SWITCH", "BUTTON"}) {
    if (!name.starts_with(kind)) continue;
    const auto number = name.substr(kind.size());
    return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  }
  return false;
}

// Answers and facts in which no device speaks of its surroundings.
bool is_own_affair(std::string_view what) {
  for (const std::string_view each : {"UPTIME", "HASS_STATE", "LOGGING", "MARGINS", "WAKEUP"}) {
    if (what == each) return true;
  }
  return what.starts_with("INFO") || what.starts_with("POWER");
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : options_(options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    if (frame.topic.starts_with("tasmota/discovery/")) {
      return sink.ignore("what a Tasmota says of itself for discovery");
    }
    const auto place = place_of(frame.topic);
    if (!place) return sink.not_mine("no level \"tele\" or \"stat\" in the topic");
    sink.identify(place->device);
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload: a retained message was removed");
    if (place->what == "LWT") return life(text, sink, *place);
    if (is_own_affair(place->what)) return sink.ignore("a Tasmota about itself");
    if (text.front() != '{') return bare(text, sink, *place);
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    // STATUS8 and STATUS10 hold the sensors, STATUS11 the state of the box.
    const json::object* told = message;
    for (const std::string_view wrapper : {"StatusSNS", "StatusSTS"}) {
      if (const auto* inner = sdk::object_at(*message, wrapper)) told = inner;
    }
    if (told == message && place->what.starts_with("STATUS")) {
      return sink.ignore("an answer about the box itself");
    }
    return read(*told, sink, *place);
  }

 private:
  // The words are those of the firmware's default; R18 of the trial reports.
  static Verdict life(std::string_view word, Sink& sink, const Place& place) {
    const std::string lower = sdk::lower_case(word);
    if (lower != "online" && lower != "offline") {
      return sink.malformed("neither Online nor Offline");
    }
    return sdk::emit_reachability(sink, place.device, lower == "online");
  }

  // A rule of the site publishes on a topic of its own ("stat/cellar/LEAK" = "ON").
  Verdict bare(std::string_view text, Sink& sink, const Place& place) {
    if (!is_utf8(text)) return sink.malformed("a message that is no text");
    json::value value = json::string(text);
    if (is_contact(place.what) && contact(sink, place, place.what, value)) return Verdict::decoded;
    const json::object state{{place.what, value}};
    const auto findings = danger::findings_in(state, nullptr);
    auto observations = danger::conditions_of(findings, state);
    if (observations.empty()) return sink.not_mine("a topic that names no danger");
    danger::tell(sink, {place.device}, observations, findings.unread);
    return Verdict::decoded;
  }

  Verdict read(const json::object& message, Sink& sink, const Place& place) {
    const auto at = sdk::time_at(message, "Time", options_.zone_minutes());
    if (const auto* heard = sdk::object_at(message, "ZbReceived")) {
      return zigbee(*heard, sink, place, at);
    }
    if (place.what == "ZbReceived") return zigbee(message, sink, place, at);
    if (const auto* heard = sdk::object_at(message, "RfReceived")) {
      return radio(*heard, sink, place, at);
    }
    if (place.what == "STATE" || message.contains("Wifi")) return box(message, sink, place, at);
    const bool contacts = all_contacts(message, sink, place);
    if (place.what != "SENSOR" && !place.what.starts_with("STATUS")) {
      return contacts ? Verdict::decoded : other(message, sink, place);
    }
    Sensed sensed;
    read_sensors(message, sensed);
    danger::tell(sink, {place.device, at, WATCHPOST_TIME_DEVICE, json_.is_mended()},
                 sensed.observations, sensed.unread);
    return Verdict::decoded;
  }

  // An answer to a command, or what a rule of the site publishes.
  Verdict other(const json::object& message, Sink& sink, const Place& place) {
    Sensed sensed;
    read_sensors(message, sensed);
    const auto& first = sensed.observations.front();
    const bool danger = first.kind() != WATCHPOST_DEVICE_STATUS &&
                        first.kind() != WATCHPOST_MEASUREMENT &&
                        first.kind() != WATCHPOST_WATER_DISTANCE;
    if (!danger) return sink.ignore("an answer to a command");
    danger::tell(sink, {place.device}, sensed.observations, sensed.unread);
    return Verdict::decoded;
  }

  bool all_contacts(const json::object& message, Sink& sink, const Place& place) {
    bool any = false;
    for (const auto& [name, value] : message) {
      if (!is_contact(name)) continue;
      const auto* object = value.if_object();
      const auto* action = object == nullptr ? &value : sdk::member(*object, "Action");
      if (action != nullptr) any = contact(sink, place, name, *action) || any;
    }
    return any;
  }

  // True where the site lists the contact.
  bool contact(Sink& sink, const Place& place, std::string_view name, const json::value& value) {
    std::string id = place.device + "/" + std::string(name);
    const auto word = danger::site_word(options_.device(id));
    if (!word) return false;
    const bool is_button = name.starts_with("B");
    if (is_button) {
      // Letting go ("CLEAR") is no all-clear.
      if (!value.is_string() || !danger::is_press(value.get_string())) return false;
      sink.emit(danger::contact_of({word->danger}, true).device(id));
      return true;
    }
    auto said = danger::contact_said(*word, value);
    sink.emit(said.observation.device(id));
    if (!said.unread.empty()) sink.not_understood(said.unread);
    return true;
  }

  // Wifi.Signal is in dBm; RSSI, beside it, is a share in per cent.
  static Verdict box(const json::object& message, Sink& sink, const Place& place,
                     std::optional<std::int64_t> at) {
    Observation observation(WATCHPOST_DEVICE_STATUS, WATCHPOST_INFO);
    if (const auto* wifi = sdk::object_at(message, "Wifi")) {
      if (const auto signal = sdk::number_at(*wifi, "Signal")) {
        observation.number({"rssi", "dBm"}, *signal);
      }
    }
    sink.emit(observation.device(place.device).observed(at, WATCHPOST_TIME_DEVICE));
    return Verdict::decoded;
  }

  Verdict radio(const json::object& heard, Sink& sink, const Place& place,
                std::optional<std::int64_t> at) {
    const auto* data = sdk::member(heard, "Data");
    const auto code = data == nullptr ? std::string{} : danger::rf_code(*data);
    if (code.empty()) return sink.malformed("RfReceived without a code");
    auto observation = danger::heard_code(options_, {.receiver = place.device, .code = code});
    if (const auto bits = sdk::number_at(heard, "Bits")) observation.number({"bits"}, *bits);
    sink.emit(observation.observed(at, WATCHPOST_TIME_DEVICE));
    return Verdict::decoded;
  }

  struct Heard {
    const Place& place;
    std::optional<std::int64_t> at;
  };

  // {"0x2C83":{..}}, {"Kitchen":{..}}, or the members of one device alone (SetOption119).
  Verdict zigbee(const json::object& heard, Sink& sink, const Place& place,
                 std::optional<std::int64_t> at) {
    const Heard by{place, at};
    bool any = false;
    for (const auto& [key, value] : heard) {
      const auto* device = value.if_object();
      if (device == nullptr) continue;
      zigbee_device(key, *device, sink, by);
      any = true;
    }
    if (any) return Verdict::decoded;
    if (!heard.contains("Device")) return sink.malformed("ZbReceived without a device");
    zigbee_device(sdk::text_or_empty(heard, "Device"), heard, sink, by);
    return Verdict::decoded;
  }

  void zigbee_device(std::string_view key, const json::object& device, Sink& sink,
                     const Heard& by) {
    constexpr std::size_t kLongest = 200;
    auto name = sdk::text_at(device, "Name").value_or(key);
    if (name.size() > kLongest) name = key.substr(0, key.size() > kLongest ? 0 : key.size());
    std::string id = by.place.device;
    // With SetOption89 the topic names the device already.
    const bool named =
        id.ends_with("/" + std::string(name)) || id.ends_with("/" + std::string(key));
    if (!named && !name.empty()) id.append("/").append(name);
    Sensed sensed;
    read_zigbee(device, danger::is_sos_button(options_.device(id)), sensed);
    danger::tell(sink, {id, by.at, WATCHPOST_TIME_DEVICE, json_.is_mended()}, sensed.observations,
                 sensed.unread);
  }

  sdk::Options options_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::tasmota

WATCHPOST_DECODER(watchpost::tasmota::Decoder, "tasmota", "1.0")
