// Every SQL statement of the daemon but the schema. Prepared once, always bound.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "model/event_class.hpp"

namespace watchpost::spool::sql {

// synchronous=FULL: in WAL mode each COMMIT syncs the WAL before it returns
// (sqlite.org/pragma.html). Checkpoints are ours (checkpointer.cpp): the automatic ones run inside
// a COMMIT and stall it.
inline constexpr const char* kConfigureWriter =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;";
// It only moves pages; the level decides whether it syncs them.
inline constexpr const char* kConfigureCheckpointer =
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-64;";
inline constexpr const char* kConfigureReader =
    "PRAGMA query_only=1; PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY;";
inline constexpr const char* kJournalMode = "PRAGMA journal_mode";
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

inline constexpr const char* kSaveStore =
    "INSERT OR REPLACE INTO store (one, epoch, first_alarm, first_patrol, first_status,"
    " first_telemetry, sum) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)";
inline constexpr const char* kSelectStore =
    "SELECT epoch, first_alarm, first_patrol, first_status, first_telemetry, sum FROM store"
    " WHERE one = 1";

// In the order of log_row.hpp.
inline constexpr const char* kLogColumns =
    "seq, epoch, position, domain, severity, decoded, clock, received_at, observed_at, device,"
    " topic, payload, annotation, sum";
inline std::string insert_record(EventClass event_class) {
  return fmt::format(
      "INSERT INTO log_{} ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
      " ?14)",
      to_string(event_class), kLogColumns);
}
inline std::string select_records(EventClass event_class) {
  return fmt::format("SELECT {} FROM log_{} WHERE seq > ?1 ORDER BY seq LIMIT ?2", kLogColumns,
                     to_string(event_class));
}
// The newest row of a log, to go on behind it.
inline std::string select_newest(EventClass event_class) {
  return fmt::format("SELECT {} FROM log_{} ORDER BY seq DESC LIMIT 1", kLogColumns,
                     to_string(event_class));
}
// The first row from ?1 on: its number and position.
inline std::string select_oldest(EventClass event_class) {
  return fmt::format("SELECT seq, position FROM log_{} WHERE seq >= ?1 ORDER BY seq LIMIT 1",
                     to_string(event_class));
}
// The epoch of the last row up to ?1.
inline std::string select_epoch_at(EventClass event_class) {
  return fmt::format("SELECT epoch FROM log_{} WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1",
                     to_string(event_class));
}
// The first row past ?1 and up to ?2 that is of another epoch than ?3.
inline std::string select_other_epoch(EventClass event_class) {
  return fmt::format(
      "SELECT seq FROM log_{} WHERE seq > ?1 AND seq <= ?2 AND epoch <> ?3 ORDER BY seq LIMIT 1",
      to_string(event_class));
}
inline std::string delete_range(EventClass event_class) {
  return fmt::format("DELETE FROM log_{} WHERE seq >= ?1 AND seq < ?2", to_string(event_class));
}

inline constexpr const char* kSelectCursors = "SELECT upstream, class, settled, sum FROM cursor";
inline constexpr const char* kSaveCursor =
    "INSERT OR REPLACE INTO cursor (upstream, class, settled, sum) VALUES (?1, ?2, ?3, ?4)";

inline constexpr const char* kInsertDrop =
    "INSERT INTO drop_ledger (class, epoch, first, last, reason, dropped_at, clock, sum)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
// Ranges of class ?1 that have something in common with ?2 to ?3, in order.
inline constexpr const char* kSelectDrops =
    "SELECT first, last FROM drop_ledger WHERE class = ?1 AND last >= ?2 AND first <= ?3"
    " ORDER BY first";
inline constexpr const char* kCountDrops =
    "SELECT class, sum(last - first + 1) FROM drop_ledger GROUP BY class";

inline constexpr const char* kSetAside =
    "INSERT OR IGNORE INTO set_aside (upstream, reason_code, set_aside_at, class, seq, epoch,"
    " domain, severity, decoded, clock, received_at, observed_at, device, topic, payload,"
    " annotation, sum, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
    " ?15, ?16, ?17, ?18)";
inline constexpr const char* kTakeBack = "DELETE FROM set_aside WHERE upstream = ?1 AND id = ?2";
inline constexpr const char* kSelectSetAside =
    "SELECT id, reason_code, class, seq, epoch, domain, severity, decoded, clock, received_at,"
    " observed_at, device, topic, payload, annotation, sum, set_aside_at FROM set_aside"
    " WHERE upstream = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
inline constexpr const char* kCountSetAside =
    "SELECT upstream, class, count(*), sum(length(payload) + length(annotation)), max(id)"
    " FROM set_aside GROUP BY upstream, class";

inline constexpr const char* kSelectSessions = "SELECT client_id, expiry_s, sum FROM session";
inline constexpr const char* kSelectPacketIds =
    "SELECT client_id, packet_id, sum FROM session_packet_id ORDER BY client_id, packet_id";
inline constexpr const char* kOpenSession =
    "INSERT OR REPLACE INTO session (client_id, expiry_s, sum) VALUES (?1, ?2, ?3)";
inline constexpr const char* kEndSession = "DELETE FROM session WHERE client_id = ?1";
inline constexpr const char* kRememberPacketId =
    "INSERT OR IGNORE INTO session_packet_id (client_id, packet_id, sum) VALUES (?1, ?2, ?3)";
inline constexpr const char* kForgetPacketId =
    "DELETE FROM session_packet_id WHERE client_id = ?1 AND packet_id = ?2";
inline constexpr const char* kForgetPacketIds =
    "DELETE FROM session_packet_id WHERE client_id = ?1";

}  // namespace watchpost::spool::sql
