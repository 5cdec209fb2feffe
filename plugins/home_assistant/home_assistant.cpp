// Devices that say what they are by MQTT discovery in the form of Home Assistant, on whatever topic
// they speak; and ESPHome's own topics, also without discovery.
// Options: prefix (below which discovery messages are; "homeassistant" where it is not given).
// Device profiles: what a contact is (danger/site_word.hpp), for the id "<device>/<object>".
// Discovery messages are remembered (decision 0031).
#include <algorithm>
#include <deque>
#include <map>
#include <memory>

#include "base/encoding.hpp"
#include "danger/stranger.hpp"
#include "danger/telling.hpp"
#include "home_assistant/catalogue.hpp"
#include "home_assistant/device_report.hpp"
#include "home_assistant/discovery.hpp"
#include "sdk/decoder.hpp"
#include "sdk/reachability.hpp"

namespace watchpost::home_assistant {
namespace {

using sdk::Frame;
using sdk::Sink;
using sdk::Verdict;

constexpr std::string_view kConfig = "config ";  // before the topic in a key of what is remembered
constexpr std::string_view kUntold = "own ";     // before the topic of an entity nobody told
constexpr std::size_t kMostSpeaking = 200;       // devices that one availability may be of
constexpr std::size_t kLongestTopic = 1'000;

std::string key_of(std::string_view what, std::string_view topic) {
  return std::string(what).append(topic);
}

class Decoder {
 public:
  explicit Decoder(const sdk::Options& options)
      : options_(options),
        strangers_(options),
        prefix_(options.text("prefix", sdk::Options::Fallback("homeassistant"))) {
    options.refuse_unknown({"prefix"});
  }

  void recall(const sdk::Remembered& learnt) {
    if (!learnt.key.starts_with(kConfig)) return;
    catalogue_.restore({.config = learnt.key.substr(kConfig.size()), .digest = learnt.value});
  }

  Verdict decode(const Frame& frame, Sink& sink) {
    if (const auto place = config_place({.topic = frame.topic, .prefix = prefix_}))
      return config(frame, *place, sink);
    auto entities = catalogue_.speaking_on(frame.topic);
    const bool is_below_prefix = frame.topic.starts_with(prefix_ + "/") ||
                                 frame.topic.find("/" + prefix_ + "/") != std::string_view::npos;
    if (entities.empty() && !is_below_prefix) {
      if (const auto own = own_topic(frame.topic)) entities = untold(frame.topic, *own);
    }
    if (!entities.empty()) return state(frame, sink, entities);
    const auto announced = catalogue_.announced_on(frame.topic);
    if (!announced.empty()) return availability(frame, sink, announced);
    if (is_below_prefix) return below_prefix(frame, sink);
    return own_status(frame, sink);
  }

 private:
  // The prefix is where programs publish by habit, told of or not; and where Home Assistant speaks
  // of everything that it knows.
  Verdict below_prefix(const Frame& frame, Sink& sink) {
    const bool is_own = frame.topic.ends_with(prefix_ + "/status");
    const auto verdict = is_own ? Verdict::not_mine : strangers_.read(frame, sink, json_);
    if (verdict != Verdict::not_mine) return verdict;
    return sink.ignore("Home Assistant about itself");
  }

  Verdict config(const Frame& frame, const ConfigPlace& place, Sink& sink) {
    if (frame.topic.size() > kLongestTopic) return sink.malformed("a topic that is too long");
    if (sdk::trim(frame.payload).empty()) {
      catalogue_.remove(frame.topic);
      sink.remember({.key = key_of(kConfig, frame.topic), .value = ""});
      return sink.ignore("a device was taken back");
    }
    const auto* object = json_.parse_object(frame.payload);
    if (object == nullptr) return sink.malformed(json_.why());
    auto entities = entities_in(place, *object);
    if (entities.empty()) return sink.ignore("no sensor is told of");
    for (const Entity& entity : entities) catalogue_.remove(key_of(kUntold, entity.state_topic));
    sink.identify(entities.front().device);
    const auto digest = Catalogue::digest(entities);
    if (digest.size() > sdk::kLongestMemory) return sink.malformed("more is told than is kept");
    if (!catalogue_.put(frame.topic, std::move(entities))) {
      return sink.malformed("more sensors are told of than are remembered (8000)");
    }
    sink.remember({.key = key_of(kConfig, frame.topic), .value = digest});
    return sink.ignore("a sensor was told of, and is known from now on");
  }

