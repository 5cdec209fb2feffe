-- Brings a file of version 1 to the tables of schema.sql.
ALTER TABLE gateway ADD COLUMN state_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN last_event_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway ADD COLUMN first_alarm INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN first_patrol INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN first_status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN first_telemetry INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN oldest_alarm INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN oldest_patrol INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN oldest_status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE gateway ADD COLUMN oldest_telemetry INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream DROP COLUMN oldest;
ALTER TABLE unreadable ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
DROP VIEW events;
CREATE TABLE epoch (
  gateway INTEGER NOT NULL REFERENCES gateway (id), epoch TEXT NOT NULL, previous TEXT NOT NULL,
  told INTEGER NOT NULL, reason TEXT NOT NULL, noted_at INTEGER NOT NULL,
  first_alarm INTEGER NOT NULL, first_patrol INTEGER NOT NULL, first_status INTEGER NOT NULL,
  first_telemetry INTEGER NOT NULL,
  PRIMARY KEY (gateway, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX epoch_after ON epoch (gateway, previous);
CREATE TABLE branch (
  gateway INTEGER NOT NULL REFERENCES gateway (id), younger TEXT NOT NULL, older TEXT NOT NULL,
  trunk TEXT NOT NULL, noted_at INTEGER NOT NULL, grew_at INTEGER NOT NULL,
  PRIMARY KEY (gateway, younger)
) STRICT, WITHOUT ROWID;
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL REFERENCES stream (id),
  sequence INTEGER NOT NULL, arrived_at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX conflict_place ON conflict (stream, sequence);
CREATE TABLE damaged (
  stream INTEGER NOT NULL REFERENCES stream (id), sequence INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL,
  UNIQUE (stream, sequence)
) STRICT;
CREATE INDEX unreadable_text ON unreadable (topic, length(body));
CREATE VIEW events AS
  SELECT event.arrival, gateway.source, stream.epoch,
         CASE stream.class WHEN 0 THEN 'alarm' WHEN 1 THEN 'patrol' WHEN 2 THEN 'status'
                           ELSE 'telemetry' END AS class,
         event.sequence, event.type, event.subject, event.time, event.arrived_at, event.body
  FROM event JOIN stream ON stream.id = event.stream JOIN gateway ON gateway.id = stream.gateway;
CREATE VIEW conflicts AS
  SELECT gateway.source, stream.epoch,
         CASE stream.class WHEN 0 THEN 'alarm' WHEN 1 THEN 'patrol' WHEN 2 THEN 'status'
                           ELSE 'telemetry' END AS class,
         conflict.sequence, conflict.arrived_at, event.body AS first_body,
         conflict.body AS other_body
  FROM conflict JOIN stream ON stream.id = conflict.stream
  JOIN gateway ON gateway.id = stream.gateway
  JOIN event ON event.stream = conflict.stream AND event.sequence = conflict.sequence;
