"""Rules of the site: a river past its levels, a reload, a kill while a rule waits, and a try on what is stored."""
import datetime
import json
import signal
import subprocess
import unittest

import jsonschema

from harness import BUILD, SOURCE, Daemon, Mosquitto, Publisher, is_transition, wait_until

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
STATION = """
[[device]]
id = "river-1"
warning_level = 4.20
guarantee_level = 5.00
datum = "Wusong"
"""
FAST = """
[[rule]]
name = "fast-rise"
devices = ["river-1"]
quantity = "level"
unit = "m"
rise = 0.3
within = "10 min"
readings = 2
level = "yellow"
text = "The river rises fast"
"""
WAITS = """
[[rule]]
name = "waits"
devices = ["river-1"]
quantity = "level"
unit = "m"
above = 3.0
on_delay = "6 s"
level = "orange"
"""


class RuleCase(unittest.TestCase):
    def say(self, daemon, *words, code=0, language="en"):
        ran = subprocess.run([BUILD / "watchpost", *map(str, words), "--socket", daemon.socket, "--lang", language],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(ran.returncode, code, f"{words}: {ran.stdout}{ran.stderr}\n{daemon.process.log()}")
        return ran.stdout + ran.stderr

    def open_alarms(self, daemon):
        alarms = json.loads(self.say(daemon, "alarms", "--json"))["alarms"]
        return sorted((one.get("rule", ""), one["level"], one["state"]) for one in alarms)

    def level(self, daemon, metres):
        """The station tells a level, and has its PUBACK."""
        self.said = getattr(self, "said", 0) + 1
        nonce = f"river-{self.said}"
        station = Publisher(self, daemon.port, nonce)
        text = json.dumps([{"bn": "river-1:", "n": "level", "u": "m", "v": metres}, {"n": "nonce", "vs": nonce}])
        station.publish("wp/in/water/river-1", text, nonce)
        wait_until(lambda: nonce in station.acknowledged, what="the acknowledgement")
        station.close()

    def reload(self, daemon, text):
        before = daemon.process.log().count("was read again and is in use")
        daemon.config.write_text(text)
        daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: daemon.process.log().count("was read again and is in use") > before, what="the reload")