  // An ESPHome that tells nothing: the topic says which component of which device speaks.
  std::vector<Entity*> untold(std::string_view topic, const OwnTopic& own) {
    constexpr std::size_t kLongest = 200;
    if (own.device.size() > kLongest || own.object.size() > kLongest) return {};
    Entity entity;
    // A sensor of an ESPHome is a number, whatever it is called; flags are binary sensors.
    entity.component = own.component == "sensor"        ? kMeasure
                       : own.component == "text_sensor" ? "sensor"
                                                        : own.component;
    entity.object = own.object;
    entity.device = own.device;
    entity.state_topic = topic;
    if (entity.component == "binary_sensor") {
      entity.on = "ON";
      entity.off = "OFF";
    }
    const auto config = key_of(kUntold, topic);
    std::vector<Entity> entities;
    entities.push_back(std::move(entity));
    if (!catalogue_.put(config, std::move(entities))) return {};
    return catalogue_.speaking_on(topic);
  }

  Verdict state(const Frame& frame, Sink& sink, std::vector<Entity*>& entities) {
    sink.identify(entities.front()->device);
    const auto text = sdk::trim(frame.payload);
    if (text.empty()) return sink.ignore("an empty payload: a retained state was removed");
    if (!is_utf8(text)) return sink.malformed("a state that is no text");
    const auto* parsed = json_.parse(frame.payload);
    const bool looks_like_json = text.front() == '{' || text.front() == '[';
    if (parsed == nullptr && looks_like_json) return sink.malformed(json_.why());
    const bool speaks_of_danger =
        std::any_of(entities.begin(), entities.end(),
                    [](const Entity* entity) { return entity->may_be_danger(); });
    const auto [any, loud] = tell_all(frame, sink, entities, parsed);
    // Who told of a sensor here need not be who speaks: a danger that the topic names is none the
    // less for it.
    if (!speaks_of_danger && !loud && !is_measured(entities, text)) {
      if (strangers_.read(frame, sink, json_) == Verdict::decoded) return Verdict::decoded;
    }
    return any ? Verdict::decoded : sink.ignore("no reading of a sensor that is known");
  }

  // Alarms first: anybody may tell of a sensor on the topic of another device, and of more reports
  // than one message may have the last are left out.
  struct Said {
    bool any = false;
    bool loud = false;
  };
  Said tell_all(const Frame& frame, Sink& sink, const std::vector<Entity*>& entities,
                const sdk::json::value* parsed) {
    // Those of one device together, in the order in which the first of each was told.
    std::map<std::string_view, std::size_t> places;
    std::vector<std::vector<Entity*>> of_device;
    for (Entity* entity : entities) {
      const auto [place, is_first] = places.try_emplace(entity->device, of_device.size());
      if (is_first) of_device.emplace_back();
      of_device[place->second].push_back(entity);
    }
    std::deque<Told> calm;
    const bool mended = parsed != nullptr && json_.is_mended();
    Said said;
    for (const auto& own : of_device) {
      Told told{own.front()->device, nullptr, nullptr};
      told.report = std::make_unique<DeviceReport>(catalogue_, options_, told.device);
      for (Entity* entity : own) told.report->add(*entity, frame.payload, parsed);
      auto& observations = told.report->finish();
      told.observations = &observations;
      said.any |= !observations.empty();
      const bool is_calm = told.report->unread().empty() &&
                           std::none_of(observations.begin(), observations.end(),
                                        [](const auto& each) { return is_loud(each.state()); });
      if (is_calm) {
        calm.push_back(std::move(told));
      } else {
        tell(sink, told, mended);
        said.loud = true;
      }
    }
    for (Told& told : calm) tell(sink, told, mended);
    return said;
  }

