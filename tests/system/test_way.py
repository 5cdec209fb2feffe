"""From sensor to upstream: what a client publishes arrives as a valid CloudEvent."""
import json
import socket
import struct
import subprocess
import unittest

import jsonschema
import paho.mqtt.client as mqtt

from harness import (BUILD, SOURCE, Daemon, Mosquitto, Publisher, Subscriber, check_ledger, nonce_of,
                     senml, wait_until)

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())


class Way(unittest.TestCase):
    def setUp(self):
        self.street = Mosquitto(self).start()
        self.daemon = Daemon(self, [("street", self.street.port)]).start()
        self.subscriber = Subscriber(self, self.street.port)

    def publish_with_mosquitto_pub(self, *options, topic, payload):
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.daemon.port), "-t", topic,
                        "-m", payload, *options], check=True, timeout=20)

    def arrived(self, count):
        """The events of messages, without the changes of alarms that they cause."""
        return wait_until(lambda: self.subscriber.evidence()
                          if len(self.subscriber.evidence()) >= count else None,
                          what=f"{count} events at the street")

    def test_every_protocol_version_and_qos_arrives_as_a_valid_event(self):
        nonces = set()
        for version in ("mqttv311", "mqttv5"):
            for qos in ("0", "1", "2"):
                nonce = f"pub-{version}-{qos}"
                nonces.add(nonce)
                self.publish_with_mosquitto_pub(
                    "-V", version, "-q", qos, topic="wp/in/water/pond-1",
                    payload=senml("pond-1", "level", 1.25, nonce))
        for protocol in (mqtt.MQTTv311, mqtt.MQTTv5):
            publisher = Publisher(self, self.daemon.port, f"paho-{protocol}", protocol)
            for qos in (0, 1, 2):
                nonce = f"paho-{protocol}-{qos}"
                nonces.add(nonce)
                publisher.publish("wp/in/water/pond-2", senml("pond-2", "level", 1.5, nonce), nonce, qos)

        events = self.arrived(len(nonces))

        self.assertEqual({nonce_of(event) for _, event in events}, nonces)
        for topic, event in self.subscriber.snapshot():
            jsonschema.validate(event, SCHEMA)
        for topic, event in events:
            self.assertRegex(topic,
                             r"^wp/v1/310118/106/203/zhaoxiang-03/telemetry/water/pond-[12]$")
            self.assertEqual(event["source"], "urn:watchpost:zhaoxiang-03")
        check_ledger(self, nonces, events)

    def test_a_danger_that_nobody_configured_arrives_as_an_alarm(self):
        """Said in plain words by a sketch of the village's own, in English or Chinese."""
        said = {"home/kitchen/smoke": "1", "village/hall/sensor": '{"smoke":true}',
                "gw/7/up": '{"deviceType":"烟感","status":"报警"}'}
        for topic, payload in said.items():
            self.publish_with_mosquitto_pub("-q", "1", topic=topic, payload=payload)
        self.publish_with_mosquitto_pub("-q", "1", topic="home/siren/set", payload='{"smoke":true}')
        events = self.arrived(len(said))
        alarms = {event["data"]["topic"] for topic, event in self.subscriber.snapshot()
                  if "/alarm/fire/" in topic and event["data"]["state"] == "raised"}
        self.assertEqual(alarms, set(said), events)

    def test_the_whole_village_of_the_quickstart_arrives(self):
        """Every kind of device that the simulator plays; the text of each payload is compared."""
        ran = subprocess.run([BUILD / "watchpost", "simulate", "--port", str(self.daemon.port),
                              "--seconds", "6", "--seed", "1", "--verify",
                              f"mqtt://127.0.0.1:{self.street.port}"],
                             capture_output=True, text=True, timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, r"lost +0\n")

    def test_each_class_goes_on_its_own_topic(self):
        for topic, payload in (
                ("zigbee2mqtt/kitchen", '{"smoke":true,"battery":97}'),
                ("tele/rfid-gate/SENSOR",
                 '{"Time":"2021-01-23T13:10:50","RC522":{"UID":"BA839D07","Data":"","Type":"MIFARE 1KB"}}'),
                ("zigbee2mqtt/kitchen/availability", "offline"),
                ("wp/in/water/river-1", senml("river-1", "level", 3.2, "n"))):
            self.publish_with_mosquitto_pub("-q", "1", topic=topic, payload=payload)

        topics = {topic.split("/", 6)[6]: event for topic, event in self.arrived(4)}

        self.assertEqual(set(topics), {"alarm/fire/kitchen", "patrol/patrol/rfid-gate",
                                       "status/device/kitchen", "telemetry/water/river-1"})
        alarm = topics["alarm/fire/kitchen"]
        self.assertEqual(alarm["type"], "cn.watchpost.fire.alarm.v1")
        self.assertEqual(alarm["data"]["state"], "raised")
        self.assertEqual(alarm["data"]["raw"], {"smoke": True, "battery": 97})
        self.assertEqual(alarm["severitynumber"], 21)

    def test_what_nothing_decodes_is_forwarded_as_received(self):
        self.publish_with_mosquitto_pub("-q", "1", topic="some/vendor/thing", payload="\x01 any words")
        _, event = self.arrived(1)[0]
        self.assertEqual(event["data"]["raw"], "\x01 any words")
        self.assertEqual(event["data"]["outcome"], "undecoded")
        self.assertEqual(event["data"]["topic"], "some/vendor/thing")

    def test_garbage_on_one_connection_harms_no_other(self):
        publisher = Publisher(self, self.daemon.port, "good", mqtt.MQTTv311)
        for garbage in (b"\x00" * 100, b"\x10\xff\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n",
                        b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00\x30\x05\x00\x01#xx"):
            with socket.create_connection(("127.0.0.1", self.daemon.port), 5) as bad:
                bad.sendall(garbage)
                bad.settimeout(15)
                while bad.recv(1024):
                    pass
        publisher.publish("wp/in/fire/a", senml("a", "smoke", True, "still"), "still")
        wait_until(lambda: "still" in self.subscriber.nonces(), what="the good client's message")

    def test_the_will_of_a_lost_client_becomes_an_event(self):
        def text(value):
            return struct.pack(">H", len(value)) + value
        body = (text(b"MQTT") + b"\x04\x0e" + struct.pack(">H", 30) + text(b"careless")
                + text(b"some/will") + text(b"gone"))
        with socket.create_connection(("127.0.0.1", self.daemon.port), 5) as client:
            client.sendall(b"\x10" + bytes([len(body)]) + body)
            self.assertEqual(client.recv(4), b"\x20\x02\x00\x00")
        events = self.arrived(1)
        self.assertEqual(events[0][1]["data"]["raw"], "gone")
        self.assertEqual(events[0][1]["data"]["topic"], "some/will")

    def test_the_link_state_is_retained_at_the_street(self):
        online = wait_until(lambda: [e for t, e in self.subscriber.snapshot()
                                     if t.endswith("/status/gateway/online")], what="online")
        self.assertEqual(online[-1]["data"]["state"], "online")
        self.daemon.kill()
        wait_until(lambda: [e for t, e in self.subscriber.snapshot()
                            if t.endswith("/status/gateway/online")
                            and e["data"]["state"] == "offline"], seconds=60, what="the will")


if __name__ == "__main__":
    unittest.main(verbosity=2)
