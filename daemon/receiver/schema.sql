-- What a street received, version 1 (PRAGMA user_version). For people and programs of the street:
-- read the view `events`; new ones have a higher `arrival`. Times of ours are nanoseconds since 1970 UTC.
-- class: 0 alarm, 1 patrol, 2 status, 3 telemetry.
CREATE TABLE gateway (
  id       INTEGER PRIMARY KEY,
  source   TEXT NOT NULL UNIQUE,
  prefix   TEXT NOT NULL,           -- of its topics, with the slash at the end
  state    TEXT NOT NULL,           -- 'online', 'offline', '' until it said
  epoch    TEXT NOT NULL,           -- the present one, '' until it said
  heard_at INTEGER NOT NULL
) STRICT;
-- One row for each gateway, epoch and class. Numbers up to `contiguous` are stored, or are in gap or missing.
CREATE TABLE stream (
  id         INTEGER PRIMARY KEY,
  gateway    INTEGER NOT NULL REFERENCES gateway (id),
  epoch      TEXT NOT NULL,
  class      INTEGER NOT NULL,
  begins     INTEGER NOT NULL,      -- first number of the epoch; 1 until the gateway said otherwise
  oldest     INTEGER NOT NULL,      -- first that will still be sent, as the gateway last said; 0: not said
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
-- What could not be read, newest 10,000: acknowledged, but counted nowhere.
CREATE TABLE unreadable (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arrived_at INTEGER NOT NULL, topic TEXT NOT NULL,
  reason TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE VIEW events AS
  SELECT event.arrival, gateway.source, stream.epoch,
         CASE stream.class WHEN 0 THEN 'alarm' WHEN 1 THEN 'patrol' WHEN 2 THEN 'status'
                           ELSE 'telemetry' END AS class,
         event.sequence, event.type, event.subject, event.time, event.arrived_at, event.body
  FROM event JOIN stream ON stream.id = event.stream JOIN gateway ON gateway.id = stream.gateway;
