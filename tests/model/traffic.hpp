// Traffic: messages to a store that no judgement has seen (village.hpp has the others), and the
// answers of its upstreams, by random numbers.
// Promise: the same seed and the same committed states give the same groups; no upstream
// acknowledges a record that was not committed.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "model/store_state.hpp"
#include "spool/queue/commit_group.hpp"

namespace watchpost::model {

class Traffic {
 public:
  struct Shape {
    std::size_t most_appends = 6;
    std::size_t large = 20'000;  // bytes of a large payload
    unsigned large_share = 8;    // of 100 records
  };
  Traffic(std::uint64_t seed, Shape shape) : random_(seed), shape_(shape) {}

  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  [[nodiscard]] bool chance(unsigned of_hundred) { return below(100) < of_hundred; }
  // `committed` has all records that the upstreams can have seen; `judged` stays in its order.
  [[nodiscard]] spool::CommitGroup group(const StoreState& committed,
                                         std::vector<spool::Append> judged);
  [[nodiscard]] Record record(EventClass event_class);

 private:
  [[nodiscard]] spool::Append append();
  [[nodiscard]] SessionChange session_change();
  [[nodiscard]] Fact subscriber_fact();
  [[nodiscard]] std::string text(std::size_t size);
  void move_cursors(const StoreState& committed, spool::Notes& notes);
  void set_aside(const StoreState& committed, spool::Notes& notes);

  std::mt19937_64 random_;
  Shape shape_;
  std::uint64_t records_ = 0;
};

// Both upstreams are required.
inline const std::vector<std::string> kUpstreams{"street", "district"};

}  // namespace watchpost::model
