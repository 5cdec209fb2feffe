"""A daemon as the street's box: what villages send arrives at the district byte for byte."""
import collections
import json
import subprocess
import threading
import time
import unittest

import jsonschema
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from harness import (BUILD, SOURCE, Daemon, Mosquitto, Process, Publisher, is_transition, senml, smoke,
                     smoke_topic, temp_folder, wait_until)

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
PREFIX = "wp/v1/310118/106/203/"
# The street's box raises max_packet_size, because an event is larger than the message that it carries.
RELAY = '[[decoder]]\ntopics = ["wp/v1/310118/106/#"]\nuse = "relay"\n'


def street_box(test, district, extra=""):
    return Daemon(test, [("district", district.port)], gateway="street-106", extra=RELAY + extra,
                  listener_extra='max_packet_size = "1 MiB"\n')


class District:
    """Keeps every message of the events' topics as it came: topic, bytes, retained, content type."""

    def __init__(self, test, port, client_id="district"):
        self.messages = []
        self.lock = threading.Lock()
        subscribed = threading.Event()
        self.client = mqtt.Client(client_id, protocol=mqtt.MQTTv5)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe("wp/v1/#", qos=1)
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.reconnect_delay_set(1, 1)
        expiry = Properties(PacketTypes.CONNECT)
        expiry.SessionExpiryInterval = 3600
        self.client.connect("127.0.0.1", port, properties=expiry,
                            clean_start=mqtt.MQTT_CLEAN_START_FIRST_ONLY)
        self.client.loop_start()
        test.addCleanup(self.close)
        assert subscribed.wait(20), "no SUBACK"

    def _on_message(self, _client, _userdata, message):
        with self.lock:
            self.messages.append(message)

    def snapshot(self):
        with self.lock:
            return list(self.messages)

    def by_id(self, gateway):
        """Topic and bytes of each event in one gateway's log; fails where a repeat differs."""
        found = {}
        for message in self.snapshot():
            if f"/{gateway}/" not in message.topic or message.topic.endswith(("/online", "/rcpt")):
                continue
            one = (message.topic, bytes(message.payload))
            event_id = json.loads(message.payload)["id"]
            assert found.setdefault(event_id, one) == one, f"a repeat of {event_id} differs"
        return found

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


