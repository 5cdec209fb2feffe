// SharedHabits: habits that devices have alike, each of them once in memory. Most devices of one
// radio have one.
// Promise: bounded by twice as many as rows have, and kLeast. I/O thread only.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/device.hpp"

namespace watchpost::rules {

class SharedHabits {
 public:
  static constexpr std::size_t kLeast = 64;

  // One that equals `habit`.
  [[nodiscard]] std::shared_ptr<const Habit> one(Habit habit) {
    const auto known = all_.find(habit);
    if (known != all_.end()) return *known;
    if (all_.size() >= most_) {
      std::erase_if(all_, [](const auto& each) { return each.use_count() == 1; });
      most_ = std::max(kLeast, 2 * all_.size());
    }
    return *all_.insert(std::make_shared<const Habit>(std::move(habit))).first;
  }
  [[nodiscard]] std::size_t size() const { return all_.size(); }

 private:
  struct Less {
    using is_transparent = void;
    static const Habit& habit_in(const Habit& habit) { return habit; }
    static const Habit& habit_in(const std::shared_ptr<const Habit>& habit) { return *habit; }
    static auto key_of(const Habit& habit) {
      return std::tuple(std::string_view(habit.radio), std::string_view(habit.broker),
                        habit.learned, std::string_view(habit.learning));
    }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return key_of(habit_in(a)) < key_of(habit_in(b));
    }
  };

  std::set<std::shared_ptr<const Habit>, Less> all_;
  std::size_t most_ = kLeast;
};

}  // namespace watchpost::rules
