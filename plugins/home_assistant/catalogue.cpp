#include "home_assistant/catalogue.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace watchpost::home_assistant {

namespace json = sdk::json;

bool Catalogue::put(std::string_view config, std::vector<Entity> entities) {
  const auto known = configs_.find(config);
  const std::size_t before = known == configs_.end() ? 0 : known->second.size();
  if (count_ - before + entities.size() > kMost) return false;
  // What an entity said last stays said when it is told again.
  if (known != configs_.end()) {
    for (Entity& entity : entities) {
      for (const auto& old : known->second) {
        const bool same = old->object == entity.object && old->component == entity.component &&
                          old->state_topic == entity.state_topic;
        if (same) entity.last = old->last;
      }
    }
  }
  remove(config);
  auto& kept = configs_[std::string(config)];
  for (Entity& entity : entities) {
    Entity* placed = kept.emplace_back(std::make_unique<Entity>(std::move(entity))).get();
    add(by_topic_, placed->state_topic, placed);
    add(by_device_, placed->device, placed);
    for (const Availability& each : placed->availability) {
      add(by_availability_, each.topic, placed);
    }
  }
  count_ += kept.size();
  return true;
}

void Catalogue::remove(std::string_view config) {
  const auto known = configs_.find(config);
  if (known == configs_.end()) return;
  for (const auto& entity : known->second) {
    drop(by_topic_, entity->state_topic, entity.get());
    drop(by_device_, entity->device, entity.get());
    for (const Availability& each : entity->availability) {
      drop(by_availability_, each.topic, entity.get());
    }
  }
  count_ -= known->second.size();
  configs_.erase(known);
}

std::string Catalogue::digest(const std::vector<Entity>& entities) {
  json::array list;
  for (const Entity& entity : entities) list.emplace_back(entity.digest());
  return json::serialize(list);
}

void Catalogue::restore(const Restored& restored) {
  boost::system::error_code error;
  const auto list = json::parse(restored.digest, error);
  if (error || !list.is_array()) return;
  std::vector<Entity> entities;
  for (const auto& each : list.get_array()) {
    if (!each.is_object()) continue;
    Entity entity = Entity::from_digest(each.get_object());
    if (!entity.device.empty() && !entity.state_topic.empty()) {
      entities.push_back(std::move(entity));
    }
  }
  static_cast<void>(put(restored.config, std::move(entities)));
}

std::vector<Entity*> Catalogue::speaking_on(std::string_view topic) const {
  return find(by_topic_, topic);
}
std::vector<Entity*> Catalogue::of_device(std::string_view device) const {
  return find(by_device_, device);
}
std::vector<Entity*> Catalogue::announced_on(std::string_view topic) const {
  return find(by_availability_, topic);
}

void Catalogue::add(Index& index, const std::string& key, Entity* entity) {
  auto& entities = index[key];
  if (entities.empty() || entities.back() != entity) entities.push_back(entity);
}

void Catalogue::drop(Index& index, const std::string& key, const Entity* entity) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  std::erase(found->second, entity);
  if (found->second.empty()) index.erase(found);
}

std::vector<Entity*> Catalogue::find(const Index& index, std::string_view key) {
  const auto found = index.find(key);
  return found == index.end() ? std::vector<Entity*>{} : found->second;
}

}  // namespace watchpost::home_assistant
