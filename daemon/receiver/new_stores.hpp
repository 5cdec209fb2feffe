// NewStores: lives of one gateway that no word of it joins: a store that was begun anew, where
// another was deleted or replaced, and a second box that was set up with the same id.
// Promise: told on proof only: an epoch that begins every class with 1 beside another that gave
// numbers, or one number that two unjoined epochs gave. Each store is told once, also after a
// person took note of it and deleted the branch. The receiver's thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "receiver/lineage.hpp"
#include "sqlite/database.hpp"

namespace watchpost::receiver {

class NewStores {
 public:
  explicit NewStores(Lineage& lineage) : lineage_(&lineage) {}

  [[nodiscard]] Result<void> prepare(sqlite::Database& database);
  // The time of what is noted from now on.
  void begin(std::int64_t now) { now_ = now; }

  // A gateway says where its present epoch begins, and nothing came of it yet: the epoch of an
  // earlier store, where this one was begun anew.
  [[nodiscard]] Result<std::optional<Branch>> begun_anew(std::int64_t gateway,
                                                         const EpochBegin& begin,
                                                         const Epoch& epoch);
  // The first event of a class came: the epoch of another store that gave its number too.
  [[nodiscard]] Result<std::optional<Branch>> given_twice(std::int64_t gateway,
                                                          const EventKey& key);

 private:
  struct Root {
    Epoch epoch;
    bool alone = false;
  };
  [[nodiscard]] Result<Root> root_of(std::int64_t gateway, Epoch epoch);
  [[nodiscard]] Result<void> mark_alone(std::int64_t gateway, const Epoch& root,
                                        const PerClass<Seq>& first);
  [[nodiscard]] Result<bool> renamed(std::int64_t gateway, const Epoch& epoch);

  Lineage* lineage_;
  sqlite::Statement mark_alone_, alone_and_empty_, rename_epoch_, rename_younger_, beside_,
      with_number_;
  std::int64_t now_ = 0;
};

}  // namespace watchpost::receiver