class Relay(unittest.TestCase):
    def setUp(self):
        self.broker = Mosquitto(self).start()
        self.district = District(self, self.broker.port)

    def village(self, street, gateway="zhaoxiang-03", others=()):
        return Daemon(self, [("street", street.port), *others], gateway=gateway).start()

    def publish(self, port, topic, payload, properties=None):
        """Publishes one message at QoS 1; returns its reason code."""
        codes = []
        client = mqtt.Client("", protocol=mqtt.MQTTv5)
        acknowledged = threading.Event()
        original = client._handle_pubackcomp

        def watch(cmd):
            packet = bytes(client._in_packet["packet"])
            codes.append(packet[2] if len(packet) > 2 else 0)
            result = original(cmd)
            acknowledged.set()
            return result
        client._handle_pubackcomp = watch
        client.connect("127.0.0.1", port)
        client.loop_start()
        client.publish(topic, payload, qos=1, properties=properties)
        assert acknowledged.wait(20), "no PUBACK"
        client.disconnect()
        client.loop_stop()
        return codes[0]

    def test_what_a_village_sends_arrives_unchanged_and_in_its_own_class(self):
        witness = Mosquitto(self).start()
        seen = District(self, witness.port, "witness")
        street = street_box(self, self.broker).start()
        village = self.village(street, others=[("witness", witness.port)])
        for topic, payload in (
                ("zigbee2mqtt/kitchen", '{"smoke":true,"battery":97.50,"n":1e3}'),
                ("tele/rfid-gate/SENSOR",
                 '{"Time":"2021-01-23T13:10:50","RC522":{"UID":"BA839D07","Data":"","Type":"MIFARE 1KB"}}'),
                ("zigbee2mqtt/kitchen/availability", "offline"),
                ("somebody/else", b"\x00\xff not json"),
                ("zigbee2mqtt/厨房", '{"smoke" : true}')):
            self.assertEqual(self.publish(village.port, topic, payload), 0)
        # Each of the two alarms is two events, and so is the fault of who is offline.
        wait_until(lambda: len(seen.by_id("zhaoxiang-03")) == 8, what="eight events at the witness")
        wait_until(lambda: len(self.district.by_id("zhaoxiang-03")) == 8,
                   what="eight events at the district")

        self.assertEqual(self.district.by_id("zhaoxiang-03"), seen.by_id("zhaoxiang-03"))
        records = street.status()["totals"]["records"]
        self.assertEqual((records["alarm"], records["patrol"], records["telemetry"]), (4, 1, 1))
        self.assertEqual(street.status()["totals"]["undecoded"], 0)
        for message in self.district.snapshot():
            jsonschema.validate(json.loads(message.payload), SCHEMA)
        self.assertEqual([d["device"] for d in street.status()["devices"]["recent"]],
                         ["zhaoxiang-03"])

    def test_the_street_shows_a_relayed_event_as_the_village_wrote_it(self):
        street = street_box(self, self.broker).start()
        village = self.village(street)
        self.publish(village.port, "zigbee2mqtt/kitchen", '{"smoke":true}')
        wait_until(lambda: self.district.by_id("zhaoxiang-03"), what="the event")
        exported = subprocess.run([BUILD / "watchpost", "export", "--from", "2020-01-01T00:00:00Z",
                                   "--to", "2100-01-01T00:00:00Z",
                                   "--socket", street.socket],
                                  capture_output=True, text=True, timeout=20)
        self.assertEqual(exported.returncode, 0, exported.stderr)
        self.assertIn(json.loads(next(iter(self.district.by_id("zhaoxiang-03").values()))[1]),
                      [json.loads(line) for line in exported.stdout.splitlines()])

    def test_the_district_sees_whether_a_village_is_connected(self):
        street = street_box(self, self.broker).start()
        village = self.village(street)
        state = PREFIX + "zhaoxiang-03/status/gateway/online"

        def kept():
            late = District(self, self.broker.port, f"late-{time.monotonic_ns()}")
            try:
                return wait_until(lambda: [json.loads(m.payload)["data"]["state"]
                                           for m in late.snapshot()
                                           if m.topic == state and m.retain],
                                  what="a retained state")
            finally:
                late.close()
        wait_until(lambda: any(m.topic == state for m in self.district.snapshot()), what="a state")
        self.assertEqual(kept(), ["online"])
        village.kill()
        wait_until(lambda: b'"offline"' in b"".join(m.payload for m in self.district.snapshot()
                                                    if m.topic == state), what="its will")
        self.assertEqual(kept(), ["offline"])

    def test_an_event_under_the_streets_own_name_is_refused(self):
        street = street_box(self, self.broker).start()
        topic = PREFIX + "street-106/alarm/fire/kitchen"
        self.assertEqual(self.publish(street.port, topic, b'{"source":"urn:watchpost:street-106"}'),
                         0x83)
        self.assertEqual(sum(street.status()["store"]["newest"].values()), 0)
        self.assertIn("own id", street.status()["troubles"][0]["text"]["en"])

    def test_a_village_that_waits_for_receipts_keeps_its_events_and_says_why(self):
        street = street_box(self, self.broker).start()
        village = Daemon(self, [("street", street.port)], extra='custody = "receipt"\nreceipt_timeout = "2 s"\n').start()
        self.publish(village.port, "zigbee2mqtt/kitchen", '{"smoke":true}')
        wait_until(lambda: self.district.by_id("zhaoxiang-03"), what="the alarm at the district")
        failure = wait_until(lambda: village.status()["upstreams"][0]["failure"], what="a trouble")
        self.assertIn("confirms nothing", failure)
        self.assertEqual(village.backlog(), 2, "the alarm, and that it was raised")

    def test_what_does_not_fit_its_topic_is_kept_as_malformed_and_not_passed_on(self):
        street = street_box(self, self.broker).start()
        forged = json.dumps({"specversion": "1.0", "id": "00000001.a.1", "type": "cn.watchpost.fire.alarm.v1",
                             "source": "urn:watchpost:village-2", "wparea": "310118106203",
                             "wpclass": "alarm"})
        topic = PREFIX + "village-1/alarm/fire/kitchen"
        self.assertEqual(self.publish(street.port, topic, forged), 0)
        wait_until(lambda: self.district.by_id("street-106"), what="the street's own event")
        (own_topic, own), = self.district.by_id("street-106").values()
        self.assertTrue(own_topic.endswith("status/device/village-1"), own_topic)
        self.assertEqual(json.loads(own)["data"]["outcome"], "malformed")
        self.assertEqual(self.district.by_id("village-1"), {})

    def test_a_compressed_batch_is_passed_on_as_one_record_of_its_class(self):
        street = street_box(self, self.broker).start()
        properties = Properties(PacketTypes.PUBLISH)
        properties.ContentType = "application/cloudevents-batch+json"
        properties.UserProperty = ("content-encoding", "deflate")
        topic = PREFIX + "village-1/telemetry/batch"
        payload = bytes(range(256))
        self.assertEqual(self.publish(street.port, topic, payload, properties), 0)
        message = wait_until(lambda: next((m for m in self.district.snapshot() if m.topic == topic),
                                          None), what="the batch")
        self.assertEqual(bytes(message.payload), payload)
        self.assertEqual(street.status()["totals"]["records"]["telemetry"], 1)

    def test_the_audit_finds_villages_and_street_complete_after_the_street_was_killed(self):
        store = temp_folder(self) / "RECEIVED.db"
        Process(self, [BUILD / "watchpost", "receive", "--url", f"mqtt://127.0.0.1:{self.broker.port}",
                       "--store", store], store.parent / "log")
        wait_until(lambda: "Connected to" in (store.parent / "log").read_text(), what="the receiver")
        street = street_box(self, self.broker).start()
        villages = [self.village(street, f"village-{i}") for i in range(3)]
        publishers = [Publisher(self, box.port, f"p{i}") for i, box in enumerate([*villages, street])]
        gateways = ("village-0", "village-1", "village-2", "street-106")
        sent = 0

        def arrived():
            """What came of the messages; the changes of alarms are not counted."""
            events = [json.loads(payload) for gateway in gateways
                      for _, payload in self.district.by_id(gateway).values()]
            classes = collections.Counter(event["wpclass"] for event in events if not is_transition(event))
            return classes["alarm"] + classes["telemetry"]
        for turn in range(40):
            for number, publisher in enumerate(publishers):
                topic, payload = ((smoke_topic(sent), smoke(f"{sent}")) if turn % 10 == 0 else
                                  (f"wp/in/water/d{number}", senml(f"d{number}", "level", turn / 10, f"{sent}")))
                publisher.publish(topic, payload, f"{sent}")
                sent += 1
            if turn % 8 == 7:  # so that the street's own events lie between the others
                wait_until(lambda: arrived() == sent, what=f"{sent} events")
            if turn == 20:
                street.kill()
                street.start()
        wait_until(lambda: all(p.outstanding() == 0 for p in publishers), what="every PUBACK")
        boxes = [*villages, street]
        wait_until(lambda: all(box.backlog() == 0 for box in boxes), what="no backlog")
        wait_until(lambda: arrived() == sent, what="every event at the district")
        manifest = store.parent / "street.json"
        manifest.write_text(json.dumps(street.status()))

        def complete():
            answer = subprocess.run([BUILD / "watchpost", "audit", store, "--manifest", manifest],
                                    capture_output=True, text=True, timeout=20)
            everyone = subprocess.run([BUILD / "watchpost", "audit", store], capture_output=True,
                                      text=True, timeout=20)
            self.last = answer.stdout + answer.stderr + everyone.stdout
            return answer.returncode == 0 and everyone.returncode == 0
        try:
            wait_until(complete, what="a complete audit")
        except AssertionError:
            print(self.last)
            raise
        self.assertIn("relayed", self.last)
        self.assertEqual(street.stop(), 0)
        verified = subprocess.run([BUILD / "watchpost", "verify", "--store", street.store],
                                  capture_output=True, text=True, timeout=20)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        compared = subprocess.run([BUILD / "watchpost", "audit", store, "--gateway", "street-106",
                                   "--store", street.store], capture_output=True, text=True, timeout=20)
        self.assertEqual(compared.returncode, 0, compared.stdout)


if __name__ == "__main__":
    unittest.main()
