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
inline constexpr const char* kSetUserVersion = "PRAGMA user_version = 2";
inline constexpr const char* kQuickCheck = "PRAGMA quick_check(5)";
inline constexpr const char* kBegin = "BEGIN IMMEDIATE";
inline constexpr const char* kBeginReading = "BEGIN";
inline constexpr const char* kCommit = "COMMIT";
inline constexpr const char* kRollback = "ROLLBACK";

inline constexpr const char* kFindGateway =
    "SELECT id, prefix, state, epoch, state_since, last_event_at, first_alarm, first_patrol,"
    " first_status, first_telemetry, oldest_alarm, oldest_patrol, oldest_status, oldest_telemetry,"
    " (SELECT count(*) FROM branch WHERE branch.gateway = gateway.id), previous"
    " FROM gateway WHERE source = ?1";
inline constexpr const char* kAddGateway =
    "INSERT INTO gateway (source, prefix, state, epoch, heard_at) VALUES (?1, ?2, '', '', ?3)"
    " RETURNING id";
inline constexpr const char* kSaveGateway =
    "UPDATE gateway SET prefix = ?2, state = ?3, epoch = ?4, heard_at = ?5, state_since = ?6,"
    " last_event_at = ?7, first_alarm = ?8, first_patrol = ?9, first_status = ?10,"
    " first_telemetry = ?11, oldest_alarm = ?12, oldest_patrol = ?13, oldest_status = ?14,"
    " oldest_telemetry = ?15, previous = ?16 WHERE id = ?1";

inline constexpr const char* kFindStream =
    "SELECT id, begins, contiguous, highest, received, repeats FROM stream"
    " WHERE gateway = ?1 AND epoch = ?2 AND class = ?3";
inline constexpr const char* kAddStream =
    "INSERT INTO stream (gateway, epoch, class, begins, contiguous, highest, received, repeats)"
    " VALUES (?1, ?2, ?3, ?4, 0, 0, 0, 0) RETURNING id";
inline constexpr const char* kSaveStream =
    "UPDATE stream SET begins = ?2, contiguous = ?3, highest = ?4, received = ?5, repeats = ?6"
    " WHERE id = ?1";
// Epochs of a class with a gap: a number below one that came is missing.
inline constexpr const char* kOpenEpochs =
    "SELECT epoch FROM stream WHERE gateway = ?1 AND class = ?2 AND contiguous < highest";
inline constexpr const char* kNewestStream =
    "SELECT epoch FROM stream WHERE gateway = ?1 AND class = ?2 AND contiguous >= begins"
    " ORDER BY id DESC LIMIT 1";
// Those of a class of which the gateway itself did not tell where they begin.
inline constexpr const char* kUntoldEpochs =
    "SELECT epoch FROM stream WHERE gateway = ?1 AND class = ?2 AND NOT EXISTS (SELECT 1 FROM epoch"
    " WHERE epoch.gateway = ?1 AND epoch.epoch = stream.epoch AND epoch.told = 1)";

// Firsts in the order of the classes.
inline constexpr const char* kFindEpoch =
    "SELECT previous, told, first_alarm, first_patrol, first_status, first_telemetry,"
    " reason = 'alone' AND previous = '' FROM epoch WHERE gateway = ?1 AND epoch = ?2";
inline constexpr const char* kSaveEpoch =
    "INSERT OR REPLACE INTO epoch (gateway, epoch, previous, told, reason, noted_at, first_alarm,"
    " first_patrol, first_status, first_telemetry)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
inline constexpr const char* kNextEpoch =
    "SELECT epoch, first_alarm, first_patrol, first_status, first_telemetry FROM epoch"
    " WHERE gateway = ?1 AND previous = ?2 ORDER BY told DESC, noted_at DESC LIMIT 1";
