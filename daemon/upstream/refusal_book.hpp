// RefusalBook: what an upstream refuses at present, said once for each class, and when to ask it
// again. Promise: a refusal is forgotten only when what was refused has been accepted or set aside,
// not when something else was. Pure: the caller brings time and random numbers. Used by Uplink, on
// the I/O thread.
#pragma once

#include <optional>
#include <string>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "model/trouble.hpp"
#include "upstream/forwarder.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {

class RefusalBook {
 public:
  RefusalBook();

  struct Refused {
    const Refusal& refusal;
    std::string topics;  // of the class
  };
  // What the operator is told, if it is news.
  [[nodiscard]] std::optional<Trouble> refused(const Forwarder::RecordPlace& place,
                                               const Refused& refused);
  // A line of the log for a refused batch. Its events are sent one by one, so the class goes on.
  [[nodiscard]] std::optional<std::string> refused_batch(EventClass event_class,
                                                         const Refusal& refusal);
  // What the operator is told of what was set aside, if it is news or was last told an hour ago.
  [[nodiscard]] std::optional<Trouble> set_aside(EventClass event_class, const Refused& refused,
                                                 SteadyTime now);
  // The class rests: it is asked again after the backoff.
  void rest(SteadyTime now, std::uint64_t random);
  enum class Delivered : std::uint8_t {
    no,                // something is refused still
    accepted,          // nothing is refused any more since this call
    partly_set_aside,  // the same, but some of it was set aside
  };
  // Everything up to `cursor` is delivered.
  [[nodiscard]] Delivered delivered(EventClass event_class, Seq cursor);
  // An alarm or a patrol has come for a class that rests: such classes are asked not later than
  // `at`, the others at `retry_at` as before.
  void hurry(SteadyTime at);

  enum class Ask : std::uint8_t { nobody, hurried, all };
  // Whom to ask again now; each is said once.
  [[nodiscard]] Ask look(SteadyTime now);
  // When `look` has something to say.
  [[nodiscard]] std::optional<SteadyTime> due_at() const;
  // The trouble of the first class that is refused now; none when no class is.
  [[nodiscard]] std::optional<Trouble> told() const;
  [[nodiscard]] const PerClass<std::optional<Trouble>>& aside() const { return aside_; }

 private:
  Backoff backoff_;
  std::optional<SteadyTime> retry_at_;
  std::optional<SteadyTime> hurried_at_;
  PerClass<std::optional<Trouble>> told_;
  PerClass<Seq> up_to_{};  // 0 where nothing refused is left
  PerClass<std::optional<Trouble>> aside_;
  PerClass<SteadyTime> aside_told_{};
  PerClass<bool> has_set_aside_{};  // some was set aside since the class was last refused nothing
  PerClass<std::string> batches_;
};

}  // namespace watchpost::upstream
