"""A device of a model that nothing here knows: one mapping file, named as the profile of the device, is enough."""
import base64
import json
import unittest

import jsonschema

from harness import SOURCE, Daemon, Mosquitto, Publisher, Subscriber, wait_until

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
EUI = "24e124136b502217"
UP = f"application/1/device/{EUI}/event/up"

PUMP = '''name = "pump"
kind = "water_level"
[[reading]]
pointer = "/lvl"
quantity = "level"
unit = "m"
scale = 0.01
[[state_when]]
pointer = "/lvl"
above = 200
state = "alarm"
'''
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


if __name__ == "__main__":
    unittest.main()
