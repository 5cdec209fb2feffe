#include "home_assistant/discovery.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "sdk/bounds.hpp"

namespace watchpost::home_assistant {
namespace {

namespace json = sdk::json;

constexpr std::array<std::string_view, 5> kComponents{"binary_sensor", "sensor", "event", "tag",
                                                      "device_automation"};

bool is_sensor(std::string_view component) {
  return std::find(kComponents.begin(), kComponents.end(), component) != kComponents.end();
}

// A key in full and abbreviated.
struct Key {
  std::string_view full;
  std::string_view brief;
};

// Of one text, so that what is shared by all entities of a message is not kept a thousand times.
constexpr std::size_t kLongestText = 4'096;

std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(sdk::cut(value.get_string(), kLongestText));
  if (value.is_null() || value.is_object() || value.is_array()) return {};
  return json::serialize(value);
}

// One entity's object, with what it shares with others of its device.
class Config {
 public:
  Config(const json::object& own, const json::object* shared) : own_(own), shared_(shared) {
    base_ = text({"~", "~"});
  }

  [[nodiscard]] const json::value* find(Key key) const {
    for (const json::object* object : {&own_, shared_}) {
      if (object == nullptr) continue;
      if (const auto* value = sdk::member(*object, key.full)) return value;
      if (const auto* value = sdk::member(*object, key.brief)) return value;
    }
    return nullptr;
  }
  [[nodiscard]] std::string text(Key key, std::string_view fallback = {}) const {
    const auto* value = find(key);
    if (value == nullptr || value->is_null()) return std::string(fallback);
    return text_of(*value);
  }
  [[nodiscard]] std::string topic(Key key) const { return with_base(text(key)); }
  [[nodiscard]] std::string with_base(std::string topic) const {
    if (topic.starts_with('~')) topic.replace(0, 1, base_);
    if (topic.ends_with('~')) topic.replace(topic.size() - 1, 1, base_);
    return topic;
  }

 private:
  const json::object& own_;
  const json::object* shared_;
  std::string base_;
};

std::vector<std::string> texts(const json::value* list) {
  constexpr std::size_t kMost = 64;
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_array()) return texts;
  for (const auto& each : list->get_array()) {
    if (each.is_string() && texts.size() < kMost) texts.push_back(text_of(each));
  }
  return texts;
}

Availability availability_from(const Config& config, const std::string& topic, Key value_template) {
  Availability availability;
  availability.topic = config.with_base(topic);
  availability.online = config.text({"payload_available", "pl_avail"}, "online");
  availability.offline = config.text({"payload_not_available", "pl_not_avail"}, "offline");
  availability.value_template = config.text(value_template);
  return availability;
}

void add_availability(const Config& config, Entity& entity) {
  constexpr std::size_t kMost = 8;
  const auto topic = config.text({"availability_topic", "avty_t"});
  if (!topic.empty()) {
    entity.availability.push_back(
        availability_from(config, topic, {"availability_template", "avty_tpl"}));
  }
  const auto* list = config.find({"availability", "avty"});
  if (list == nullptr) return;
  const auto take = [&](const json::value& each) {
    const auto* object = each.if_object();
    if (object == nullptr || entity.availability.size() == kMost) return;
    const Config own(*object, nullptr);
    const auto named = own.text({"topic", "t"});
    if (named.empty()) return;
    auto availability = availability_from(own, named, {"value_template", "val_tpl"});
    availability.topic = config.with_base(availability.topic);
    entity.availability.push_back(std::move(availability));
  };
  if (list->is_array()) {
    for (const auto& each : list->get_array()) take(each);
  } else {
    take(*list);
  }
}

// The first identifier, else the first connection (["mac", "aa:bb:.."]).
std::string id_of_device(const Config& device) {
  const auto* ids = device.find({"identifiers", "ids"});
  if (ids != nullptr) {
    if (const auto id = text_of(*ids); !id.empty()) return id;
    if (ids->is_array() && !ids->get_array().empty()) return text_of(ids->get_array().front());
  }
  const auto* connections = device.find({"connections", "cns"});
  if (connections == nullptr || !connections->is_array()) return {};
  for (const auto& each : connections->get_array()) {
    const auto* pair = each.if_array();
    if (pair != nullptr && pair->size() == 2) return text_of((*pair)[1]);
  }
  return {};
}

void add_device(const Config& config, const ConfigPlace& place, Entity& entity) {
  std::string id;
  const auto* value = config.find({"device", "dev"});
  if (const auto* object = value == nullptr ? nullptr : value->if_object()) {
    const Config device(*object, nullptr);
    id = id_of_device(device);
    entity.device_name = device.text({"name", "name"});
    const auto maker = device.text({"manufacturer", "mf"});
    entity.model = device.text({"model", "mdl"});
    if (!maker.empty()) entity.model.append(entity.model.empty() ? "" : " ").append(maker);
  }
  // What an ESPHome says without discovery is kept under the same id.
  if (const auto own = own_topic(entity.state_topic)) id = own->device;
  if (id.empty()) id = entity.device_name;
  if (id.empty()) id = place.node.empty() ? place.object : place.node;
  entity.device = id;
}

