// Supervision: when each device was heard last, how often it is to be heard, and over which radio.
// Promise: a device that says something costs a look-up or two and moves no timer; a device is
// silent by the steady clock of this start alone, so that time off, a jump of the wall clock and a
// restart make none silent. Bounded: most_devices beside those that the configuration names. What
// is raised by it is in silences.hpp. No clock, no SQL; I/O thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/radios.hpp"
#include "rules/shared_habits.hpp"
#include "rules/timers.hpp"

namespace watchpost::rules {

// What the site says of it.
struct SupervisionRules {
  std::uint32_t times = 3;  // silent after so many expected intervals
  bool learns = true;
  std::unordered_map<std::string, std::chrono::seconds> fixed{};  // by [[device]]
};

class Supervision {
 public:
  // When it is looked whether what was raised is on disk.
  static constexpr std::chrono::minutes kLookAgain{1};
  // How often what is being learnt is written.
  static constexpr std::chrono::hours kWriteRest{24};

  explicit Supervision(std::size_t most_devices) : most_(most_devices) {}

  void use(SupervisionRules rules, SteadyTime now);
  // As its row has it; it has its whole time from now on where it had none.
  void know(const Device& device, SteadyTime now);
  // A change of its row was not kept.
  void know_again(const Device& device) { know(device, latest_); }
  void forget(std::string_view device);
  // Of an open alarm of silence, at the start.
  void recall_silent(std::string_view device);
  [[nodiscard]] Radios& radios() { return radios_; }

  struct Heard {
    bool is_news = false;   // what is known of it is to be written
    Radio* down = nullptr;  // the observation is the word of its bridge
  };
  Heard hear(const Observation& observation, const CameBy& by, SteadyTime now);
  // Of a message without an observation; `at_once`: look whether its silence is over.
  void notice(std::string_view device, SteadyTime now, bool at_once);
  [[nodiscard]] const Watched* find(std::string_view device) const;
  // All but what it is learnt from.
  [[nodiscard]] std::shared_ptr<const Habit> habit_of(const Watched& watched);
  // A row as it is kept in memory, where what its habit is learnt from is here and not there too;
  // and as it is written.
  [[nodiscard]] SharedDevice as_kept(const SharedDevice& row);
  [[nodiscard]] SharedDevice as_written(const SharedDevice& row) const;
  [[nodiscard]] std::chrono::seconds allowance(const Watched& watched) const {
    return watched.expected() * rules_.times;
  }
  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  [[nodiscard]] Watched* due_device(SteadyTime now) const;
  void schedule(Watched& watched, SteadyTime due) { timers_.set(watched, due); }

 private:
  [[nodiscard]] Watched* found(std::string_view device);
  Watched* watch(std::string_view device, SteadyTime now);
  bool learn(Watched& watched, SteadyDuration gap, SteadyTime now);

  std::size_t most_;
  SteadyTime latest_{};
  SupervisionRules rules_;
  std::unordered_multimap<std::size_t, Watched> watched_;  // by hash_of their ids
  Radios radios_;
  Timers<Watched, &Watched::timer, &Watched::order> timers_;
  SharedHabits habits_;
  std::uint32_t given_ = 0;
};

}  // namespace watchpost::rules
