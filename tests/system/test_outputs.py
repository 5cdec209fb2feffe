"""Sirens: they sound with an alarm and stop with it, with restarts, dead brokers and dead sirens in between."""
import signal
import subprocess
import threading
import time
import unittest

import paho.mqtt.client as mqtt

from harness import BUILD, Daemon, Mosquitto, Publisher, senml, wait_until
from times import stays

SHELLY = """
name = "yard"
topic = "shelly/command/switch:0"
on = "on,30"
off = "off"
state_topic = "shelly/status/switch:0"
state_on = '"output":true'
state_off = '"output":false'
"""
TASMOTA = """
name = "hall"
topic = "cmnd/hall/POWER"
on = "ON"
off = "OFF"
lasts = "6 s"
state_topic = "stat/hall/POWER"
state_on = "ON"
state_off = "OFF"
"""
ZIGBEE = """
name = "gate"
topic = "zigbee2mqtt/gate/set"
on = '{"warning":{"mode":"emergency","level":"high","strobe":true,"duration":30}}'
off = '{"warning":{"mode":"stop","duration":1}}'
"""


class Siren:
    """One that takes commands on a topic, says its state, and comes back by itself."""

    def __init__(self, test, port, topic, state=None, answers=None):
        self.lock = threading.Lock()
        self.got = []  # (when, payload, retained)
        self.topic, self.state, self.answers = topic, state, answers or {}
        self.subscribed = threading.Event()
        self.client = mqtt.Client(f"siren-{topic.replace('/', '-')}", protocol=mqtt.MQTTv311)
        self.client.on_connect = lambda client, *_: client.subscribe(topic, 1)
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.on_message = self._on_message
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        test.addCleanup(self.close)
        assert self.subscribed.wait(20), "the siren got no SUBACK"

    def _on_message(self, client, _userdata, message):
        payload = message.payload.decode()
        with self.lock:
            self.got.append((time.monotonic(), payload, message.retain))
        if payload in self.answers:
            client.publish(self.state, self.answers[payload], qos=1, retain=True)

    def payloads(self, since=0.0):
        with self.lock:
            return [payload for at, payload, _ in self.got if at >= since]

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def shelly(test, port, answers=True):
    said = {"on,30": '{"id":0, "source":"MQTT", "output": true}', "off": '{"id":0, "output": false}'}
    return Siren(test, port, "shelly/command/switch:0", "shelly/status/switch:0", said if answers else {})


class OutputCase(unittest.TestCase):
    said = 0

    def report(self, daemon, smoke, device="kitchen"):
        self.said += 1
        sensor = Publisher(self, daemon.port, f"{device}-{self.said}")
        sensor.publish(f"wp/in/fire/{device}", senml(device, "smoke", smoke, "n"), "n")
        wait_until(lambda: "n" in sensor.acknowledged, what="the acknowledgement")
        at = time.monotonic()
        sensor.close()
        return at

    def do(self, daemon, *words):
        ran = subprocess.run([BUILD / "watchpost", *map(str, words), "--socket", daemon.socket],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)

    @staticmethod
    def troubles(daemon):
        return [trouble["code"] for trouble in daemon.status()["troubles"]]

    @staticmethod
    def states(daemon):
        return {output["name"]: output["state"] for output in daemon.status()["outputs"]}

    def behind(self, broker, *outputs):
        return (f'[[broker]]\nname = "office"\nurl = "mqtt://127.0.0.1:{broker.port}"\ntopics = ["zigbee2mqtt/#"]\n'
                + "".join(f'[[output]]\nbroker = "office"{output}' for output in outputs))

    def configure(self, daemon, outputs):
        text = daemon.config.read_text()
        daemon.config.write_text(text[:text.index("[[output]]")] + outputs)

    def reload(self, daemon):
        before = len(daemon.process.log())
        daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: "was read again and is in use" in daemon.process.log()[before:], what="the reload")

    def settled(self, daemon):
        wait_until(lambda: set(self.states(daemon).values()) == {"silent"}, 30, "silent sirens")


