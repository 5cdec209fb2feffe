// FactTable: the facts of one kind on the writing connection, which keeps them.
// Promise: a fact of another kind is left alone; a row that does not fit its checksum is left out
// when it is read, and told. Spool thread.
#pragma once

#include "base/result.hpp"
#include "model/fact.hpp"
#include "spool/tables/check_report.hpp"

namespace watchpost::spool {

struct FactsRead {
  StoredFacts& facts;
  CheckReport& damage;  // in sentences, for the log
};

class FactTable {
 public:
  virtual ~FactTable() = default;
  [[nodiscard]] virtual Result<void> write(const Fact& fact) = 0;
  [[nodiscard]] virtual Result<void> read(const FactsRead& read) = 0;
};

}  // namespace watchpost::spool
