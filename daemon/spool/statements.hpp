// Every SQL statement of the daemon but the schema. Prepared once, always bound.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "model/event_class.hpp"

namespace watchpost::spool::sql {

// synchronous=FULL: in WAL mode each COMMIT syncs the WAL before it returns
// (sqlite.org/pragma.html). Checkpoints are ours (writer.cpp): the automatic ones run inside a
// COMMIT and stall it.
inline constexpr const char* kConfigureWriter =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;";
inline constexpr const char* kConfigureReader =
    "PRAGMA query_only=1; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;";
inline constexpr const char* kSynchronous = "PRAGMA synchronous";
inline constexpr const char* kUserVersion = "PRAGMA user_version";
inline std::string set_user_version(int version) {
  return fmt::format("PRAGMA user_version = {}", version);
}
// SQLITE_FULL past this many pages: the quota holds also where nobody computed it before.
inline std::string limit_pages(std::int64_t pages) {
  return fmt::format("PRAGMA max_page_count = {}", pages);
}
inline constexpr const char* kPageSize = "PRAGMA page_size";
inline constexpr const char* kPageCount = "PRAGMA page_count";
inline constexpr const char* kFreePages = "PRAGMA freelist_count";

inline constexpr const char* kBegin = "BEGIN IMMEDIATE";
inline constexpr const char* kCommit = "COMMIT";
inline constexpr const char* kRollback = "ROLLBACK";

inline constexpr const char* kInsertEpoch = "INSERT INTO store (one, epoch) VALUES (1, ?1)";
inline constexpr const char* kSelectEpoch = "SELECT epoch FROM store WHERE one = 1";

inline std::string insert_record(EventClass event_class) {
  return fmt::format(
      "INSERT INTO log_{} (seq, domain, severity, decoded, clock, received_at, observed_at, device,"
      " topic, payload, annotation, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
      "?12)",
      to_string(event_class));
}
inline std::string select_records(EventClass event_class) {
  return fmt::format(
      "SELECT seq, domain, severity, decoded, clock, received_at, observed_at, device, topic,"
      " payload, annotation, sum FROM log_{} WHERE seq > ?1 ORDER BY seq LIMIT ?2",
      to_string(event_class));
}
inline std::string newest(EventClass event_class) {
  return fmt::format("SELECT ifnull(max(seq), 0) FROM log_{}", to_string(event_class));
}
inline std::string oldest(EventClass event_class) {
  return fmt::format("SELECT ifnull(min(seq), 0) FROM log_{}", to_string(event_class));
}
inline std::string delete_range(EventClass event_class) {
  return fmt::format("DELETE FROM log_{} WHERE seq >= ?1 AND seq < ?2", to_string(event_class));
}

inline constexpr const char* kSelectCursors = "SELECT upstream, class, settled FROM cursor";
inline constexpr const char* kSaveCursor =
    "INSERT INTO cursor (upstream, class, settled) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (upstream, class) DO UPDATE SET settled = max(settled, excluded.settled)";

inline constexpr const char* kSelectSessions = "SELECT client_id, expiry_s FROM session";
inline constexpr const char* kSelectPacketIds =
    "SELECT client_id, packet_id FROM session_packet_id ORDER BY client_id, packet_id";
inline constexpr const char* kOpenSession =
    "INSERT INTO session (client_id, expiry_s) VALUES (?1, ?2)"
    " ON CONFLICT (client_id) DO UPDATE SET expiry_s = excluded.expiry_s";
inline constexpr const char* kEndSession = "DELETE FROM session WHERE client_id = ?1";
inline constexpr const char* kRememberPacketId =
    "INSERT OR IGNORE INTO session_packet_id (client_id, packet_id) VALUES (?1, ?2)";
inline constexpr const char* kForgetPacketId =
    "DELETE FROM session_packet_id WHERE client_id = ?1 AND packet_id = ?2";
inline constexpr const char* kForgetPacketIds =
    "DELETE FROM session_packet_id WHERE client_id = ?1";

}  // namespace watchpost::spool::sql
