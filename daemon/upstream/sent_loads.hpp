// SentLoads: the publications of one class that were sent and are not dealt with, oldest first.
// Promise: knows each by its token, and how many wait for an answer; the oldest stays until its
// owner drops it. Pure. Used by Lane, on the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "model/record.hpp"
#include "upstream/publishing.hpp"
#include "upstream/refusal.hpp"

namespace watchpost::upstream {

// What one publication carries: one record, or a range.
struct Load {
  PublishToken token;
  Seq first;
  Seq last;
  std::size_t events = 1;
};

class SentLoads {
 public:
  enum class State : std::uint8_t { waiting, acknowledged, refused, condemned };
  struct Sent : Load {
    State state{};
    Refusal refusal{};
  };
  using Loads = std::deque<Sent>;
  using Position = Loads::iterator;

  void add(PublishToken token, Seq seq);
  // The newest publication carries one more record.
  void join(Seq seq);
  // Forgets all publications; no answer to them counts any more.
  void clear();

  // The publication with this token if it waits for its answer; else `end`.
  [[nodiscard]] Position waiting_with(PublishToken token);
  // The publication with this record if it is condemned; else `end`.
  [[nodiscard]] Position condemned_with(Seq seq);
  // The publication waits no more; the caller sets its state.
  void answered(const Sent& sent);
  void drop_oldest() { loads_.pop_front(); }

  [[nodiscard]] Position begin() { return loads_.begin(); }
  [[nodiscard]] Position end() { return loads_.end(); }
  [[nodiscard]] bool empty() const { return loads_.empty(); }
  [[nodiscard]] std::size_t size() const { return loads_.size(); }
  // oldest and newest may be called only where not empty.
  [[nodiscard]] const Sent& oldest() const { return loads_.front(); }
  [[nodiscard]] const Sent& newest() const { return loads_.back(); }
  [[nodiscard]] bool has(State state) const;
  [[nodiscard]] std::optional<Load> oldest_unanswered() const;
  [[nodiscard]] std::size_t waiting() const { return waiting_; }                // publications
  [[nodiscard]] std::size_t waiting_events() const { return waiting_events_; }  // their records

 private:
  Loads loads_;  // in the order of seq, hence of token
  std::size_t waiting_ = 0;
  std::size_t waiting_events_ = 0;
};

}  // namespace watchpost::upstream
