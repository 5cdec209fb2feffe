// Shortage: whether there is room for every message, in the words in which the operator is told.
// Promise: a shortage is over only when its owner has looked and found room, whatever was kept
// meanwhile. The log has one line when it begins, one when its cause changes, one when it is over.
// A message that is offered again while the shortage lasts counts once. Spool thread.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>

#include "base/log.hpp"
#include "model/trouble.hpp"
#include "spool/spool.hpp"

namespace watchpost::spool {

class Shortage {
 public:
  enum class Cause : std::uint8_t {
    none,
    disk,      // the filesystem has no room: messages are refused
    quota,     // the store is as large as it may be, and nothing may yield: messages are refused
    yielding,  // the store is as large as it may be: its oldest records are dropped
  };

  // There was no room for this one.
  void refused(const Append& append);
  // `told`: what happens now and what to do about it.
  void begin(Cause cause, Trouble told, Log& log);
  void end(Log& log);

  [[nodiscard]] bool lasts() const { return cause_ != Cause::none; }
  [[nodiscard]] const std::optional<Trouble>& told() const { return told_; }  // none: room for all
  // Messages there was no room for, since the start, by the class of their append.
  [[nodiscard]] const PerClass<std::uint64_t>& refusals() const { return refusals_; }

  // So many refused messages are remembered; a repeat of any further one counts again.
  static constexpr std::size_t kMostKnown = 20'000;

 private:
  [[nodiscard]] bool is_repeat(const Append& append);
  [[nodiscard]] bool knows(std::uint64_t mark) const { return known_.count(mark) > 0; }
  void remember(std::uint64_t mark);

  Cause cause_ = Cause::none;
  std::optional<Trouble> told_;
  PerClass<std::uint64_t> refusals_{};
  std::unordered_set<std::uint64_t> known_;  // marks of what was refused in this shortage
};

}  // namespace watchpost::spool
