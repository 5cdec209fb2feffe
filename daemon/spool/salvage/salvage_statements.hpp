// The SQL of a salvage: what was found is written into a new database that nobody else sees yet.
#pragma once

#include <fmt/format.h>

#include <string>

#include "model/event_class.hpp"
#include "spool/tables/statements.hpp"

namespace watchpost::spool::sql {

// Until it is complete and synced the file is worth nothing: no journal, no syncs on the way.
inline constexpr const char* kConfigureSalvage =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096;"
    "PRAGMA temp_store=MEMORY;";

// What comes first is believed: OR IGNORE throughout.
inline std::string keep_record(EventClass event_class) {
  return fmt::format(
      "INSERT OR IGNORE INTO log_{} ({}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
      " ?13, ?14)",
      to_string(event_class), kLogColumns);
}
inline constexpr const char* kKeepCursor =
    "INSERT OR IGNORE INTO cursor (upstream, class, settled, sum) VALUES (?1, ?2, ?3, ?4)";
inline constexpr const char* kKeepSession =
    "INSERT OR IGNORE INTO session (client_id, expiry_s, sum) VALUES (?1, ?2, ?3)";
inline constexpr const char* kKeepDrop =
    "INSERT OR IGNORE INTO drop_ledger (id, class, epoch, first, last, reason, dropped_at, clock,"
    " sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
inline constexpr const char* kKeepSetAside =
    "INSERT OR IGNORE INTO set_aside (id, upstream, reason_code, set_aside_at, class, seq, epoch,"
    " domain, severity, decoded, clock, received_at, observed_at, device, topic, payload,"
    " annotation, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
    " ?16, ?17, ?18)";
// Of sessions that were found nowhere nothing may stay.
inline constexpr const char* kForgetOrphanedPacketIds =
    "DELETE FROM session_packet_id WHERE client_id NOT IN (SELECT client_id FROM session)";

inline constexpr const char* kSelectYielded =
    "SELECT class, first, last FROM drop_ledger WHERE reason = 'quota'";
// Rows past ?1 with what they count as (log_row.hpp) but for the overhead.
inline std::string select_sizes(EventClass event_class) {
  return fmt::format(
      "SELECT seq, length(CAST(device AS BLOB)) + length(CAST(topic AS BLOB)) + length(payload)"
      " + length(CAST(annotation AS BLOB)) FROM log_{} WHERE seq > ?1 ORDER BY seq LIMIT 1000",
      to_string(event_class));
}
inline std::string set_position(EventClass event_class) {
  return fmt::format("UPDATE log_{} SET position = ?2 WHERE seq = ?1", to_string(event_class));
}

}  // namespace watchpost::spool::sql
