#include "home_assistant/entity.hpp"

#include "danger/words_things.hpp"
#include "home_assistant/classes.hpp"

namespace watchpost::home_assistant {
namespace {

namespace json = sdk::json;

using Text = std::string Entity::*;
struct Member {
  std::string_view key;
  Text text;
};
constexpr Member kMembers[] = {
    {"c", &Entity::component},    {"o", &Entity::object},       {"n", &Entity::name},
    {"d", &Entity::device},       {"dn", &Entity::device_name}, {"m", &Entity::model},
    {"k", &Entity::device_class}, {"u", &Entity::unit},         {"on", &Entity::on},
    {"off", &Entity::off},        {"t", &Entity::state_topic},  {"v", &Entity::value_template}};

}  // namespace

json::object Entity::digest() const {
  json::object text;
  for (const Member& member : kMembers) {
    const std::string& value = this->*member.text;
    if (!value.empty()) text[member.key] = value;
  }
  if (!presses.empty()) {
    json::array list;
    for (const auto& press : presses) list.emplace_back(press);
    text["p"] = std::move(list);
  }
  if (!availability.empty()) {
    json::array list;
    for (const Availability& each : availability) {
      list.emplace_back(json::object{{"t", each.topic},
                                     {"on", each.online},
                                     {"off", each.offline},
                                     {"v", each.value_template}});
    }
    text["a"] = std::move(list);
  }
  return text;
}

Entity Entity::from_digest(const json::object& text) {
  Entity entity;
  for (const Member& member : kMembers) entity.*member.text = sdk::text_or_empty(text, member.key);
  const auto* presses = sdk::member(text, "p");
  if (presses != nullptr && presses->is_array()) {
    for (const auto& press : presses->get_array()) {
      if (press.is_string()) entity.presses.emplace_back(press.get_string());
    }
  }
  const auto* list = sdk::member(text, "a");
  if (list == nullptr || !list->is_array()) return entity;
  for (const auto& each : list->get_array()) {
    const auto* object = each.if_object();
    if (object == nullptr) continue;
    entity.availability.push_back(
        {sdk::text_or_empty(*object, "t"), sdk::text_or_empty(*object, "on"),
         sdk::text_or_empty(*object, "off"), sdk::text_or_empty(*object, "v")});
  }
  return entity;
}

std::string_view Entity::label() const {
  if (danger::meaning_of_name(object).role != danger::Role::none) return object;
  if (danger::meaning_of_name(name).role != danger::Role::none) return name;
  return object;
}

std::optional<danger::Danger> Entity::danger() const {
  if (component != "binary_sensor") return std::nullopt;
  const auto named = danger::meaning_of_name(label());
  const bool names_danger = named.role == danger::Role::danger && !named.weak;
  const auto of_class = danger_of_class(device_class);
  // Wet soil is what a plant wants.
  const bool wanted = danger::mentions(description() + " " + object, danger::water_wanted());
  if (of_class == danger::Danger::leak && wanted) return std::nullopt;
  if (of_class && *of_class != danger::Danger::none) return of_class;
  // "safety" and "problem" say only that something is wrong; the name may say what.
  const bool vague = of_class.has_value() || device_class == "problem" || device_class.empty();
  if (vague && names_danger) return named.danger;
  return of_class;
}

bool Entity::may_be_danger() const {
  if (danger()) return true;
  for (const std::string_view other : {"event", "device_automation", "tag", "measure"}) {
    if (component == other) return false;
  }
  if (component == "binary_sensor" && is_plain_class(device_class)) return false;
  const auto role = danger::meaning_of_name(label()).role;
  if (component == "sensor" && !unit.empty()) return false;
  return role == danger::Role::danger || role == danger::Role::alarm ||
         role == danger::Role::statement || role == danger::Role::unfamiliar ||
         role == danger::Role::doubtful;
}

std::string Entity::description() const {
  std::string text = name;
  for (const std::string* each : {&device_name, &model}) {
    if (!each->empty()) text.append(text.empty() ? "" : " ").append(*each);
  }
  return text;
}

}  // namespace watchpost::home_assistant
