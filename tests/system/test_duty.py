"""An alarm and who sees to it: said by a detector, taken, over, closed; with the link down and a kill in between."""
import json
import subprocess
import unittest
import urllib.request

import jsonschema

from harness import BUILD, SOURCE, Daemon, Mosquitto, Publisher, Subscriber, free_port, is_transition, senml, wait_until

SCHEMA = json.loads((SOURCE / "docs" / "event.schema.json").read_text())
KITCHEN = "wp/in/fire/kitchen"


class DutyCase(unittest.TestCase):
    def ask(self, daemon, *words, code=0):
        """What the command answers, as JSON."""
        answer = self.say(daemon, *words, "--json", code=code)
        return json.loads(answer)

    def say(self, daemon, *words, code=0, language="en"):
        ran = subprocess.run([BUILD / "watchpost", *map(str, words), "--socket", daemon.socket, "--lang", language],
                             capture_output=True, text=True, timeout=30)
        self.assertEqual(ran.returncode, code, f"{words}: {ran.stdout}{ran.stderr}\n{daemon.process.log()}")
        return ran.stdout + ran.stderr

    def open_alarms(self, daemon):
        return self.ask(daemon, "alarms")["alarms"]

    def report(self, daemon, smoke, device="kitchen"):
        """A detector says how it is, and has its PUBACK."""
        self.said = getattr(self, "said", 0) + 1
        nonce = f"{device}-{self.said}"
        sensor = Publisher(self, daemon.port, nonce)
        sensor.publish(f"wp/in/fire/{device}", senml(device, "smoke", smoke, nonce), nonce)
        wait_until(lambda: nonce in sensor.acknowledged, what="the acknowledgement")
        sensor.close()

    @staticmethod
    def kill(daemon):
        daemon.kill()
        daemon.start()


