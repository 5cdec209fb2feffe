// The SQL statements of audit and status; see statements.hpp for what they share with the receiver.
#pragma once

namespace watchpost::receiver::sql {

inline constexpr const char* kAllGateways =
    "SELECT id, source, state, epoch, first_alarm, first_patrol, first_status, first_telemetry,"
    " oldest_alarm, oldest_patrol, oldest_status, oldest_telemetry, state_since, last_event_at,"
    " previous FROM gateway WHERE ?1 = '' OR source = ?1 ORDER BY source";
inline constexpr const char* kStreamsOf =
    "SELECT id, epoch, class, begins, contiguous, highest, repeats FROM stream"
    " WHERE gateway = ?1 ORDER BY class, begins, id";
// Those of a class behind the one that begins with ?3 and has the id ?4.
inline constexpr const char* kStreamsBehind =
    "SELECT id, epoch, begins FROM stream WHERE gateway = ?1 AND class = ?2"
    " AND (begins, id) > (?3, ?4) ORDER BY begins, id";
inline constexpr const char* kEpochsOf =
    "SELECT epoch, previous, first_alarm, first_patrol, first_status, first_telemetry,"
    " reason = 'alone' AND previous = '' FROM epoch WHERE gateway = ?1";
// How far the epochs behind ?2 say that class ?3 goes in it; nothing where none is known.
inline constexpr const char* kFirstAfter =
    "SELECT max(CASE ?3 WHEN 0 THEN first_alarm WHEN 1 THEN first_patrol WHEN 2 THEN first_status"
    " ELSE first_telemetry END) FROM epoch WHERE gateway = ?1 AND previous = ?2";
inline constexpr const char* kCountConflicts =
    "SELECT count(*) FROM conflict JOIN stream ON stream.id = conflict.stream"
    " WHERE stream.gateway = ?1";
inline constexpr const char* kCountUnreadable = "SELECT ifnull(sum(times), 0) FROM unreadable";
inline constexpr const char* kDamagedOf = "SELECT count(*) FROM damaged WHERE stream = ?1";
inline constexpr const char* kAllBodies =
    "SELECT arrival, body FROM event WHERE arrival > ?1 ORDER BY arrival LIMIT 1000";

}  // namespace watchpost::receiver::sql