  struct Told {
    std::string_view device;
    std::unique_ptr<DeviceReport> report;
    std::deque<sdk::Observation>* observations;  // of `report`
  };
  static void tell(Sink& sink, Told& told, bool mended) {
    danger::tell(sink, {told.device, std::nullopt, WATCHPOST_TIME_RECEIVED, mended},
                 *told.observations, told.report->unread());
  }
  static bool is_loud(watchpost_state state) {
    return state == WATCHPOST_ALARM || state == WATCHPOST_SUSPECTED || state == WATCHPOST_CONFIRMED;
  }
  // A number of something that has a unit or class: "gas" is a meter's then.
  static bool is_measured(const std::vector<Entity*>& entities, std::string_view text) {
    return sdk::number_from(text) &&
           std::any_of(entities.begin(), entities.end(), [](const Entity* entity) {
             return !entity->unit.empty() || entity->component == kMeasure ||
                    (entity->component == "sensor" && !entity->device_class.empty());
           });
  }

  Verdict availability(const Frame& frame, Sink& sink, const std::vector<Entity*>& entities) {
    const auto text = sdk::trim(frame.payload);
    if (text.empty() || !is_utf8(text)) return sink.ignore("no availability");
    const auto* parsed = json_.parse(frame.payload);
    std::vector<std::string_view> told;
    for (const Entity* entity : entities) {
      if (told.size() == kMostSpeaking) break;
      if (std::find(told.begin(), told.end(), entity->device) != told.end()) continue;
      const auto online = is_online(*entity, frame.topic, text, parsed);
      if (!online) continue;
      told.emplace_back(entity->device);
      sdk::emit_reachability(sink, entity->device, *online);
    }
    if (told.empty()) return sink.ignore("neither the word for on line nor for off line");
    return Verdict::decoded;
  }

  static std::optional<bool> is_online(const Entity& entity, std::string_view topic,
                                       std::string_view text, const sdk::json::value* parsed) {
    for (const Availability& each : entity.availability) {
      if (each.topic != topic) continue;
      const auto reader = ValueTemplate::parse(each.value_template);
      if (!reader || (reader->needs_json() && parsed == nullptr)) continue;
      const auto value = reader->evaluate(text, parsed);
      if (!value) continue;
      const std::string said = value->is_string() ? std::string(value->get_string())
                               : value->is_bool() ? (value->get_bool() ? "true" : "false")
                                                  : std::string{};
      if (said == each.online) return true;
      if (said == each.offline) return false;
    }
    return std::nullopt;
  }

  // <device>/status of an ESPHome: its birth and its will (esphome.io, components/mqtt).
  Verdict own_status(const Frame& frame, Sink& sink) const {
    constexpr std::string_view kStatus = "/status";
    constexpr std::string_view kLog = "/debug";
    const auto text = sdk::trim(frame.payload);
    auto device = frame.topic;
    if (device.ends_with(kStatus) && (text == "online" || text == "offline")) {
      device.remove_suffix(kStatus.size());
      if (device.empty()) return sink.not_mine("");
      return sdk::emit_reachability(sink, device, text == "online");
    }
    if (device.ends_with(kLog)) {
      device.remove_suffix(kLog.size());
      if (!catalogue_.of_device(device).empty()) return sink.ignore("the log of an ESPHome device");
    }
    return sink.not_mine("");
  }

  sdk::Options options_;
  danger::StrangerReader strangers_;
  std::string prefix_;
  sdk::JsonDocument json_;
  Catalogue catalogue_;
};

}  // namespace
}  // namespace watchpost::home_assistant

WATCHPOST_DECODER(watchpost::home_assistant::Decoder, "home_assistant", "1.0")