class Course(DutyCase):
    def test_each_step_outlives_a_kill_and_the_street_gets_all_of_them_in_order(self):
        street = Mosquitto(self)  # not there yet
        daemon = Daemon(self, [("street", street.port)]).start()

        self.report(daemon, True)
        self.kill(daemon)
        alarm, = self.open_alarms(daemon)
        self.assertEqual((alarm["number"], alarm["state"], alarm["device"]), (1, "UNACK", "kitchen"))
        self.assertEqual(daemon.status()["alarms"][0]["state"], "UNACK")
        self.assertEqual(daemon.status()["duty"]["open"], 1)

        done = self.ask(daemon, "ack", 1, "--by", "Wang", "--from", "front desk")
        self.assertEqual((done["done"], done["alarm"]["state"]), (True, "ACK"))
        self.kill(daemon)
        alarm, = self.open_alarms(daemon)
        self.assertEqual((alarm["state"], alarm["owner"]), ("ACK", "Wang"))

        self.report(daemon, False)
        self.kill(daemon)
        alarm, = self.open_alarms(daemon)
        self.assertEqual(alarm["state"], "CLOSE-PENDING")

        self.ask(daemon, "close", 1, "--by", "Li", "--from", "front desk", "--outcome", "true", "--cause", "a pan")
        self.kill(daemon)
        self.assertEqual(self.open_alarms(daemon), [])
        closed = self.ask(daemon, "alarm", 1)
        self.assertEqual((closed["state"], closed["outcome"], closed["cause"]), ("CLOSED", "true", "a pan"))
        self.assertEqual(len(closed["changes"]), 4)
        self.assertEqual([alarm["cause"] for alarm in self.ask(daemon, "alarms", "--closed")["alarms"]], ["a pan"])
        self.assertIn("a pan", self.say(daemon, "alarms", "--closed"))
        self.assertIn("4 of 4 changes are on their way", self.say(daemon, "alarm", 1))

        subscriber = street.start_awaited()
        wait_until(lambda: daemon.backlog() == 0, what="no backlog")
        events = [event for _, event in subscriber.records()]
        for event in events:
            jsonschema.validate(event, SCHEMA)
        changes = [event["data"]["alarm"] for event in events if is_transition(event)]
        self.assertEqual([(one["transition"], one["previous"], one["state"], one["event"]) for one in changes],
                         [(1, "NORMAL", "UNACK", "raised"), (2, "UNACK", "ACK", "taken"),
                          (3, "ACK", "CLOSE-PENDING", "returned"), (4, "CLOSE-PENDING", "CLOSED", "closed")])
        self.assertEqual([one["by"].get("who") for one in changes], ["kitchen", "Wang", "kitchen", "Li"])
        self.assertEqual([one["by"]["origin"] for one in changes], ["device", "cli", "device", "cli"])
        self.assertEqual(changes[1]["by"]["from"], "front desk")
        self.assertEqual([one["msgtype"] for one in changes], ["Alert", "Update", "Update", "Cancel"])
        self.assertEqual(changes[3]["outcome"], "true")
        # The evidence stands in front of what it caused.
        order = [event["id"] for event in events if event["wpclass"] == "alarm"]
        for change, event in zip(changes, [event for event in events if is_transition(event)]):
            for evidence in change["evidence"]:
                self.assertLess(order.index(evidence), order.index(event["id"]), (evidence, event["id"]))
        self.assertEqual(len(changes[3]["evidence"]), 2)
        self.assertIn("nothing of it waits for street", self.say(daemon, "alarm", 1))

    def test_a_detector_that_repeats_itself_is_one_alarm_and_its_repeats_are_status(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        daemon = Daemon(self, [("street", street.port)]).start()
        for _ in range(5):
            self.report(daemon, True)
        self.report(daemon, True, "hall")
        wait_until(lambda: len(subscriber.evidence()) == 6, what="every message")
        kinds = [(e["subject"], e["wpclass"], e["data"].get("repeat", False)) for _, e in subscriber.evidence()
                 if e["subject"] in ("kitchen", "hall")]
        self.assertEqual(kinds.count(("kitchen", "alarm", False)), 1)
        self.assertEqual(kinds.count(("kitchen", "status", True)), 4)
        self.assertEqual(kinds.count(("hall", "alarm", False)), 1)
        self.assertEqual(sorted(a["device"] for a in self.open_alarms(daemon)), ["hall", "kitchen"])


class Wishes(DutyCase):
    def test_who_takes_over_an_alarm_is_told_from_whom(self):
        daemon = Daemon(self).start()
        self.report(daemon, True)
        self.assertNotIn("taken_from", self.ask(daemon, "ack", 1, "--by", "Zhao"))
        self.assertEqual(self.ask(daemon, "ack", 1, "--by", "Wang")["taken_from"], "Zhao")
        self.assertIn("taken over from Wang", self.say(daemon, "ack", 1, "--by", "Li"))

    def test_a_wish_is_answered_with_the_reason_why_it_is_not_done(self):
        daemon = Daemon(self).start()
        self.assertIn("No alarm is open", self.say(daemon, "alarms"))
        self.report(daemon, True)
        refused = self.ask(daemon, "close", 1, "--by", "Li", "--outcome", "true", code=1)
        self.assertEqual(refused["reason"], "not_taken")
        self.assertIn("Take it first", self.say(daemon, "close", 1, "--by", "Li", "--outcome", "true", code=1))
        self.assertIn("还没有人接警", self.say(daemon, "close", 1, "--by", "Li", "--outcome", "true", code=1,
                                               language="zh"))
        self.assertIn("does not say who", self.say(daemon, "ack", 1, "--by", " ", code=1))
        self.ask(daemon, "ack", 1, "--by", "Wang")
        stale = self.ask(daemon, "close", 1, "--by", "Li", "--outcome", "true", "--revision", 1, code=1)
        self.assertEqual(stale["reason"], "alarm_changed")
        self.assertIn("There is no open alarm 9", self.say(daemon, "ack", 9, "--by", "Wang", code=1))

    def test_nothing_is_done_twice_under_one_key_also_after_a_kill(self):
        daemon = Daemon(self).start()
        self.report(daemon, True)
        first = self.ask(daemon, "ack", 1, "--by", "Wang", "--key", "wish-1")
        self.kill(daemon)
        again = self.ask(daemon, "ack", 1, "--by", "Wang", "--key", "wish-1")
        self.assertEqual((first["repeat"], again["repeat"]), (False, True))
        self.assertEqual(len(self.ask(daemon, "alarm", 1)["changes"]), 2)

    def test_a_shelved_alarm_is_listed_as_such(self):
        daemon = Daemon(self).start()
        self.report(daemon, True)
        self.ask(daemon, "shelve", 1, "--by", "Wang", "--note", "dust of the works", "--minutes", 30)
        self.assertEqual(self.open_alarms(daemon)[0]["state"], "SHELVED")
        self.ask(daemon, "unshelve", 1, "--by", "Wang")
        self.assertEqual(self.open_alarms(daemon)[0]["state"], "UNACK")


class Devices(DutyCase):
    def test_devices_are_entered_from_a_table_that_is_tried_first(self):
        daemon = Daemon(self).start()
        self.report(daemon, False)
        table = daemon.folder / "devices.csv"
        table.write_text("device,name,place\r\nkitchen,\"Kitchen, 3F\",Block 3\r\nhall,Hall,Block 3\r\n")
        self.assertIn("it is a folder", self.say(daemon, "devices", "import", daemon.folder, "--by", "Wang", code=2))
        whole = table.read_text()
        for mistake, told in ((whole + "q1,n, bed,5\r\n", "Line 4: its field 4, \"5\""),
                              (whole.replace("place", "palce"), "Line 1: \"palce\" is no column"),
                              (whole + "q1,n\r\n", "Line 4: it has 2 of the 3 fields")):
            table.write_text(mistake)
            self.assertIn(told, self.say(daemon, "devices", "import", table, "--by", "Wang", code=2))
        table.write_text(whole)
        tried = self.say(daemon, "devices", "import", table, "--by", "Wang", "--dry-run")
        self.assertIn("Nothing was changed; it would be: 2 entered", tried)
        self.assertEqual([d["service"] for d in self.devices(daemon)], ["new"])
        self.assertIn("2 entered", self.say(daemon, "devices", "import", table, "--by", "Wang"))
        self.kill(daemon)
        self.assertEqual([(d["device"], d["name"], d["place"], d["service"]) for d in self.devices(daemon)],
                         [("hall", "Hall", "Block 3", "in_service"),
                          ("kitchen", "Kitchen, 3F", "Block 3", "in_service")])
        exported = self.say(daemon, "devices", "export")
        self.assertIn('kitchen,"Kitchen, 3F",Block 3,,,,,,,,in_service', exported)
        table.write_text(exported.replace("Hall", "Great hall"))
        self.assertIn("0 entered, 1 edited, 1 as they were", self.say(daemon, "devices", "import", table, "--by", "Li"))
        self.report(daemon, True)
        self.assertEqual(self.open_alarms(daemon)[0]["place"], "Block 3")
        self.assertEqual(self.open_alarms(daemon)[0]["name"], "Kitchen, 3F")

    def test_whom_to_call_is_shown_here_and_nowhere_else(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        metrics = free_port()
        daemon = Daemon(self, [("street", street.port)],
                        extra='[[device]]\nid = "hall"\nhousehold = "t-Hall"\ncontact = "t-Gu, 137"\n'
                              f'[metrics]\nport = {metrics}\n').start()
        table = daemon.folder / "devices.csv"
        table.write_text("device,place,household,contact,age_group,consent\n"
                         "kitchen,Block 3,t-Zhang,\"t-Mei, 138\",t-80,\n")
        refused = self.say(daemon, "devices", "import", table, "--by", "Wang", code=2)
        self.assertIn("Line 2: the age group and the sex of who lives there are kept only with consent", refused)
        table.write_text("device,age_group\nkitchen,t-80\n")
        self.assertIn("Device kitchen: the age group", self.say(daemon, "devices", "import", table, "--by", "Wang", code=1))
        table.write_text("device,place,household,contact,age_group,consent\n"
                         "kitchen,Block 3,t-Zhang,\"t-Mei, 138\",t-80,t-agreed\nhall,Block 3,t-Other,\"t-Gu, 137\",,\n")
        tried = self.say(daemon, "devices", "import", table, "--by", "Wang", "--dry-run")
        self.assertIn("household: t-Zhang; contact: t-Mei, 138; age group: t-80; consent: t-agreed", tried)
        self.assertIn("= hall: fixed by [[device]] in watchpost.toml, to be changed there: household", tried)
        self.say(daemon, "devices", "import", table, "--by", "Wang")
        self.kill(daemon)
        table.write_text(self.say(daemon, "devices", "export"))
        self.assertIn('kitchen,,Block 3,,,t-Zhang,"t-Mei, 138",t-80,,t-agreed,in_service', table.read_text())
        self.assertIn("0 entered, 0 edited, 2 as they were", self.say(daemon, "devices", "import", table, "--by", "Li"))
        table.write_text("device,contact\nkitchen,t-Li 139\n")
        self.assertIn("contact: t-Mei, 138 → t-Li 139", self.say(daemon, "devices", "import", table, "--by", "Li"))
        self.assertIn("consent: t-agreed", self.say(daemon, "devices", "show", "kitchen"))

        self.report(daemon, True)
        self.report(daemon, True, "hall")
        for page in (self.say(daemon, "alarm", 1), self.say(daemon, "alarms")):
            self.assertIn("household: t-Zhang", page)
            self.assertIn("call: t-Li 139", page)
        self.assertIn("call: t-Gu, 137", self.say(daemon, "alarm", 2))
        self.ask(daemon, "ack", 1, "--by", "Wang")
        self.assertNotIn("t-Li", self.say(daemon, "alarms"))
        wait_until(lambda: daemon.backlog() == 0, what="no backlog")
        # What was on its way at the kill comes once more.
        sent = {event["id"]: event["data"] for _, event in subscriber.records()}
        entered = [data for data in sent.values() if data.get("action") == "enter"]
        self.assertEqual([(one["device"], one["by"]["who"], one.get("changed")) for one in entered],
                         [("kitchen", "Wang", ["household", "contact", "age_group", "consent"]),
                          ("hall", "Wang", None), ("kitchen", "Li", ["contact"])])
        for _, event in subscriber.records():
            jsonschema.validate(event, SCHEMA)
        told = self.ask(daemon, "status") | {"log": daemon.process.log()}
        told["metrics"] = urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=10).read().decode()
        bundle = daemon.folder / "bundle.txt"
        subprocess.run([BUILD / "watchpost", "support", "--config", daemon.config, "--socket", daemon.socket,
                        "--to", bundle], capture_output=True, timeout=60)
        told["support"] = bundle.read_text()
        self.assertRegex(told["support"], 'contact += "name-')
        told["street"] = subscriber.records()
        for name, text in told.items():
            for secret in ("t-Zhang", "t-Mei", "t-Li", "t-80", "t-agreed", "t-Hall", "t-Gu"):
                self.assertNotIn(secret, str(text), name)

    def test_a_device_out_of_service_is_mute_and_a_live_test_is_no_alarm(self):
        daemon = Daemon(self).start()
        self.report(daemon, False)
        self.report(daemon, False, "hall")
        self.ask(daemon, "devices", "out", "kitchen", "--by", "Wang", "--note", "new battery")
        self.kill(daemon)
        self.report(daemon, True)
        self.assertEqual(self.open_alarms(daemon)[0]["state"], "OUT-OF-SERVICE")
        kitchen = next(d for d in self.devices(daemon) if d["device"] == "kitchen")
        self.assertEqual((kitchen["out"]["why"], kitchen["out"]["by"]), ("new battery", "Wang"))
        self.ask(daemon, "devices", "back", "kitchen", "--by", "Wang")
        self.assertEqual(self.open_alarms(daemon)[0]["state"], "UNACK")
        self.ask(daemon, "devices", "test", "hall", "--by", "Wang", "--minutes", 5)
        self.report(daemon, True, "hall")
        hall = next(a for a in self.open_alarms(daemon) if a["device"] == "hall")
        self.assertEqual((hall["test"], hall["status"], hall["level"]), (True, "Test", "grey"))

    def test_whoever_reads_the_messages_alone_sees_what_is_a_test_or_a_drill(self):
        street = Mosquitto(self)
        subscriber = street.start_awaited()
        daemon = Daemon(self, [("street", street.port)]).start()
        table = daemon.folder / "devices.csv"
        table.write_text("device,place,expected_interval\nkitchen,Block 3/1,1 h\nhall,Block 3,never\nyard,Block 30,\n")
        self.say(daemon, "devices", "import", table, "--by", "Wang")
        self.ask(daemon, "devices", "test", "hall", "--by", "Wang", "--minutes", 5)
        self.assertIn("hangs at one of the places",
                      self.say(daemon, "drill", "start", "--by", "Li", "--note", "autumn", "--minutes", 5,
                               "--place", "Block 4", code=1))
        self.say(daemon, "drill", "start", "--by", "Li", "--note", "autumn", "--minutes", 5, "--place", "Block 3",
                 "--kind", "smoke")
        for device in ("kitchen", "hall", "yard"):
            self.report(daemon, True, device)
        wait_until(lambda: daemon.backlog() == 0 and self.messages(subscriber).keys() >= {"kitchen", "hall", "yard"},
                   what="the messages at the street")
        self.assertEqual({device: (data["state"], data.get("status")) for device, data in self.messages(subscriber).items()},
                         {"kitchen": ("alarm", "Exercise"), "hall": ("alarm", "Test"), "yard": ("raised", None)})
        for _, event in subscriber.records():
            jsonschema.validate(event, SCHEMA)

    @staticmethod
    def messages(subscriber):
        return {event["subject"]: event["data"] for _, event in subscriber.records()
                if event["wpclass"] == "alarm" and not is_transition(event)}

    def devices(self, daemon):
        return self.ask(daemon, "devices")["devices"]


class Stories(DutyCase):
    def test_what_a_story_tells_becomes_alarms_that_are_taken_and_closed(self):
        river = '[[device]]\nid = "story-river-bridge"\nwarning_level = 3.50\nguarantee_level = 4.20\n'
        daemon = Daemon(self, extra=river).start()
        self.report(daemon, True, device="real")
        tellers = [subprocess.Popen([BUILD / "watchpost", "simulate", "--port", str(daemon.port), "--story", story,
                                     "--socket", daemon.socket, "--wait-seconds", "30"],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                   for story in ("kitchen-fire", "river", "radio", "drill")]
        for teller in tellers:
            told, _ = teller.communicate(timeout=90)
            self.assertEqual(teller.returncode, 0, told)
        left, = self.open_alarms(daemon)
        self.assertEqual((left["device"], left["state"]), ("real", "UNACK"), "left to real people")
        closed = {alarm["device"]: alarm for alarm in self.ask(daemon, "alarms", "--closed")["alarms"]}
        self.assertEqual(sorted(closed), ["story-river-bridge", "story-smoke-kitchen", "story-smoke-school",
                                          "story-smoke-shop", "story-smoke-stairs", "story/zigbee2mqtt/bridge"])
        self.assertEqual(closed["story/zigbee2mqtt/bridge"]["affects"], 3)
        self.assertTrue(closed["story-smoke-school"]["exercise"])
        self.assertNotIn("exercise", closed["story-smoke-shop"])
        self.assertEqual(closed["story-smoke-kitchen"]["level"], "red")
        self.assertEqual(closed["story-smoke-kitchen"]["place"], "story house")

    def test_a_story_without_the_rules_that_it_needs_says_so(self):
        daemon = Daemon(self).start()
        teller = subprocess.run([BUILD / "watchpost", "simulate", "--port", str(daemon.port), "--story", "river",
                                 "--socket", daemon.socket, "--wait-seconds", "5"],
                                capture_output=True, text=True, timeout=90)
        self.assertNotEqual(teller.returncode, 0)
        self.assertIn("warning_level = 3.50", teller.stdout)
        self.assertIn("put the lines that it needs into the configuration", teller.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
