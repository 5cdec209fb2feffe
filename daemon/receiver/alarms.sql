-- The present state of every alarm of every village, by the newest change of each that came
-- (cn.watchpost.<domain>.transition.v1). Made in files of earlier programs too.
CREATE INDEX IF NOT EXISTS event_transition ON event (arrival) WHERE type LIKE 'cn.watchpost.%.transition.v1';
CREATE VIEW IF NOT EXISTS alarms AS
  SELECT source, epoch, number, json_extract(alarm, '$.device') AS device,
         json_extract(alarm, '$.name') AS name, json_extract(alarm, '$.place') AS place,
         json_extract(alarm, '$.kind') AS kind, json_extract(alarm, '$.condition') AS condition,
         json_extract(alarm, '$.state') AS state, json_extract(alarm, '$.open') AS open,
         json_extract(alarm, '$.level') AS level, json_extract(alarm, '$.status') AS status,
         json_extract(alarm, '$.owner') AS owner, json_extract(alarm, '$.outcome') AS outcome,
         json_extract(alarm, '$.cause') AS cause, json_extract(alarm, '$.count') AS count,
         json_extract(alarm, '$.since') AS since, json_extract(alarm, '$.last') AS last,
         json_extract(alarm, '$.changed') AS changed, json_extract(alarm, '$.event') AS event,
         transition, arrival, arrived_at, body
  FROM (
    SELECT gateway.source, json_extract(body, '$.data.alarm.epoch') AS epoch,
           json_extract(body, '$.data.alarm.number') AS number,
           max(json_extract(body, '$.data.alarm.transition')) AS transition,
           json_extract(body, '$.data.alarm') AS alarm, arrival, arrived_at, body
    FROM event JOIN stream ON stream.id = event.stream JOIN gateway ON gateway.id = stream.gateway
    WHERE type LIKE 'cn.watchpost.%.transition.v1' AND json_valid(body)
    GROUP BY 1, 2, 3)
  WHERE number IS NOT NULL;
