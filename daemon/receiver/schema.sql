-- What a street received, version 2 (PRAGMA user_version). For people and programs of the street:
-- read the view `events`; new ones have a higher `arrival`. Times of ours are nanoseconds since 1970 UTC.
-- class: 0 alarm, 1 patrol, 2 status, 3 telemetry.
CREATE TABLE gateway (
  id       INTEGER PRIMARY KEY,
  source   TEXT NOT NULL UNIQUE,
  prefix   TEXT NOT NULL,           -- of its topics, with the slash at the end
  state    TEXT NOT NULL,           -- 'online', 'offline', '' until it said
  epoch    TEXT NOT NULL,           -- the present one, '' until it said
  heard_at INTEGER NOT NULL,
  state_since   INTEGER NOT NULL DEFAULT 0,
  last_event_at INTEGER NOT NULL DEFAULT 0,
  previous      TEXT NOT NULL DEFAULT '',  -- epoch of which something came, before the present one
  -- As the gateway last said: with which number its present epoch begins, and which is the first
  -- that it will still send; 0: not said.
  first_alarm  INTEGER NOT NULL DEFAULT 0, first_patrol     INTEGER NOT NULL DEFAULT 0,
  first_status INTEGER NOT NULL DEFAULT 0, first_telemetry  INTEGER NOT NULL DEFAULT 0,
  oldest_alarm  INTEGER NOT NULL DEFAULT 0, oldest_patrol    INTEGER NOT NULL DEFAULT 0,
  oldest_status INTEGER NOT NULL DEFAULT 0, oldest_telemetry INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Where each epoch begins, and which one went before it. told: 1 = by the gateway's own event
-- (cn.watchpost.gateway.store.v1), 0 = taken from what it said when it connected. reason 'alone': the
-- store that began with it goes on with no other one of this gateway, which was noted as a branch.
CREATE TABLE epoch (
  gateway INTEGER NOT NULL REFERENCES gateway (id), epoch TEXT NOT NULL, previous TEXT NOT NULL,
  told INTEGER NOT NULL, reason TEXT NOT NULL, noted_at INTEGER NOT NULL,
  first_alarm INTEGER NOT NULL, first_patrol INTEGER NOT NULL, first_status INTEGER NOT NULL,
  first_telemetry INTEGER NOT NULL,
  PRIMARY KEY (gateway, epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX epoch_after ON epoch (gateway, previous);
-- Two epochs that both go on behind `trunk`: an older copy of the store was put back; or, where trunk
-- is '', the younger one is of a store that does not go on with the older's. grew_at: when the older
-- of the two went on growing after all, 0 until it did: two boxes send as one gateway.
CREATE TABLE branch (
  gateway INTEGER NOT NULL REFERENCES gateway (id), younger TEXT NOT NULL, older TEXT NOT NULL,
  trunk TEXT NOT NULL, noted_at INTEGER NOT NULL, grew_at INTEGER NOT NULL,
  PRIMARY KEY (gateway, younger)
) STRICT, WITHOUT ROWID;
-- One row for each gateway, epoch and class. Numbers up to `contiguous` are stored, or are in gap,
-- missing or damaged.
CREATE TABLE stream (
  id         INTEGER PRIMARY KEY,
  gateway    INTEGER NOT NULL REFERENCES gateway (id),
  epoch      TEXT NOT NULL,
  class      INTEGER NOT NULL,
  begins     INTEGER NOT NULL,      -- first number of the epoch; 1 until the gateway said otherwise
  contiguous INTEGER NOT NULL,
  highest    INTEGER NOT NULL,      -- seen
  received   INTEGER NOT NULL,
  repeats    INTEGER NOT NULL,
  UNIQUE (gateway, epoch, class)
) STRICT;
CREATE TABLE event (
  arrival    INTEGER PRIMARY KEY,   -- in the order in which they were stored
  stream     INTEGER NOT NULL REFERENCES stream (id),
  sequence   INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL,
  type       TEXT NOT NULL,
  subject    TEXT NOT NULL,
  time       TEXT NOT NULL,         -- as the gateway wrote it; see wpclock in the body
  body       TEXT NOT NULL,         -- the CloudEvent as it came
  UNIQUE (stream, sequence)
) STRICT;
-- Events that came under the source and id of another one that is in `event`; newest 10,000.
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL REFERENCES stream (id),
  sequence INTEGER NOT NULL, arrived_at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX conflict_place ON conflict (stream, sequence);
-- Events whose source and id can be read and whose rest cannot: stored and confirmed like others.
CREATE TABLE damaged (
  stream INTEGER NOT NULL REFERENCES stream (id), sequence INTEGER NOT NULL,
  arrived_at INTEGER NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL,
  UNIQUE (stream, sequence)
) STRICT;
-- What a gateway said it gave up: reason 'quota', 'damage', ...
CREATE TABLE gap (
  stream INTEGER NOT NULL REFERENCES stream (id), first INTEGER NOT NULL, last INTEGER NOT NULL,
  reason TEXT NOT NULL, noted_at INTEGER NOT NULL,
  PRIMARY KEY (stream, first, last, reason)
) STRICT, WITHOUT ROWID;
-- What never came and will not be sent any more: the gateway's upstream acknowledged it.
-- why 'before': sent before the first event that this receiver has of the stream; 'lost': after it, so
-- the broker between them lost it.
CREATE TABLE missing (
  stream INTEGER NOT NULL REFERENCES stream (id), first INTEGER NOT NULL, last INTEGER NOT NULL,
  why TEXT NOT NULL, noted_at INTEGER NOT NULL,
  PRIMARY KEY (stream, first, last)
) STRICT, WITHOUT ROWID;
-- What is no event, newest 10,000: acknowledged to the broker, but counted nowhere. The same message
-- again only raises `times`.
CREATE TABLE unreadable (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arrived_at INTEGER NOT NULL, topic TEXT NOT NULL,
  reason TEXT NOT NULL, body BLOB NOT NULL, times INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX unreadable_text ON unreadable (topic, length(body));
CREATE VIEW events AS
  SELECT event.arrival, gateway.source, stream.epoch,
         CASE stream.class WHEN 0 THEN 'alarm' WHEN 1 THEN 'patrol' WHEN 2 THEN 'status'
                           ELSE 'telemetry' END AS class,
         event.sequence, event.type, event.subject, event.time, event.arrived_at, event.body
  FROM event JOIN stream ON stream.id = event.stream JOIN gateway ON gateway.id = stream.gateway;
-- Each pair of events that came under one source and id.
CREATE VIEW conflicts AS
  SELECT gateway.source, stream.epoch,
         CASE stream.class WHEN 0 THEN 'alarm' WHEN 1 THEN 'patrol' WHEN 2 THEN 'status'
                           ELSE 'telemetry' END AS class,
         conflict.sequence, conflict.arrived_at, event.body AS first_body,
         conflict.body AS other_body
  FROM conflict JOIN stream ON stream.id = conflict.stream
  JOIN gateway ON gateway.id = stream.gateway
  JOIN event ON event.stream = conflict.stream AND event.sequence = conflict.sequence;
