"""Who falls silent is told of: one device, a whole radio; over a kill, at the street, and until it is heard again."""
import json
import unittest

import jsonschema

from harness import Daemon, Mosquitto, Publisher, is_transition, wait_until
from test_duty import SCHEMA, DutyCase


def heard_each_second(*devices):
    return "".join(f'\n[[device]]\nid = "{each}"\nname = "Detector {each}"\nexpected_interval = "1 s"\n'
                   for each in devices)


class Silence(DutyCase):
    def silences(self, daemon):
        return {alarm["device"]: alarm for alarm in self.open_alarms(daemon) if alarm["condition"] == "silent"}

    def await_silence(self, daemon, device, state="UNACK"):
        return wait_until(lambda: (alarm := self.silences(daemon).get(device)) and alarm["state"] == state and alarm,
                          what=f"{device} to be silent and {state}\n{daemon.process.log()}")

    def told(self, subscriber, device):
        """What the street was told of the silence of the device, in order."""
        changes = {event["id"]: event["data"]["alarm"]["state"] for _, event in subscriber.records()
                   if is_transition(event) and event["subject"] == device}
        return list(changes.values())

    def test_a_device_that_is_not_heard_is_one_alarm_over_a_kill_until_it_is_heard(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        daemon = Daemon(self, [("street", street.port)], extra=heard_each_second("hall", "attic")).start()
        self.report(daemon, False, "hall")
        alarm = self.await_silence(daemon, "hall")
        self.assertEqual((alarm["level"], alarm["expected_s"]), ("blue", 1))
        self.assertIn("Detector hall", self.say(daemon, "alarms"))
        self.assertIn("hall", self.say(daemon, "alarms", language="zh"))
        self.await_silence(daemon, "attic")

        # Nobody is told again by a start; who was entered since then is told, and later than hall would be.
        daemon.kill()
        daemon.config.write_text(daemon.config.read_text() + heard_each_second("cellar"))
        daemon.start()
        self.await_silence(daemon, "cellar")
        wait_until(lambda: self.told(subscriber, "cellar") == ["UNACK"], what="the silence at the street")
        self.assertEqual(self.told(subscriber, "hall"), ["UNACK"])
        self.assertEqual(self.told(subscriber, "attic"), ["UNACK"])

        self.report(daemon, False, "hall")
        self.assertEqual(self.silences(daemon)["hall"]["state"], "RTN-UNACK")
        wait_until(lambda: self.told(subscriber, "hall")[:2] == ["UNACK", "RTN-UNACK"], what="the return at the street")
        self.await_silence(daemon, "hall")
        self.assertEqual(self.silences(daemon)["hall"]["number"], alarm["number"])
        for _, event in subscriber.records():
            jsonschema.validate(event, SCHEMA)

    def test_devices_of_one_radio_that_fall_silent_together_are_one_alarm(self):
        names = [f"z-{i}" for i in range(1, 7)]
        daemon = Daemon(self, extra=heard_each_second(*names)).start()
        bridge = Publisher(self, daemon.port, "bridge")

        def all_rest(said):
            for name in names:
                bridge.publish(f"zigbee2mqtt/{name}", json.dumps({"smoke": False}), f"{name}-{said}")
            wait_until(lambda: bridge.outstanding() == 0, what="the acknowledgements")

        all_rest("first")
        alarm = self.await_silence(daemon, "zigbee2mqtt")
        self.assertEqual(list(self.silences(daemon)), ["zigbee2mqtt"])
        self.assertEqual(alarm["affects"], 6)
        self.assertIn("affects 6", self.say(daemon, "alarms"))
        all_rest("again")
        self.await_silence(daemon, "zigbee2mqtt", "RTN-UNACK")
        self.assertEqual(list(self.silences(daemon)), ["zigbee2mqtt"])


if __name__ == "__main__":
    unittest.main()
