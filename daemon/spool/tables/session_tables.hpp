// session, session_packet_id: persistent MQTT sessions, and the QoS 2 packet ids they have received
// and not yet released.
// Promise: only what SQLite itself would read is believed: a packet id that was released long ago
// would make the gateway take a new message for a repeat and lose it. SessionTables: spool thread.
#pragma once

#include <vector>

#include "model/session_change.hpp"
#include "spool/tables/table.hpp"

namespace watchpost::spool {

[[nodiscard]] const Table& session_table();
[[nodiscard]] const Table& packet_id_table();

// Both tables on the writing connection.
class SessionTables {
 public:
  SessionTables() = default;
  [[nodiscard]] static Result<SessionTables> open(sqlite::Database& database);

  [[nodiscard]] Result<void> write(const SessionChange& change);
  // Rows that do not fit their checksum are left out.
  [[nodiscard]] Result<std::vector<StoredSession>> read();

 private:
  sqlite::Statement open_, end_, remember_, forget_, forget_all_, sessions_, packet_ids_;
};

}  // namespace watchpost::spool
