-- The store, version 1 (PRAGMA user_version). One log per class; seq is dense and is the rowid, so that
-- appending never searches. `sum` is XXH3-64 over all other columns (spool/row_sum.hpp).
-- Times are nanoseconds since 1970 UTC and are for people only: nothing is ordered or expired by them.
-- The numbers in domain, clock and class are those of the enumerations in daemon/model: append only.
CREATE TABLE store (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  epoch   TEXT NOT NULL
) STRICT;
CREATE TABLE log_alarm (
  seq INTEGER PRIMARY KEY, domain INTEGER NOT NULL, severity INTEGER NOT NULL,
  decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL, observed_at INTEGER,
  device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL, annotation TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE TABLE log_patrol (
  seq INTEGER PRIMARY KEY, domain INTEGER NOT NULL, severity INTEGER NOT NULL,
  decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL, observed_at INTEGER,
  device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL, annotation TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE TABLE log_status (
  seq INTEGER PRIMARY KEY, domain INTEGER NOT NULL, severity INTEGER NOT NULL,
  decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL, observed_at INTEGER,
  device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL, annotation TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE TABLE log_telemetry (
  seq INTEGER PRIMARY KEY, domain INTEGER NOT NULL, severity INTEGER NOT NULL,
  decoded INTEGER NOT NULL, clock INTEGER NOT NULL, received_at INTEGER NOT NULL, observed_at INTEGER,
  device TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL, annotation TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
-- How far each upstream has acknowledged each class, without a gap.
CREATE TABLE cursor (
  upstream TEXT NOT NULL, class INTEGER NOT NULL, settled INTEGER NOT NULL,
  PRIMARY KEY (upstream, class)
) STRICT, WITHOUT ROWID;
-- Persistent MQTT sessions and the QoS 2 packet ids they have received but not yet released.
CREATE TABLE session (
  client_id TEXT PRIMARY KEY, expiry_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session_packet_id (
  client_id TEXT NOT NULL, packet_id INTEGER NOT NULL,
  PRIMARY KEY (client_id, packet_id)
) STRICT, WITHOUT ROWID;
