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

  // What the operator is told, if it is news.
  [[nodiscard]] std::optional<Trouble> refused(const Forwarder::Place& place,
                                               const Refusal& refusal);
  // A line of the log for a refused batch. Its events are sent one by one, so the class goes on.
  [[nodiscard]] std::optional<std::string> refused_batch(EventClass event_class,
                                                         const Refusal& refusal);
  // What the operator is told of what was set aside, if it is news.
  [[nodiscard]] std::optional<Trouble> set_aside(EventClass event_class, const Refusal& refusal);
  // The class rests: it is asked again at `retry_at`.
  void rest(SteadyTime now, std::uint64_t random);
  // Everything up to `cursor` is settled. True when nothing is refused any more since this call.
  [[nodiscard]] bool settled(EventClass event_class, Seq cursor);
  // A new record has come for a class that rests: the class is asked not later than `at`.
  void ask_by(SteadyTime at);
  void asked() { retry_at_.reset(); }

  [[nodiscard]] std::optional<SteadyTime> retry_at() const { return retry_at_; }
  // The trouble of the first class that is refused now; none when no class is.
  [[nodiscard]] std::optional<Trouble> told() const;
  [[nodiscard]] const PerClass<std::optional<Trouble>>& aside() const { return aside_; }

 private:
  Backoff backoff_;
  std::optional<SteadyTime> retry_at_;
  PerClass<std::optional<Trouble>> told_;
  PerClass<Seq> up_to_{};  // 0 where nothing refused is left
  PerClass<std::optional<Trouble>> aside_;
  PerClass<std::string> batches_;
};

}  // namespace watchpost::upstream