// The last one before ?3 that the gateway itself says goes on behind ?2.
inline constexpr const char* kSibling =
    "SELECT epoch FROM epoch WHERE gateway = ?1 AND previous = ?2 AND epoch <> ?3 AND told = 1"
    " ORDER BY noted_at DESC LIMIT 1";
// A trunk that the gateway told replaces one that nobody knew.
inline constexpr const char* kAddBranch =
    "INSERT INTO branch (gateway, younger, older, trunk, noted_at, grew_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT (gateway, younger) DO UPDATE SET"
    " older = excluded.older, trunk = excluded.trunk WHERE branch.trunk = ''";
inline constexpr const char* kBranchesOf =
    "SELECT younger, older, trunk, grew_at FROM branch WHERE gateway = ?1"
    " ORDER BY noted_at DESC LIMIT 16";
inline constexpr const char* kBranchGrew =
    "UPDATE branch SET grew_at = ?3 WHERE gateway = ?1 AND younger = ?2";

inline constexpr const char* kAddEvent =
    "INSERT INTO event (stream, sequence, arrived_at, type, subject, time, body)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (stream, sequence) DO NOTHING";
inline constexpr const char* kBodyOf = "SELECT body FROM event WHERE stream = ?1 AND sequence = ?2";
inline constexpr const char* kSequencesAfter =
    "SELECT sequence FROM event WHERE stream = ?1 AND sequence > ?2"
    " UNION SELECT sequence FROM damaged WHERE stream = ?1 AND sequence > ?2 ORDER BY sequence";
inline constexpr const char* kLowestOf =
    "SELECT sequence FROM event WHERE stream = ?1 ORDER BY sequence LIMIT 1";
inline constexpr const char* kHighestOf =
    "SELECT max(highest, ifnull((SELECT max(sequence) FROM event WHERE event.stream = stream.id),"
    " 0)) FROM stream WHERE gateway = ?1 AND epoch = ?2 AND class = ?3";

inline constexpr const char* kAddGap =
    "INSERT OR IGNORE INTO gap (stream, first, last, reason, noted_at) VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr const char* kAddMissing =
    "INSERT OR IGNORE INTO missing (stream, first, last, why, noted_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr const char* kGapsOf =
    "SELECT first, last, reason FROM gap WHERE stream = ?1 ORDER BY first, last";
inline constexpr const char* kMissingOf =
    "SELECT first, last, why FROM missing WHERE stream = ?1 ORDER BY first, last";

inline constexpr const char* kUnreadableAgain =
    "UPDATE unreadable SET times = times + 1, arrived_at = ?1"
    " WHERE topic = ?2 AND length(body) = length(?3) AND body = ?3";
inline constexpr const char* kAddUnreadable =
    "INSERT INTO unreadable (arrived_at, topic, reason, body) VALUES (?1, ?2, ?3, ?4)"
    " RETURNING id";
inline constexpr const char* kForgetUnreadable = "DELETE FROM unreadable WHERE id <= ?1";
inline constexpr const char* kAddDamaged =
    "INSERT OR IGNORE INTO damaged (stream, sequence, arrived_at, reason, body)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr const char* kConflictAgain =
    "SELECT count(*) FROM conflict WHERE stream = ?1 AND sequence = ?2 AND body = ?3";
inline constexpr const char* kAddConflict =
    "INSERT INTO conflict (stream, sequence, arrived_at, body) VALUES (?1, ?2, ?3, ?4)"
    " RETURNING id";
inline constexpr const char* kForgetConflicts = "DELETE FROM conflict WHERE id <= ?1";

inline constexpr const char* kCountGateways = "SELECT count(*) FROM gateway";
inline constexpr const char* kWaitingStreams =
    "SELECT gateway.source, stream.epoch, stream.class, gateway.prefix FROM stream"
    " JOIN gateway ON gateway.id = stream.gateway WHERE stream.contiguous < stream.highest"
    " ORDER BY stream.class, stream.id";

}  // namespace watchpost::receiver::sql
