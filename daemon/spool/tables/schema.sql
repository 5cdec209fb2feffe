-- The store, version 3 (PRAGMA user_version). One log per class; seq is dense and is the rowid, so that
-- appending never searches. Every row carries a checksum: `sum` is XXH3-64 over all other columns but
-- `position` (spool/tables/row_sum.hpp), with the class, so that a row found on a stray page tells its own log.
-- Where `annotation` is empty, `payload` holds both, packed (spool/tables/row_content.hpp); rows of version 2,
-- which hold each in its own column, stay as they are.
-- Times are nanoseconds since 1970 UTC and are for people only: nothing is ordered or expired by them.
-- The numbers in domain, clock and class are those of the enumerations in daemon/model: append only.

-- The present epoch and the number with which it begins in each log. A store that was salvaged goes on
-- numbering under a new epoch; `epoch` in a row is the one it was given its id in.
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL,
  first_alarm INTEGER NOT NULL, first_patrol INTEGER NOT NULL, first_status INTEGER NOT NULL,
  first_telemetry INTEGER NOT NULL, sum INTEGER NOT NULL
) STRICT;
-- `position`: bytes of this log before this row, so that the bytes of a log are one subtraction.
CREATE TABLE log_alarm (
  seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, position INTEGER NOT NULL, domain INTEGER NOT NULL,
  severity INTEGER NOT NULL, decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL,
  observed_at INTEGER, device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
  annotation TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE TABLE log_patrol (
  seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, position INTEGER NOT NULL, domain INTEGER NOT NULL,
  severity INTEGER NOT NULL, decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL,
  observed_at INTEGER, device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
  annotation TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE TABLE log_status (
  seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, position INTEGER NOT NULL, domain INTEGER NOT NULL,
  severity INTEGER NOT NULL, decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL,
  observed_at INTEGER, device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
  annotation TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE TABLE log_telemetry (
  seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, position INTEGER NOT NULL, domain INTEGER NOT NULL,
  severity INTEGER NOT NULL, decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL,
  observed_at INTEGER, device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
  annotation TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
-- How far each upstream has acknowledged each class, without a gap.
CREATE TABLE cursor (
  upstream TEXT NOT NULL, class INTEGER NOT NULL, settled INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY (upstream, class)
) STRICT, WITHOUT ROWID;
-- What was acknowledged and will not arrive: each range with why, and an event upstream for each.
CREATE TABLE drop_ledger (
  id INTEGER PRIMARY KEY, class INTEGER NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL,
  last INTEGER NOT NULL, reason TEXT NOT NULL, dropped_at INTEGER NOT NULL, clock INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
-- Records that an upstream refused for good: a copy each, so that its log can go on without them.
CREATE TABLE set_aside (
  id INTEGER PRIMARY KEY, upstream TEXT NOT NULL, reason_code INTEGER NOT NULL,
  set_aside_at INTEGER NOT NULL, class INTEGER NOT NULL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
  domain INTEGER NOT NULL, severity INTEGER NOT NULL, decoded INTEGER NOT NULL, clock INTEGER NOT NULL,
  received_at INTEGER NOT NULL, observed_at INTEGER, device TEXT NOT NULL, topic TEXT NOT NULL,
  payload BLOB NOT NULL, annotation TEXT NOT NULL, sum INTEGER NOT NULL,
  UNIQUE (upstream, class, seq)
) STRICT;
-- Persistent MQTT sessions and the QoS 2 packet ids they have received but not yet released.
CREATE TABLE session (
  client_id TEXT PRIMARY KEY, expiry_s INTEGER NOT NULL, sum INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session_packet_id (
  client_id TEXT NOT NULL, packet_id INTEGER NOT NULL, sum INTEGER NOT NULL,
  PRIMARY KEY (client_id, packet_id)
) STRICT, WITHOUT ROWID;
