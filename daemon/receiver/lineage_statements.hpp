// The SQL statements that tell lives of one gateway apart; see statements.hpp.
#pragma once

namespace watchpost::receiver::sql {

// Those that the gateway itself says go on behind ?2.
inline constexpr const char* kFollowers =
    "SELECT epoch, first_alarm, first_patrol, first_status, first_telemetry FROM epoch"
    " WHERE gateway = ?1 AND previous = ?2 AND told = 1 ORDER BY noted_at";
inline constexpr const char* kMarkAlone =
    "INSERT INTO epoch (gateway, epoch, previous, told, reason, noted_at, first_alarm,"
    " first_patrol, first_status, first_telemetry) VALUES (?1, ?2, '', 0, 'alone', ?3, ?4, ?5, ?6,"
    " ?7) ON CONFLICT (gateway, epoch) DO UPDATE SET reason = 'alone', previous = ''";
// One that stands alone and of which nothing ever came.
inline constexpr const char* kAloneAndEmpty =
    "SELECT epoch FROM epoch WHERE gateway = ?1 AND epoch <> ?2 AND told = 0 AND reason = 'alone'"
    " AND NOT EXISTS (SELECT 1 FROM stream WHERE stream.gateway = ?1"
    " AND stream.epoch = epoch.epoch) LIMIT 1";
inline constexpr const char* kRenameEpoch =
    "UPDATE epoch SET epoch = ?3 WHERE gateway = ?1 AND epoch = ?2";
inline constexpr const char* kRenameYounger =
    "UPDATE OR IGNORE branch SET younger = ?3 WHERE gateway = ?1 AND younger = ?2";
// Epochs beside ?2 of which something came; of class ?3, or of every class where it is -1.
inline constexpr const char* kEpochsBeside =
    "SELECT epoch FROM stream WHERE gateway = ?1 AND epoch <> ?2 AND (?3 < 0 OR class = ?3)"
    " AND EXISTS (SELECT 1 FROM event WHERE event.stream = stream.id) ORDER BY id DESC";
// Epochs beside ?2 that gave the number ?4 of class ?3 too.
inline constexpr const char* kEpochsWithNumber =
    "SELECT epoch FROM stream WHERE gateway = ?1 AND epoch <> ?2 AND class = ?3 AND EXISTS"
    " (SELECT 1 FROM event WHERE event.stream = stream.id AND sequence = ?4) ORDER BY id DESC";

}  // namespace watchpost::receiver::sql
