// FactTable: the facts of one kind on the writing connection, which keeps them.
// Promise: a fact of another kind is left alone; rows that do not fit their checksum are left out
// when they are read. Spool thread.
#pragma once

#include "base/result.hpp"
#include "model/fact.hpp"

namespace watchpost::spool {

class FactTable {
 public:
  virtual ~FactTable() = default;
  [[nodiscard]] virtual Result<void> write(const Fact& fact) = 0;
  [[nodiscard]] virtual Result<void> read(StoredFacts& facts) = 0;
};

}  // namespace watchpost::spool