class AtOurListener(OutputCase):
    def test_a_siren_sounds_within_a_second_is_refreshed_and_stops_when_somebody_takes_the_alarm(self):
        daemon = Daemon(self, extra=f"[[output]]{TASMOTA}[[output]]{ZIGBEE}").start()
        hall = Siren(self, daemon.port, "cmnd/hall/POWER", "stat/hall/POWER", {"ON": "ON", "OFF": "OFF"})
        gate = Siren(self, daemon.port, "zigbee2mqtt/gate/set")
        self.settled(daemon)
        began = self.report(daemon, True)
        wait_until(lambda: "ON" in hall.payloads(), what="a sounding siren")
        wait_until(lambda: any("emergency" in one for one in gate.payloads()), what="the other one")
        self.assertLess(max(at for at, payload, _ in hall.got if payload == "ON") - began, 1.0)
        wait_until(lambda: hall.payloads(began).count("ON") >= 3, 15, "the command again")
        self.assertEqual(hall.payloads(began).count("OFF"), 0)
        self.do(daemon, "ack", 1, "--by", "Wang")
        taken = time.monotonic()
        wait_until(lambda: "OFF" in hall.payloads(), what="a silent siren")
        wait_until(lambda: self.states(daemon)["hall"] == "silent", what="the siren's word")
        self.settled(daemon)
        self.assertLess(hall.payloads(began).count("OFF"), 3)  # it answers
        self.assertEqual(sum("stop" in one for one in gate.payloads(began)), 5)  # this one does not
        self.assertEqual(hall.payloads(taken + 1.0).count("ON"), 0)
        self.assertFalse(any(retained for _, _, retained in hall.got + gate.got))
        self.assertEqual(self.troubles(daemon).count("output_no_answer"), 0)

    def test_a_siren_of_a_later_step_waits_for_it_and_goes_on_after_a_kill(self):
        daemon = Daemon(self, extra=f"[[output]]{TASMOTA}[[output]]\nstep = 1{ZIGBEE}").start()
        hall = Siren(self, daemon.port, "cmnd/hall/POWER", "stat/hall/POWER", {"ON": "ON", "OFF": "OFF"})
        gate = Siren(self, daemon.port, "zigbee2mqtt/gate/set")
        self.settled(daemon)
        self.report(daemon, True)
        wait_until(lambda: "ON" in hall.payloads(), what="the siren of the first step")
        stays(lambda: not any("emergency" in one for one in gate.payloads()), 2, "the later one is silent")
        self.do(daemon, "escalate", 1, "--by", "Wang")
        wait_until(lambda: any("emergency" in one for one in gate.payloads()), what="the siren of the next step")
        daemon.kill()
        again = time.monotonic()
        daemon.start()
        wait_until(lambda: any("emergency" in one for one in gate.payloads(again)), 30, "it after the restart")

    def test_an_escalation_of_the_site_runs_on_through_a_reload_and_a_kill_and_nothing_falls_silent(self):
        outputs = f"[[output]]{TASMOTA}[[output]]{ZIGBEE}"
        daemon = Daemon(self, extra=outputs + '[[escalation]]\nalarms = ["smoke"]\nat_once = ["hall"]\n'
                        'step_1_after = "2 s"\nstep_1 = ["gate"]\n').start()
        hall = Siren(self, daemon.port, "cmnd/hall/POWER", "stat/hall/POWER", {"ON": "ON", "OFF": "OFF"})
        gate = Siren(self, daemon.port, "zigbee2mqtt/gate/set")
        self.settled(daemon)
        began = self.report(daemon, True)
        wait_until(lambda: "ON" in hall.payloads(began), what="the siren that is told at once")
        wait_until(lambda: any("emergency" in one for one in gate.payloads()), 10, "the siren of the first step")
        first = [min(at for at, payload, _ in siren.got if word in payload)
                 for siren, word in ((hall, "ON"), (gate, "emergency"))]
        self.assertGreater(first[1] - first[0], 1.5)
        # Neither is named for smoke any more, and both sound on.
        self.configure(daemon, outputs + '[[escalation]]\nalarms = ["smoke"]\nstep_3 = ["hall", "gate"]\n')
        self.reload(daemon)
        changed = time.monotonic()
        wait_until(lambda: "ON" in hall.payloads(changed), 15, "the command again")
        self.assertEqual(self.states(daemon), {"hall": "sounding", "gate": "sounding"})
        self.configure(daemon, outputs + '[[escalation]]\nalarms = ["smoke"]\nstep_1_after = "4 s"\nstep_2_after = "6 s"\n'
                         'step_2 = ["hall", "gate"]\n')
        daemon.kill()
        again = time.monotonic()
        daemon.start()
        wait_until(lambda: "ON" in hall.payloads(again) and any("emergency" in one for one in gate.payloads(again)), 30,
                   "both after the restart")

    def test_a_silence_stops_it_and_the_next_alarm_sounds(self):
        daemon = Daemon(self, extra=f"[[output]]{TASMOTA}").start()
        hall = Siren(self, daemon.port, "cmnd/hall/POWER", "stat/hall/POWER", {"ON": "ON", "OFF": "OFF"})
        self.settled(daemon)
        self.report(daemon, True)
        wait_until(lambda: "ON" in hall.payloads(), what="a sounding siren")
        self.do(daemon, "silence", "--by", "Wang")
        wait_until(lambda: self.states(daemon)["hall"] == "silent", what="a silent siren")
        began = self.report(daemon, True, "cellar")
        wait_until(lambda: "ON" in hall.payloads(began - 0.5), what="the siren of the next alarm")

    def test_a_siren_that_is_not_there_is_a_trouble_at_once_when_it_is_needed(self):
        daemon = Daemon(self, extra=f"[[output]]{ZIGBEE}").start()
        self.report(daemon, True)
        wait_until(lambda: "output_not_heard" in self.troubles(daemon), what="the trouble")
        said = subprocess.run([BUILD / "watchpost", "status", "--socket", daemon.socket, "--lang", "zh"],
                              capture_output=True, text=True, timeout=30)
        self.assertIn("警报器 gate 不在线", said.stdout)
        gate = Siren(self, daemon.port, "zigbee2mqtt/gate/set")
        wait_until(lambda: "output_not_heard" not in self.troubles(daemon), what="no trouble")
        wait_until(lambda: any("emergency" in one for one in gate.payloads()), 30, "a sounding siren")


