// set_aside: records that an upstream refused for good, a copy each, so that its log can go on
// without them.
// Promise: no id is given twice while the daemon runs: it may be asked late to take one back.
// SetAsideTable: spool thread; read_set_aside: reader thread.
#pragma once

#include <optional>

#include "spool/log_reader.hpp"
#include "spool/queue/commit_group.hpp"
#include "spool/tables/gateway_record.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& set_aside_table();

// SQL: the copies of upstream ?1 with ids past ?2, ?3 at most.
[[nodiscard]] std::string select_set_aside();
// A row that select_set_aside gave; nothing where the checksum does not fit.
[[nodiscard]] std::optional<SetAside> read_set_aside(const sqlite::Statement& row);

// The copies on the writing connection.
class SetAsideTable {
 public:
  SetAsideTable() = default;
  [[nodiscard]] static Result<SetAsideTable> open(sqlite::Database& database);

  // False where the copy is there already.
  [[nodiscard]] Result<bool> add(const SetAsideCopy& copy, Moment now, std::uint64_t id);
  [[nodiscard]] Result<void> take_back(const TakeBack& taken);
  struct Counted {
    SetAsideCounts counts;
    std::uint64_t last_id = 0;
  };
  [[nodiscard]] Result<Counted> count();

 private:
  sqlite::Database* database_ = nullptr;
  sqlite::Statement insert_, remove_, count_;
};

}  // namespace watchpost::spool
