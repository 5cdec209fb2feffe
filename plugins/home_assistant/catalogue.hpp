// Catalogue: the entities that discovery messages have told, by the topics on which they speak.
// Promise: the last message of a config topic counts, an empty one takes its entities away.
// Bounded: kMost entities; more are refused, so that what was known stays known. I/O thread.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "home_assistant/entity.hpp"

namespace watchpost::home_assistant {

class Catalogue {
 public:
  static constexpr std::size_t kMost = 8'000;

  // False at the bound: the entities of `config` are those of before.
  [[nodiscard]] bool put(std::string_view config, std::vector<Entity> entities);
  void remove(std::string_view config);
  // What put() was given, as JSON; read by restore().
  [[nodiscard]] static std::string digest(const std::vector<Entity>& entities);
  struct Restored {
    std::string_view config;
    std::string_view digest;
  };
  void restore(const Restored& restored);

  // In the order in which they were told.
  [[nodiscard]] std::vector<Entity*> speaking_on(std::string_view topic) const;
  [[nodiscard]] std::vector<Entity*> of_device(std::string_view device) const;
  // The entities that `topic` says are reachable or not.
  [[nodiscard]] std::vector<Entity*> announced_on(std::string_view topic) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Index = std::unordered_map<std::string, std::vector<Entity*>, Hash, std::equal_to<>>;
  static void add(Index& index, const std::string& key, Entity* entity);
  static void drop(Index& index, const std::string& key, const Entity* entity);
  static std::vector<Entity*> find(const Index& index, std::string_view key);

  std::map<std::string, std::vector<std::unique_ptr<Entity>>, std::less<>> configs_;
  std::size_t count_ = 0;
  Index by_topic_;
  Index by_device_;
  Index by_availability_;
};

}  // namespace watchpost::home_assistant
