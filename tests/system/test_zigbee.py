"""What a Zigbee2MQTT says of its devices, and what devices tell of themselves by discovery, outlives the daemon, on our
own listener and through a broker."""
import json
import subprocess
import unittest

import jsonschema

from harness import BUILD, SOURCE, Daemon, Mosquitto, Publisher, Subscriber, wait_until

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())


def device(name, description, exposes, extra=""):
    return {"friendly_name": name, "type": "EndDevice", "supported": True,
            "definition": {"model": "M", "vendor": "V", "description": description + extra, "exposes": exposes}}


PRESSES = {"type": "enum", "name": "action", "property": "action", "access": 1, "values": ["single", "double"]}
BUTTON = device("bed", "SOS button", [PRESSES])
# What a list of a whole village weighs: most of it says nothing that matters here.
MANY = [device(f"lamp {i}", "Wireless button", [PRESSES], " x" * 2_000) for i in range(300)]


class Zigbee(unittest.TestCase):
    def setUp(self):
        self.street = Mosquitto(self).start()
        self.subscriber = Subscriber(self, self.street.port)

    def alarms(self):
        return [(topic, event) for topic, event in self.subscriber.records() if event["wpclass"] == "alarm"]

    def await_alarm(self, kind_of_topic, count=1):
        return wait_until(lambda: [pair for pair in self.alarms() if pair[0].endswith(kind_of_topic)][count - 1:],
                          what=f"{count} alarms of {kind_of_topic}")[-1]

    def test_a_list_that_was_acknowledged_is_known_after_a_crash(self):
        daemon = Daemon(self, [("street", self.street.port)]).start()
        publisher = Publisher(self, daemon.port, "bridge")
        text = json.dumps([BUTTON, *MANY])
        self.assertGreater(len(text), 1_000_000)
        publisher.publish("zigbee2mqtt/bridge/devices", text, "list")
        wait_until(lambda: "list" in publisher.acknowledged, what="the acknowledgement of the list")
        daemon.kill()

        daemon.start()
        again = Publisher(self, daemon.port, "bridge-2")
        again.publish("zigbee2mqtt/bed", '{"action":"single"}', "press")
        topic, event = self.await_alarm("alarm/fall/bed")
        self.assertEqual(event["data"]["kind"], "sos")
        jsonschema.validate(event, SCHEMA)

    def test_a_list_that_a_broker_kept_is_read_again(self):
        village = Mosquitto(self).start()
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(village.port), "-q", "1", "-r",
                        "-t", "home/zigbee2mqtt/bridge/devices", "-m", json.dumps([BUTTON])], check=True, timeout=20)
        broker = f'\n[[broker]]\nname = "village"\nurl = "mqtt://127.0.0.1:{village.port}"\ntopics = ["home/#"]\n'
        daemon = Daemon(self, [("street", self.street.port)], extra=broker).start()
        wait_until(lambda: daemon.status()["totals"]["local"] == 1, what="the list")
        subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(village.port), "-q", "1",
                        "-t", "home/zigbee2mqtt/bed", "-m", '{"action":"single"}'], check=True, timeout=20)
        self.await_alarm("alarm/fall/bed")
        daemon.stop()

    def test_a_device_that_told_of_itself_is_known_after_a_crash(self):
        daemon = Daemon(self, [("street", self.street.port)]).start()
        publisher = Publisher(self, daemon.port, "attic")
        told = {"dev_cla": "smoke", "stat_t": "house/attic/s", "val_tpl": "{{ value_json.alarm }}",
                "pl_on": "yes", "pl_off": "no", "dev": {"ids": ["attic"], "name": "Attic"}}
        publisher.publish("homeassistant/binary_sensor/attic/smoke/config", json.dumps(told), "told")
        wait_until(lambda: "told" in publisher.acknowledged, what="the acknowledgement of the discovery message")
        daemon.kill()

        daemon.start()
        again = Publisher(self, daemon.port, "attic-2")
        again.publish("house/attic/s", '{"alarm":"yes"}', "smoke")
        topic, event = self.await_alarm("alarm/fire/attic")
        self.assertEqual(event["data"]["kind"], "smoke")
        jsonschema.validate(event, SCHEMA)

    def test_a_danger_that_is_not_understood_goes_up_with_the_alarms_and_is_told(self):
        daemon = Daemon(self, [("street", self.street.port)]).start()
        publisher = Publisher(self, daemon.port, "bridge")
        publisher.publish("zigbee2mqtt/kitchen", '{"smoke_state":"stage_two"}', "word")
        _, event = self.await_alarm("alarm/fire/kitchen")
        self.assertEqual(event["data"]["state"], "unknown")
        jsonschema.validate(event, SCHEMA)
        told = subprocess.run([BUILD / "watchpost", "status", "--socket", daemon.socket],
                              capture_output=True, text=True, timeout=20).stdout
        self.assertIn("kitchen", told)
        self.assertIn('"smoke_state" says "stage_two"', told)


if __name__ == "__main__":
    unittest.main()
