"""A device of a model that nothing here knows: one mapping file, named as the profile of the device, is enough."""
import base64
import itertools
import json
import os
import shutil
import signal
import unittest

import jsonschema

from harness import BUILD, SOURCE, Daemon, Mosquitto, Publisher, Subscriber, wait_until
from profiles import PUMP

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
EUI = "24e124136b502217"
CLIENTS = itertools.count()
UP = f"application/1/device/{EUI}/event/up"

FLOAT = '''name = "float"
kind = "water_level"
format = "bytes"
port = 2
[[reading]]
offset = 0
type = "u8"
quantity = "level"
unit = "m"
[[state_when]]
offset = 1
type = "u8"
equals = "1"
state = "alarm"
'''
DEVICES = f'''
[[device]]
id = "p1"
profile = "pump.toml"
[[device]]
id = "{EUI}"
profile = "float.toml"
name = "weir"
'''


def uplink(data, port=2):
    return json.dumps({"deviceInfo": {"devEui": EUI}, "fCnt": 7, "fPort": port,
                       "data": base64.b64encode(data).decode()})


class Mapping(unittest.TestCase):
    def setUp(self):
        self.street = Mosquitto(self).start()
        self.subscriber = Subscriber(self, self.street.port)
        self.daemon = Daemon(self, [("street", self.street.port)], extra=DEVICES)
        (self.daemon.folder / "pump.toml").write_text(PUMP)
        (self.daemon.folder / "float.toml").write_text(FLOAT)
        self.daemon.start()
        self.publisher = Publisher(self, self.daemon.port, "village")

    def await_event(self, ending):
        found = lambda: [event for topic, event in self.subscriber.records() if topic.endswith(ending)]
        event = wait_until(found, what=f"an event on {ending}")[0]
        jsonschema.validate(event, SCHEMA)
        return event

    def unread(self):
        return [each for each in self.daemon.status()["troubles"] if each["code"] == "devices_not_read"]

    def test_a_topic_and_an_envelope_are_read_by_the_devices_own_mapping(self):
        self.publisher.publish("yard/p1/up", '{"lvl":250}', "plain")
        self.publisher.publish(UP, uplink(b"\x03\x01"), "lorawan")
        self.assertEqual(self.await_event("/alarm/water/p1")["data"]["state"], "raised")
        event = self.await_event(f"/alarm/water/{EUI}")
        self.assertEqual(event["data"]["readings"][0]["v"], 3)
        link = self.await_event(f"/status/device/{EUI}")
        self.assertEqual(link["data"]["kind"], "device_status")
        self.assertEqual(self.unread(), [])

    def test_bytes_that_the_mapping_cannot_read_are_loud(self):
        self.publisher.publish(UP, uplink(b""), "alive")
        self.publisher.publish(UP, uplink(b"\x03\x01", port=5), "other port")
        wait_until(lambda: any("fPort 5" in json.dumps(each) for each in self.unread()),
                   what="the port in the trouble")
        short = FLOAT.replace("offset = 0", "offset = 4")
        self.daemon.stop()
        (self.daemon.folder / "float.toml").write_text(short)
        self.daemon.start()
        again = Publisher(self, self.daemon.port, "village-2")
        again.publish(UP, uplink(b"\x03\x01"), "short")
        wait_until(lambda: any("level" in json.dumps(each) for each in self.unread()), what="the reading in the trouble")


class Plugin(unittest.TestCase):
    def start(self, daemon):
        """In a folder of its own: a loaded object is known by its file."""
        shutil.copy(BUILD / "tests" / "unruly_decoder.so", daemon.folder / "unruly.so")
        os.chmod(daemon.folder / "unruly.so", 0o755)
        return daemon.start()

    def send(self, daemon, payload):
        """A client that is not acknowledged is no fault of this test's."""
        publisher = Publisher(self, daemon.port, f"site-{next(CLIENTS)}")
        publisher.publish("site/1", payload, payload)
        return publisher

    def crash(self, daemon):
        self.send(daemon, "crash").close()
        wait_until(lambda: not daemon.process.is_running(), what="the crash")

    def troubles(self, daemon):
        return {trouble["code"]: trouble for trouble in daemon.status()["troubles"]}

    def test_a_plugin_that_crashes_while_it_decodes_is_named_and_ends_the_daemon_twice_at_most(self):
        daemon = Daemon(self)
        plugin = daemon.folder / "unruly.so"
        daemon.config.write_text(f'{daemon.config.read_text()}[[decoder]]\ntopics = ["site/+"]\nuse = "{plugin}"\n')
        self.start(daemon)
        self.assertNotIn("plugin_crashed", self.troubles(daemon))
        self.crash(daemon)
        daemon.start()
        told = self.troubles(daemon)["plugin_crashed"]
        self.assertEqual(told["args"], {"file": str(plugin), "topic": "site/1"})
        self.crash(daemon)
        daemon.start()
        told = self.troubles(daemon)["plugin_rests"]
        self.assertEqual(told["args"], {"file": str(plugin), "topic": "site/1", "times": 2})
        publisher = self.send(daemon, "crash")
        wait_until(lambda: publisher.outstanding() == 0, what="the message kept undecoded")
        self.assertTrue(daemon.process.is_running())
        # A reload opens it no more than a start does.
        daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: "was read again" in daemon.process.log(), what="the reload")
        publisher = self.send(daemon, "crash")
        wait_until(lambda: publisher.outstanding() == 0, what="the message after the reload")
        # Another file is tried.
        daemon.stop()
        plugin.unlink()
        self.start(daemon)
        self.assertFalse({"plugin_crashed", "plugin_rests"} & set(self.troubles(daemon)))
        self.crash(daemon)


if __name__ == "__main__":
    unittest.main()
