// Shelly over MQTT, both generations, below any prefix. Battery devices sleep for a day: silence is
// normal. A self-test sets no alarm.
// Device profiles: what an input, a button or a virtual component is (danger/site_word.hpp), for
// the ids "<device>/input:0" and "<device>".
#include "danger/telling.hpp"
#include "sdk/decoder.hpp"
#include "sdk/json.hpp"
#include "sdk/reachability.hpp"
#include "shelly/places.hpp"
#include "shelly/status.hpp"

namespace watchpost::shelly {
namespace {

using sdk::Frame;
using sdk::Observation;
using sdk::Sink;
using sdk::Verdict;

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options) : options_(options) { options.refuse_unknown({}); }

  Verdict decode(const Frame& frame, Sink& sink) {
    const auto place = place_of(frame.topic);
    if (!place) return sink.not_mine("no topic of a Shelly");
    sink.identify(place->device);
    if (place->what == "online") return online(frame, sink, *place);
    if (place->first_generation) return generation1(frame, sink, *place);
    if (place->what == "events/rpc") return rpc(frame, sink, *place);
    if (place->what.starts_with("status/")) return status(frame, sink, *place);
    return sink.not_mine("not a topic of a Shelly");
  }

 private:
  Verdict generation1(const Frame& frame, Sink& sink, const Place& place) {
    const auto what = place.what.substr(0, place.what.find('/'));
    if (what == "announce") return sink.ignore("an announcement of the device's own facts");
    if (what == "command") return sink.ignore("a command to the device");
    const auto text = sdk::trim(frame.payload);
    const auto last = place.what.substr(place.what.rfind('/') + 1);
    if (what == "input" || what == "input_event") return input(frame, sink, place, last);
    Observation observation;
    if (what == "info") {
      const auto* info = json_.parse_object(frame.payload);
      if (info == nullptr) return sink.malformed(json_.why());
      if (!read_info(*info, observation)) return sink.not_mine("no member of a detector in it");
      if (json_.is_mended()) observation.flag("repaired");
    } else if (what == "sensor") {
      if (!read_sensor({.name = last, .value = text}, observation)) {
        return sink.not_mine("not a sensor this decoder knows");
      }
    } else {
      return sink.not_mine("not a topic of a detector");
    }
    sink.emit(observation.device(place.device));
    return Verdict::decoded;
  }

  // "0", "1", or {"event":"S","event_cnt":2}: S, L, SS, SSS, SL, LS.
  Verdict input(const Frame& frame, Sink& sink, const Place& place, std::string_view number) {
    Report report{options_, place.device};
    const std::string contact = "input:" + std::string(number);
    const auto text = sdk::trim(frame.payload);
    bool known = false;
    if (text.starts_with('{')) {
      const auto* event = json_.parse_object(frame.payload);
      if (event == nullptr) return sink.malformed(json_.why());
      known = read_press({.contact = contact, .event = sdk::text_at(*event, "event").value_or("")},
                         report);
    } else {
      known = read_contact(contact, sdk::json::value(sdk::json::string(text)), report);
    }
    if (!known) return sink.not_mine("an input of which the site does not say what it is");
    return emit(sink, report, std::nullopt);
  }

  // Other makers use <x>/online too; only a Shelly's own name is taken as one.
  static Verdict online(const Frame& frame, Sink& sink, const Place& place) {
    const auto name = place.device.substr(place.device.rfind('/') + 1);
    if (!place.first_generation && !name.starts_with("shelly")) {
      return sink.not_mine("not a Shelly by its name");
    }
    const auto word = sdk::trim(frame.payload);
    if (word != "true" && word != "false") return sink.malformed("neither true nor false");
    // A battery device goes off line each time it falls asleep.
    return sdk::emit_reachability(sink, place.device, word == "true", sdk::OffLine::ordinary);
  }

  Verdict rpc(const Frame& frame, Sink& sink, const Place& place) {
    const auto* message = json_.parse_object(frame.payload);
    if (message == nullptr) return sink.malformed(json_.why());
    const auto method = sdk::text_at(*message, "method").value_or("");
    const bool is_event = method == "NotifyEvent";
    if (!is_event && method != "NotifyFullStatus" && method != "NotifyStatus") {
      return sink.not_mine("not a status notification");
    }
    const auto* params = sdk::object_at(*message, "params");
    if (params == nullptr) return sink.malformed("a notification without params");
    Report report{options_, place.device};
    if (!(is_event ? read_events(*params, report) : read_components(*params, report))) {
      return sink.not_mine("no component of a detector in it");
    }
    // `ts` counts from the start until the clock is set; time_at() refuses such small numbers.
    return emit(sink, report, sdk::time_at(*params, "ts", 0));
  }

  Verdict status(const Frame& frame, Sink& sink, const Place& place) {
    const auto component = place.what.substr(std::string_view("status/").size());
    const auto* content = json_.parse_object(frame.payload);
    // Other programs have a status too; a component of a Shelly has a number.
    const bool is_shelly = component.find(':') != std::string_view::npos;
    if (content == nullptr) {
      return is_shelly ? sink.malformed(json_.why()) : sink.not_mine(json_.why());
    }
    Report report{options_, place.device};
    const sdk::json::object components{{component, *content}};
    if (!read_components(components, report)) {
      return sink.not_mine("not a component of a detector");
    }
    return emit(sink, report, std::nullopt);
  }

  Verdict emit(Sink& sink, Report& report, std::optional<std::int64_t> at) {
    const auto out = [&](Observation& observation, std::string_view device) {
      if (json_.is_mended()) observation.flag("repaired");
      sink.emit(observation.device(device).observed(at, WATCHPOST_TIME_DEVICE));
    };
    if (report.has_own) out(report.own, report.device);
    for (Told& told : report.others) out(told.observation, told.device);
    if (!report.unread.empty()) sink.not_understood(report.unread);
    return Verdict::decoded;
  }

  sdk::Options options_;
  sdk::JsonDocument json_;
};

}  // namespace
}  // namespace watchpost::shelly

WATCHPOST_DECODER(watchpost::shelly::Decoder, "shelly", "2.0")
