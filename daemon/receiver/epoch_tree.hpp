// EpochTree: which epochs of one gateway go on behind which, as far as anybody told.
// Promise: two epochs are apart only where it is known that neither goes on behind the other; what
// nobody told separates nothing. Memory: one entry for each epoch. Pure; one thread at a time.
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
  };
  void add(const Epoch& epoch, Begin begin);

  // True: `later` goes on elsewhere than behind `epoch`, since an older copy was put back.
  [[nodiscard]] bool apart(const Epoch& epoch, const Epoch& later) const;
  // The epoch and all that go on behind it.
  [[nodiscard]] std::set<Epoch> line_of(const Epoch& epoch) const;
  // For each epoch behind which `present` goes on: the first numbers of the one that follows.
  [[nodiscard]] std::map<Epoch, PerClass<Seq>> before(const Epoch& present) const;

 private:
  [[nodiscard]] const Begin* find(const Epoch& epoch) const;

  std::map<Epoch, Begin> begins_;
  std::map<Epoch, std::vector<Epoch>> followers_;
};

}  // namespace watchpost::receiver