class Tested(OutputCase):
    def ask_for_test(self, daemon, output):
        return subprocess.run([BUILD / "watchpost", "outputs", "test", output, "--by", "Wang", "--lang", "en",
                               "--socket", daemon.socket], capture_output=True, text=True, timeout=60)

    def shown(self, daemon):
        return {one["name"]: one for one in daemon.status()["outputs"]}

    def test_a_siren_is_tested_by_the_way_of_an_alarm_and_that_stays_known(self):
        daemon = Daemon(self, extra=f"[[output]]{SHELLY}[[output]]{TASMOTA}").start()
        self.assertEqual(self.troubles(daemon).count("output_never_tested"), 2)
        siren = shelly(self, daemon.port)
        ran = self.ask_for_test(daemon, "yard")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertIn("yard took it", ran.stdout)
        self.assertIn("on,30", siren.payloads())
        wait_until(lambda: siren.payloads()[-1] == "off", what="the siren's end")
        ran = self.ask_for_test(daemon, "hall")
        self.assertEqual(ran.returncode, 1, ran.stdout)
        self.assertIn("The test of hall failed", ran.stderr)
        self.assertEqual(self.ask_for_test(daemon, "gate").returncode, 1)

        daemon.kill()
        daemon.start()
        shown = self.shown(daemon)
        self.assertEqual(shown["yard"]["tested"]["how"], "accepted")
        self.assertEqual(shown["hall"]["tested"]["how"], "unreached")
        self.assertNotIn("output_never_tested", self.troubles(daemon))
        self.assertIn("output_test_failed", self.troubles(daemon))

    def test_a_kill_in_the_middle_of_a_test_ends_it_and_the_siren(self):
        daemon = Daemon(self, extra=f"[[output]]{SHELLY}").start()
        siren = shelly(self, daemon.port)
        asking = threading.Thread(target=self.ask_for_test, args=(daemon, "yard"))
        asking.start()
        wait_until(lambda: "on,30" in siren.payloads(), what="the siren")
        daemon.kill()
        at = time.monotonic()
        asking.join(60)
        daemon.start()
        wait_until(lambda: "off" in siren.payloads(at), 20, "the siren's end")
        wait_until(lambda: self.shown(daemon)["yard"].get("tested", {}).get("how") == "broken", 20, "the test's end")
        self.assertNotIn("on,30", siren.payloads(at))
        self.assertEqual(self.ask_for_test(daemon, "yard").returncode, 0)


