"""What only devices and programs here need: it reaches those who subscribe at the listener, and stays here."""
import subprocess
import unittest

import paho.mqtt.client as mqtt

from harness import BUILD, Daemon, Mosquitto, Publisher, Subscriber, wait_until

COMMANDS = {"zigbee2mqtt/siren/set": '{"warning":{"mode":"fire"},"alarm":true}',
            "cmnd/siren/POWER": "ON",
            "home/siren/set": '{"smoke":true}',
            "hall/switch/siren/command": "ALARM"}
LISTS = {"zigbee2mqtt/bridge/devices": "[]",
         "homeassistant/binary_sensor/attic/smoke/config": '{"dev_cla":"smoke","stat_t":"house/attic/s"}',
         "homeassistant/status": "online"}


class LocalTraffic(unittest.TestCase):
    def setUp(self):
        self.street = Mosquitto(self).start()
        self.subscriber = Subscriber(self, self.street.port)

    def hear(self, daemon, client_id):
        """All that a client gets which subscribed to everything, by topic."""
        got = {}
        client = mqtt.Client(client_id, clean_session=False)
        client.on_message = lambda _c, _d, message: got.update({message.topic: message.payload.decode()})
        client.connect("127.0.0.1", daemon.port)
        ready = []
        client.on_subscribe = lambda *_: ready.append(1)
        client.subscribe("#", 1)
        client.loop_start()
        self.addCleanup(client.loop_stop)
        self.addCleanup(client.disconnect)
        wait_until(lambda: ready)
        return got

    def sent_up(self, publisher):
        """What reached the street of all that was published before."""
        publisher.publish("wp/in/water/pond", '[{"n":"level","u":"m","v":1}]', "last")
        wait_until(lambda: any(event.get("subject") == "pond" for _, event in self.subscriber.snapshot()),
                   what="the last message at the street")
        return [event["data"]["topic"] for _, event in self.subscriber.evidence()]

    def publish_all(self, publisher, messages):
        for number, (topic, payload) in enumerate(messages.items()):
            publisher.publish(topic, payload, f"{topic}")
        wait_until(lambda: publisher.acknowledged >= set(messages), what="the acknowledgements")

    def test_commands_and_lists_are_served_and_stay_here(self):
        daemon = Daemon(self, [("street", self.street.port)]).start()
        got = self.hear(daemon, "lasting")
        publisher = Publisher(self, daemon.port, "program")
        self.publish_all(publisher, {**COMMANDS, **LISTS})
        self.assertEqual(self.sent_up(publisher), ["wp/in/water/pond"])
        wait_until(lambda: got.keys() >= {*COMMANDS, *LISTS}, what="all of it at the subscriber")
        self.assertEqual({topic: got[topic] for topic in {**COMMANDS, **LISTS}}, {**COMMANDS, **LISTS})
        status = daemon.status()
        self.assertEqual(status["totals"]["local"], len(COMMANDS) + len(LISTS))
        self.assertEqual([each for each in status["troubles"] if "unread" in each["code"]], [])

    def test_without_subscribers_a_command_costs_no_commit(self):
        daemon = Daemon(self, [("street", self.street.port)]).start()
        publisher = Publisher(self, daemon.port, "program")
        before = daemon.status()["store"]["commits"]
        for i in range(200):
            publisher.publish("cmnd/siren/POWER", "ON", f"c{i}")
        wait_until(lambda: len(publisher.acknowledged) == 200, what="the acknowledgements")
        self.assertLess(daemon.status()["store"]["commits"] - before, 20)

    def test_a_danger_in_a_list_goes_upstream(self):
        rules = '\n[local_traffic]\nlists = ["panel/+"]\n'
        daemon = Daemon(self, [("street", self.street.port)], extra=rules).start()
        publisher = Publisher(self, daemon.port, "panel")
        self.publish_all(publisher, {"panel/1": '{"smoke":true}', "panel/2": '{"temperature":21.5}'})
        self.assertEqual(sorted(self.sent_up(publisher)), ["panel/1", "wp/in/water/pond"])

    def test_what_a_broker_has_of_it_stays_there_too(self):
        village = Mosquitto(self).start()
        broker = f'\n[[broker]]\nname = "village"\nurl = "mqtt://127.0.0.1:{village.port}"\ntopics = ["#"]\n'
        daemon = Daemon(self, [("street", self.street.port)], extra=broker).start()
        wait_until(lambda: daemon.status()["brokers"][0]["state"] == "reading", what="the broker")
        for topic, payload in {**COMMANDS, **LISTS, "wp/in/water/pond": '[{"n":"level","u":"m","v":1}]'}.items():
            subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(village.port), "-q", "1", "-t", topic,
                            "-m", payload], check=True, timeout=20)
        wait_until(lambda: self.subscriber.records(), what="the reading at the street")
        self.assertEqual([event["data"]["topic"] for _, event in self.subscriber.evidence()], ["wp/in/water/pond"])

    def test_a_rule_that_would_hide_sensors_is_refused(self):
        refused = subprocess.run([BUILD / "watchpostd", "--check-config", "--config", "/dev/stdin"],
                                 input='[local_traffic]\ncommands = ["zigbee2mqtt/#"]\n', text=True,
                                 capture_output=True, timeout=20)
        self.assertEqual(refused.returncode, 2, refused.stdout + refused.stderr)
        self.assertIn("zigbee2mqtt/kitchen", refused.stdout + refused.stderr)

    def test_decode_says_so(self):
        said = subprocess.run([BUILD / "watchpost", "decode", "--topic", "home/siren/set", "--text", '{"smoke":true}'],
                              capture_output=True, text=True, timeout=20)
        self.assertIn("local traffic: what a device is told to do", said.stdout)
        self.assertEqual(said.returncode, 1)


if __name__ == "__main__":
    unittest.main()
