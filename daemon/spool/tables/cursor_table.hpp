// cursor: how far each upstream has acknowledged each class, without a gap.
// Promise: a cursor that does not fit its checksum is none: its upstream is sent everything once
// more, under the same ids. CursorTable: spool thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "spool/queue/commit_group.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& cursor_table();

using Cursors = std::map<std::string, PerClass<Seq>>;

struct CursorsRead {
  Cursors cursors;
  std::vector<std::string> damaged;  // upstreams
};
// On any connection.
[[nodiscard]] Result<CursorsRead> read_cursors(sqlite::Database& database);

// The cursors on the writing connection.
class CursorTable {
 public:
  CursorTable() = default;
  [[nodiscard]] static Result<CursorTable> open(sqlite::Database& database);
  [[nodiscard]] Result<void> save(const CursorMove& move);

 private:
  sqlite::Statement save_;
};

}  // namespace watchpost::spool
