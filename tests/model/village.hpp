// Village: the gateway of a village office, in front of a store that is under test: the real
// pipeline and the real judgement under random messages, commands and time.
// Promise: the same seed and the same stored rows give the same appends; what was not kept is taken
// back as in the daemon, and some of it is sent again. Each person acts once, under a key with the
// person's number, so that what is on record and which commands were done can be compared.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "model/command.hpp"
#include "model/duty.hpp"
#include "spool/queue/commit_group.hpp"

namespace watchpost::model {

class Village {
 public:
  explicit Village(std::uint64_t seed);
  ~Village();
  Village(const Village&) = delete;
  Village& operator=(const Village&) = delete;

  // A start: what was not told of the appends before is forgotten.
  void begin(const StoredJudgement& stored, const Epoch& epoch);
  // What is handed to the store since the last call; nothing before begin().
  [[nodiscard]] std::vector<spool::Append> next();
  // What became of the appends of next(), in one commit; others of the group are left alone.
  void settled(const spool::CommitGroup& group, bool is_kept);
  [[nodiscard]] static bool is_of_village(const spool::Append& append) {
    return append.author != nullptr;
  }

  // Of the transitions that were kept.
  [[nodiscard]] const std::set<AlarmEvent>& events() const { return events_; }
  [[nodiscard]] std::size_t transitions() const { return transitions_; }

 private:
  struct Gateway;
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  [[nodiscard]] bool chance(unsigned of_hundred) { return below(100) < of_hundred; }
  void act();
  void hear();
  void say(const Observation& observation, bool repeated);
  void ask();
  void enter();
  void pass();
  [[nodiscard]] Command wish();

  std::mt19937_64 random_;
  std::unique_ptr<Gateway> gateway_;
  std::uint64_t persons_ = 0;
  std::vector<Command> asked_;  // the newest, to be sent once more
  std::set<AlarmEvent> events_;
  std::size_t transitions_ = 0;
};

}  // namespace watchpost::model
