// Every SQL statement of the receiver but the schema. Prepared once, always bound.
#pragma once

namespace watchpost::receiver::sql {

// A commit is one sync of the WAL. The WAL is moved between commits (Store::move_wal).
inline constexpr const char* kConfigureWriter =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF;";
inline constexpr const char* kConfigureReader =
    "PRAGMA query_only=1; PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY;";
inline constexpr const char* kSynchronous = "PRAGMA synchronous";
inline constexpr const char* kUserVersion = "PRAGMA user_version";
inline constexpr const char* kTables = "SELECT count(*) FROM sqlite_schema";
inline constexpr const char* kSetUserVersion = "PRAGMA user_version = 1";
inline constexpr const char* kQuickCheck = "PRAGMA quick_check(5)";
inline constexpr const char* kBegin = "BEGIN IMMEDIATE";
inline constexpr const char* kBeginReading = "BEGIN";
inline constexpr const char* kCommit = "COMMIT";
inline constexpr const char* kRollback = "ROLLBACK";

inline constexpr const char* kFindGateway =
    "SELECT id, prefix, state, epoch FROM gateway WHERE source = ?1";
inline constexpr const char* kAddGateway =
    "INSERT INTO gateway (source, prefix, state, epoch, heard_at) VALUES (?1, ?2, '', '', ?3)"
    " RETURNING id";
inline constexpr const char* kSaveGateway =
    "UPDATE gateway SET prefix = ?2, state = ?3, epoch = ?4, heard_at = ?5 WHERE id = ?1";

inline constexpr const char* kFindStream =
    "SELECT id, begins, oldest, contiguous, highest, received, repeats FROM stream"
    " WHERE gateway = ?1 AND epoch = ?2 AND class = ?3";
inline constexpr const char* kAddStream =
    "INSERT INTO stream (gateway, epoch, class, begins, oldest, contiguous, highest, received,"
    " repeats) VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0, 0) RETURNING id";
inline constexpr const char* kSaveStream =
    "UPDATE stream SET begins = ?2, oldest = ?3, contiguous = ?4, highest = ?5, received = ?6,"
    " repeats = ?7 WHERE id = ?1";
inline constexpr const char* kEpochsOf = "SELECT DISTINCT epoch FROM stream WHERE gateway = ?1";

inline constexpr const char* kAddEvent =
    "INSERT INTO event (stream, sequence, arrived_at, type, subject, time, body)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (stream, sequence) DO NOTHING";
inline constexpr const char* kBodyOf = "SELECT body FROM event WHERE stream = ?1 AND sequence = ?2";
inline constexpr const char* kSequencesAfter =
    "SELECT sequence FROM event WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence";
inline constexpr const char* kLowestOf =
    "SELECT sequence FROM event WHERE stream = ?1 ORDER BY sequence LIMIT 1";

inline constexpr const char* kAddGap =
    "INSERT OR IGNORE INTO gap (stream, first, last, reason, noted_at) VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr const char* kAddMissing =
    "INSERT OR IGNORE INTO missing (stream, first, last, why, noted_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr const char* kGapsOf =
    "SELECT first, last, reason FROM gap WHERE stream = ?1 ORDER BY first, last";
inline constexpr const char* kMissingOf =
    "SELECT first, last, why FROM missing WHERE stream = ?1 ORDER BY first, last";

inline constexpr const char* kAddUnreadable =
    "INSERT INTO unreadable (arrived_at, topic, reason, body) VALUES (?1, ?2, ?3, ?4)"
    " RETURNING id";
inline constexpr const char* kForgetUnreadable = "DELETE FROM unreadable WHERE id <= ?1";

inline constexpr const char* kCountGateways = "SELECT count(*) FROM gateway";
inline constexpr const char* kWaitingStreams =
    "SELECT gateway.id, gateway.prefix, gateway.source, stream.epoch, stream.class FROM stream"
    " JOIN gateway ON gateway.id = stream.gateway WHERE stream.contiguous < stream.highest"
    " ORDER BY stream.class, stream.id";

// For audit and status.
inline constexpr const char* kAllStreams =
    "SELECT stream.id, gateway.source, gateway.prefix, gateway.state, gateway.epoch, stream.epoch,"
    " stream.class, stream.begins, stream.contiguous, stream.highest, stream.received,"
    " stream.repeats, stream.oldest FROM gateway JOIN stream ON stream.gateway = gateway.id"
    " ORDER BY gateway.source, stream.class, stream.begins, stream.id";
inline constexpr const char* kCountUnreadable = "SELECT ifnull(max(id), 0) FROM unreadable";
inline constexpr const char* kAllBodies =
    "SELECT arrival, body FROM event WHERE arrival > ?1 ORDER BY arrival LIMIT 1000";

}  // namespace watchpost::receiver::sql