// What people read is left out where it is longer than anybody reads; what decides must be whole.
bool is_bounded(Entity& entity) {
  constexpr std::size_t kLongest = 200;
  constexpr std::size_t kLongestTopic = 1'000;
  for (std::string* text : {&entity.name, &entity.device_name, &entity.model, &entity.unit}) {
    if (text->size() > kLongest) text->clear();
  }
  for (const std::string* text :
       {&entity.object, &entity.device, &entity.device_class, &entity.on, &entity.off}) {
    if (text->size() > kLongest) return false;
  }
  if (entity.value_template.size() > ValueTemplate::kLongest)
    entity.value_template = "{{ too long }}";
  std::erase_if(entity.presses, [](const auto& each) { return each.size() > kLongest; });
  std::erase_if(entity.availability, [](const Availability& each) {
    return each.topic.size() > kLongestTopic || each.online.size() > kLongest ||
           each.offline.size() > kLongest || each.value_template.size() > ValueTemplate::kLongest;
  });
  return entity.state_topic.size() <= kLongestTopic;
}

std::optional<Entity> entity_from(const ConfigPlace& place, const Config& config) {
  Entity entity;
  entity.component = place.component;
  entity.object = place.object;
  entity.name = config.text({"name", "name"});
  entity.device_class = config.text({"device_class", "dev_cla"});
  entity.unit = config.text({"unit_of_measurement", "unit_of_meas"});
  entity.value_template = config.text({"value_template", "val_tpl"});
  entity.state_topic = config.topic({"state_topic", "stat_t"});
  if (entity.component == "binary_sensor") {
    entity.on = config.text({"payload_on", "pl_on"}, "ON");
    entity.off = config.text({"payload_off", "pl_off"}, "OFF");
  } else if (entity.component == "event") {
    entity.presses = texts(config.find({"event_types", "evt_typ"}));
  } else if (entity.component != "sensor") {  // a trigger or a tag
    entity.state_topic = config.topic({"topic", "t"});
    entity.on = config.text({"payload", "pl"});
    for (const Key key : {Key{"type", "type"}, Key{"subtype", "stype"}}) {
      if (auto word = config.text(key); !word.empty()) entity.presses.push_back(std::move(word));
    }
  }
  if (entity.state_topic.empty()) return std::nullopt;
  entity.state_topic.insert(0, place.before);
  // A setting of the device, not what it senses.
  if (config.text({"entity_category", "ent_cat"}) == "config") return std::nullopt;
  add_device(config, place, entity);
  add_availability(config, entity);
  for (Availability& each : entity.availability) each.topic.insert(0, place.before);
  if (!is_bounded(entity)) return std::nullopt;
  return entity;
}

}  // namespace

std::optional<ConfigPlace> config_place(const TopicBelow& below) {
  auto topic = below.topic;
  auto prefix = below.prefix;
  const std::string wanted = std::string(prefix) + "/";
  const auto at = topic.find(wanted);
  const bool whole = at == 0 || (at != std::string_view::npos && topic[at - 1] == '/');
  if (!whole || !topic.ends_with("/config")) return std::nullopt;
  ConfigPlace place;
  place.before = topic.substr(0, at);
  topic.remove_prefix(at + wanted.size());
  if (topic.size() <= std::string_view("/config").size()) return std::nullopt;
  topic.remove_suffix(std::string_view("/config").size());
  const auto first = topic.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  place.component = topic.substr(0, first);
  topic.remove_prefix(first + 1);
  const auto second = topic.find('/');
  place.object = topic;
  if (second != std::string_view::npos) {
    place.node = topic.substr(0, second);
    place.object = topic.substr(second + 1);
  }
  if (place.component.empty() || place.object.empty()) return std::nullopt;
  return place;
}

std::vector<Entity> entities_in(const ConfigPlace& place, const json::object& config) {
  std::vector<Entity> entities;
  const auto take = [&](const ConfigPlace& at, const Config& own) {
    if (!is_sensor(at.component) || entities.size() == kMostEntities) return;
    if (auto entity = entity_from(at, own)) entities.push_back(std::move(*entity));
  };
  if (place.component != "device") {
    take(place, Config(config, nullptr));
    return entities;
  }
  const auto* components = Config(config, nullptr).find({"components", "cmps"});
  if (components == nullptr || !components->is_object()) return entities;
  for (const auto& [key, value] : components->get_object()) {
    const auto* object = value.if_object();
    if (object == nullptr) continue;
    const Config own(*object, &config);
    const auto platform = Config(*object, nullptr).text({"platform", "p"});
    take({place.before, platform, place.object, key}, own);
  }
  return entities;
}

std::optional<OwnTopic> own_topic(std::string_view topic) {
  constexpr std::array<std::string_view, 4> kOwn{"binary_sensor", "sensor", "text_sensor", "event"};
  if (!topic.ends_with("/state")) return std::nullopt;
  topic.remove_suffix(std::string_view("/state").size());
  const auto object = topic.rfind('/');
  if (object == std::string_view::npos || object == 0) return std::nullopt;
  const auto component = topic.rfind('/', object - 1);
  if (component == std::string_view::npos || component == 0) return std::nullopt;
  OwnTopic own{topic.substr(0, component), topic.substr(component + 1, object - component - 1),
               topic.substr(object + 1)};
  if (own.object.empty() || std::find(kOwn.begin(), kOwn.end(), own.component) == kOwn.end()) {
    return std::nullopt;
  }
  return own;
}

}  // namespace watchpost::home_assistant