class BehindABroker(OutputCase):
    def test_restarts_of_the_daemon_go_on_with_what_the_open_alarms_say(self):
        broker = Mosquitto(self).start()
        yard = shelly(self, broker.port)
        daemon = Daemon(self, extra=self.behind(broker, SHELLY)).start()
        self.settled(daemon)
        self.assertEqual(yard.payloads().count("on,30"), 0)
        self.report(daemon, True)
        wait_until(lambda: "on,30" in yard.payloads(), what="a sounding siren")
        daemon.kill()
        again = time.monotonic()
        daemon.start()
        wait_until(lambda: "on,30" in yard.payloads(again), what="the siren after the restart")
        self.do(daemon, "ack", 1, "--by", "Wang")
        self.settled(daemon)
        daemon.kill()
        again = time.monotonic()
        daemon.start()
        self.settled(daemon)
        stays(lambda: "on,30" not in yard.payloads(again), 1, "a siren that is silent")

    def test_a_broker_that_dies_at_bad_moments_starts_no_siren_and_leaves_none_sounding(self):
        broker = Mosquitto(self).start()
        yard = shelly(self, broker.port)
        daemon = Daemon(self, extra=self.behind(broker, SHELLY)).start()
        self.settled(daemon)
        # Between the alarm and its siren.
        broker.kill()
        wait_until(lambda: "output_not_reached" in self.troubles(daemon), what="the trouble")
        self.assertEqual(self.troubles(daemon)[0], "output_not_reached")
        self.report(daemon, True)
        broker.start()
        wait_until(lambda: "on,30" in yard.payloads(), 30, "a sounding siren")
        self.assertNotIn("output_not_reached", self.troubles(daemon))
        # Between the taking and the stop.
        broker.kill()
        self.do(daemon, "ack", 1, "--by", "Wang")
        down = time.monotonic()
        broker.start()
        wait_until(lambda: "off" in yard.payloads(down), 30, "a silent siren")
        self.settled(daemon)
        self.assertEqual(yard.payloads(down).count("on,30"), 0)
        # While nothing sounds.
        broker.kill()
        quiet = time.monotonic()
        broker.start()
        wait_until(lambda: not {"output_not_reached", "broker_not_read_kept"} & set(self.troubles(daemon)), 30,
                   "the link")
        stays(lambda: yard.payloads(quiet) == [], 3, "a siren that is told nothing")

    def test_a_siren_that_does_not_answer_is_told_to_stop_five_times_and_is_a_trouble(self):
        broker = Mosquitto(self).start()
        yard = shelly(self, broker.port, answers=False)
        daemon = Daemon(self, extra=self.behind(broker, SHELLY)).start()
        self.settled(daemon)
        self.assertNotIn("output_no_answer", self.troubles(daemon))  # it was never to sound
        began = self.report(daemon, True)
        wait_until(lambda: "output_no_answer" in self.troubles(daemon), 20, "the trouble")
        self.do(daemon, "ack", 1, "--by", "Wang")
        self.settled(daemon)
        stays(lambda: yard.payloads(began).count("off") == 5, 3, "no further stop")
        self.assertIn("output_no_answer", self.troubles(daemon))


if __name__ == "__main__":
    unittest.main()
