// EpochTree: which start of a gateway went on from which store, as far as the gateway told.
// Why: each start of a gateway numbers its records under an epoch of its own. Usually it goes on
// with the store of the start before, and the epochs make one line. Where an older copy of the
// store was put back, the line forks: two epochs go on behind the same one, and neither has the
// records of the other. A store that was begun anew stands alone. Promise: two epochs are on
// different branches only where it is known that the line forked between them, or that one of the
// two lines stands alone; else an epoch of which nobody told what went before is on every branch.
// Memory: one entry for each epoch. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "model/event_class.hpp"
#include "model/record.hpp"

namespace watchpost::receiver {

class EpochTree {
 public:
  struct Begin {
    Epoch previous;  // empty: nothing went before it, or nobody said
    PerClass<Seq> first{};
    bool alone = false;  // a store that goes on with no other one of this gateway
  };
  void add(const Epoch& epoch, Begin begin);

  struct Pair {
    Epoch epoch;
    Epoch later;
  };
  // True: `later` does not go on behind `epoch`; an older copy of the store was put back between.
  [[nodiscard]] bool apart(const Pair& pair) const;
  // The epoch and all that go on behind it.
  [[nodiscard]] std::set<Epoch> line_of(const Epoch& epoch) const;
  // For each epoch behind which `present` goes on: the first numbers of the one that follows.
  [[nodiscard]] std::map<Epoch, PerClass<Seq>> before(const Epoch& present) const;

 private:
  [[nodiscard]] const Begin* find(const Epoch& epoch) const;
  [[nodiscard]] bool stands_alone(const Epoch& epoch) const;

  std::map<Epoch, Begin> begins_;
  std::map<Epoch, std::vector<Epoch>> followers_;
};

}  // namespace watchpost::receiver