class River(RuleCase):
    def test_both_levels_are_alarms_with_their_text_and_evidence_at_the_street(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        daemon = Daemon(self, [("street", street.port)], extra=STATION).start()
        self.level(daemon, 4.10)
        self.assertEqual(self.open_alarms(daemon), [])
        self.level(daemon, 4.25)
        self.level(daemon, 5.05)
        self.assertEqual(self.open_alarms(daemon),
                         [("guarantee-level", "red", "UNACK"), ("warning-level", "orange", "UNACK")])
        self.assertEqual(daemon.status()["duty"]["untaken"], 2)
        self.assertIn("The water has reached the guarantee level, 5.00 m (Wusong)", self.say(daemon, "alarms"))
        self.assertIn("水位已达保证水位 5.00 米（Wusong）", self.say(daemon, "alarms", language="zh"))
        self.assertIn("said once, reached 5.05 m, rule guarantee-level", self.say(daemon, "alarms"))
        self.assertIn("  reached 5.05 m\n", self.say(daemon, "alarm", 2))
        self.assertIn("a rule of this site raised it", self.say(daemon, "alarm", 1))
        wait_until(lambda: len([1 for _, e in subscriber.records() if is_transition(e)]) == 2, what="both changes")
        events = [event for _, event in subscriber.records()]
        for event in events:
            jsonschema.validate(event, SCHEMA)
        for change in (event for event in events if is_transition(event)):
            evidence, = change["data"]["alarm"]["evidence"]
            seen, = (event for event in events if event["id"] == evidence)
            self.assertEqual((seen["subject"], seen["wpclass"], seen["data"]["state"]), ("river-1", "alarm", "raised"))
            self.assertIn("水位已达", change["data"]["alarm"]["text_zh"])
        self.level(daemon, 4.0)
        self.assertEqual({state for _, _, state in self.open_alarms(daemon)}, {"RTN-UNACK"})

    def test_an_alarm_of_a_rule_that_is_removed_stays_until_somebody_closes_it(self):
        daemon = Daemon(self, extra=STATION).start()
        plain = daemon.config.read_text()
        self.level(daemon, 4.30)
        self.reload(daemon, plain.replace("warning_level = 4.20\n", "").replace("guarantee_level = 5.00\n", ""))
        self.level(daemon, 3.0)
        self.level(daemon, 4.5)
        self.assertEqual(self.open_alarms(daemon), [("warning-level", "orange", "UNACK")])
        self.say(daemon, "ack", 1, "--by", "Wang")
        self.say(daemon, "close", 1, "--by", "Wang", "--outcome", "true")
        self.assertEqual(self.open_alarms(daemon), [])
        self.reload(daemon, plain)
        self.level(daemon, 4.5)
        self.assertEqual(self.open_alarms(daemon), [("warning-level", "orange", "UNACK")])

    def test_a_reload_with_a_mistake_is_refused_with_its_place_and_changes_nothing(self):
        daemon = Daemon(self, extra=STATION).start()
        before = daemon.config.read_text()
        daemon.config.write_text(before + FAST.replace('quantity = "level"', 'quantity = "levle"'))
        daemon.process.child.send_signal(signal.SIGHUP)
        wait_until(lambda: 'Did you mean "level"?' in daemon.process.log(), what="the mistake")
        line = daemon.config.read_text().split("\n").index('quantity = "levle"') + 1
        self.assertIn(f"watchpost.toml:{line}:1: rule.quantity", daemon.process.log())
        self.level(daemon, 4.3)
        self.assertEqual(self.open_alarms(daemon), [("warning-level", "orange", "UNACK")])

    def test_a_wait_and_a_window_go_on_after_a_kill(self):
        daemon = Daemon(self, extra=WAITS + FAST).start()
        self.level(daemon, 3.1)
        daemon.kill()
        daemon.start()
        self.level(daemon, 3.5)
        self.assertEqual(self.open_alarms(daemon), [("fast-rise", "yellow", "UNACK")])
        wait_until(lambda: len(self.open_alarms(daemon)) == 2, what="the wait to be over")
        self.assertEqual(self.open_alarms(daemon)[1], ("waits", "orange", "UNACK"))
        self.assertEqual(daemon.status()["duty"]["untaken"], 2)


class Tried(RuleCase):
    def test_rules_are_tried_on_what_is_stored_beside_the_running_daemon(self):
        daemon = Daemon(self, extra=STATION).start()
        for metres in (3.0, 4.3, 4.0, 4.1):
            self.level(daemon, metres)
        new = daemon.folder / "new.toml"
        new.write_text(FAST + STATION.replace("4.20", "4.05"))
        now = datetime.datetime.now(datetime.timezone.utc)
        times = [(now + datetime.timedelta(hours=h)).isoformat() for h in (-1, 1)]
        page = self.say(daemon, "replay", "--rules", new, "--from", times[0], "--to", times[1])
        self.assertIn("3 alarms would have been raised by 3 rules, from 4 observations", page)
        self.assertIn("river-1 fast-rise (yellow)", page)
        self.assertIn("river-1 warning-level (orange), peak 4.3", page)
        self.assertIn("was raised: alarm 1, warning-level", page)
        self.assertIn("river-1 warning-level (orange), peak 4.1, not over at the end", page)
        self.assertIn("会报 3 次警", self.say(daemon, "replay", "--rules", new, "--from", times[0], "--to", times[1],
                                              language="zh"))
        new.write_text(FAST)
        page = self.say(daemon, "replay", "--rules", new, "--from", times[0], "--to", times[1])
        self.assertIn("1 alarm would have been raised by 1 rule", page)
        self.level(daemon, 3.0)
        self.assertEqual(self.open_alarms(daemon), [("warning-level", "orange", "RTN-UNACK")])

    def test_a_file_with_a_mistake_and_one_without_rules_are_told(self):
        daemon = Daemon(self).start()
        new = daemon.folder / "new.toml"
        new.write_text(FAST.replace("rise = 0.3\n", ""))
        page = self.say(daemon, "replay", "--rules", new, "--from", "2026-01-01", "--to", "2027-01-01", code=2)
        self.assertIn('no time', page)
        times = ("--from", "2026-01-01T00:00:00Z", "--to", "2027-01-01T00:00:00Z")
        page = self.say(daemon, "replay", "--rules", new, *times, code=2)
        self.assertIn("new.toml:3:1: rule.name: the rule says no condition", page)
        new.write_text("[gateway]\n")
        self.assertIn("has no [[rule]]", self.say(daemon, "replay", "--rules", new, *times, code=2))


if __name__ == "__main__":
    unittest.main()
