"""A village and its street, both daemons: the street shows the village's alarms, and what is asked at the street the
village does and tells."""
import json
import signal
import subprocess
import threading
import time
import unittest

from harness import BUILD, Daemon, Mosquitto, is_transition, wait_until
from test_commands import Desk, in_seconds
from test_duty import DutyCase
from test_relay import District, RELAY
from times import stays

VILLAGE = "zhaoxiang-03"
STREET_COMMANDS = "wp/v1/310118/106/203/street-106/cmd"


class StreetCase(DutyCase):
    def setUp(self):
        self.broker = Mosquitto(self, extra="log_type all\n").start()
        self.district = District(self, self.broker.port)

    def street_box(self, more=""):
        return Daemon(self, [("district", self.broker.port)], gateway="street-106", extra=more + RELAY,
                      listener_extra='max_packet_size = "1 MiB"\n').start()

    def village_box(self, street, grants='["all"]'):
        return Daemon(self, [("street", street.port)], gateway=VILLAGE, extra=f"commands = {grants}\n").start()

    def shown(self, street):
        """The village as the street shows it; nothing where it is connected and has no open alarm."""
        villages = self.ask(street, "alarms")["villages"]
        return next((v for v in villages if v["gateway"] == VILLAGE), None)

    def wait_for_state(self, street, state, number=1):
        def found():
            village = self.shown(street)
            alarms = village["alarms"] if village else []
            return next((a for a in alarms if a["number"] == number and a["state"] == state), None)
        return wait_until(found, what=f"{state} at the street")

    def wait_until_connected(self, street):
        wait_until(lambda: (self.shown(street) or {"connected": True})["connected"], what="the village connected")


class Mirror(StreetCase):
    def test_a_village_alarm_is_shown_taken_at_the_street_and_told_by_both(self):
        street = self.street_box()
        village = self.village_box(street)
        self.report(village, True)
        alarm = self.wait_for_state(street, "UNACK")
        self.assertEqual((alarm["device"], alarm["level"], alarm["revision"]), ("kitchen", "orange", 1))
        self.assertGreaterEqual(alarm["age_s"], 0)
        # It is the village's: nothing of it is judged or sounds here.
        self.assertEqual(self.open_alarms(street), [])
        self.assertEqual((street.status()["duty"]["open"], street.status()["duty"]["untaken_below"]), (0, 1))
        self.assertNotIn("No troubles", self.say(street, "status"))
        page = self.say(street, "alarms")
        self.assertTrue(page.startswith("No alarm of this box is open\n"), page)
        self.assertIn(VILLAGE, page)
        self.assertIn("kitchen", page)
        self.assertIn("已连接", self.say(street, "alarms", language="zh"))

        done = self.ask(street, "ack", f"{VILLAGE}/1", "--by", "Zhou", "--from", "street desk")
        self.assertEqual((done["done"], done["alarm"]["state"]), (True, "ACK"))
        self.assertEqual(self.open_alarms(village)[0]["owner"], "Zhou")
        self.assertEqual(self.wait_for_state(street, "ACK")["owner"], "Zhou")
        self.assertEqual(street.status()["duty"]["untaken_below"], 0)
        stale = self.ask(street, "close", f"{VILLAGE}/1", "--by", "Zhou", "--outcome", "true", "--revision", 1, code=1)
        self.assertEqual(stale["reason"], "alarm_changed")
        self.ask(street, "close", f"{VILLAGE}/1", "--by", "Zhou", "--outcome", "false", "--cause", "steam")
        wait_until(lambda: self.shown(street) is None, what="nothing open")
        # Every step is at the district, said by the village, and nothing else of it.
        wait_until(lambda: street.backlog() == 0, what="no backlog")
        changes = [json.loads(payload)["data"]["alarm"] for _, payload in self.district.by_id(VILLAGE).values()
                   if is_transition(json.loads(payload))]
        self.assertEqual([one["event"] for one in sorted(changes, key=lambda one: one["transition"])],
                         ["raised", "taken", "closed"])
        self.assertEqual(sorted(changes, key=lambda one: one["transition"])[1]["by"],
                         {"origin": "upstream", "who": "Zhou", "from": "street: street desk"})
        self.assertEqual(street.status()["totals"]["undecoded"], 0)

    def test_a_village_that_is_away_is_shown_as_it_was_also_after_a_kill_of_the_street(self):
        street = self.street_box()
        village = self.village_box(street)
        self.report(village, True)
        self.wait_for_state(street, "UNACK")
        village.kill()
        wait_until(lambda: not self.shown(street)["connected"], what="not connected")
        self.assertEqual(self.shown(street)["alarms"][0]["state"], "UNACK")
        self.assertIn("NOT CONNECTED", self.say(street, "alarms"))
        self.assertIn("未连接", self.say(street, "alarms", language="zh"))
        refused = self.ask(street, "ack", f"{VILLAGE}/1", "--by", "Zhou", code=1)
        self.assertEqual(refused["reason"], "gateway_away")
        self.kill(street)
        self.wait_for_state(street, "UNACK")
        self.assertFalse(self.shown(street)["connected"])
        self.assertGreaterEqual(self.shown(street)["heard_s"], 0)
        village.start()
        self.wait_until_connected(street)
        self.assertEqual(self.shown(street)["alarms"][0]["state"], "UNACK")

    def test_what_cannot_be_done_is_told_at_the_street(self):
        street = self.street_box()
        village = self.village_box(street, grants='["note"]')
        self.report(village, True)
        self.wait_for_state(street, "UNACK")
        unknown = self.ask(street, "ack", "no-such-village/1", "--by", "Zhou", code=1)
        self.assertEqual(unknown["reason"], "gateway_unknown")
        not_granted = self.ask(street, "ack", f"{VILLAGE}/1", "--by", "Zhou", code=1)
        self.assertEqual(not_granted["reason"], "not_granted")
        self.assertTrue(not_granted["text"]["zh-CN"])
        self.assertTrue(self.ask(street, "note", f"{VILLAGE}/1", "--by", "Zhou", "--note", "seen")["done"])
        nobody = self.ask(street, "note", f"{VILLAGE}/9", "--by", "Zhou", "--note", "x", code=1)
        self.assertEqual(nobody["reason"], "alarm_unknown")


class Faults(StreetCase):
    def act(self, street, *words):
        """Asks in the background; what came of it is in `answers`."""
        answers = []

        def run():
            ran = subprocess.run([BUILD / "watchpost", *map(str, words), "--json", "--socket", street.socket],
                                 capture_output=True, text=True, timeout=30)
            answers.append((ran.returncode, ran.stdout + ran.stderr))
        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        return thread, answers

    def test_a_village_that_dies_over_a_command_answers_when_it_is_back(self):
        street = self.street_box()
        village = self.village_box(street)
        self.report(village, True)
        self.wait_for_state(street, "UNACK")
        for round_, freeze in enumerate((True, False)):
            if freeze:  # it has the command and has not read it
                village.process.child.send_signal(signal.SIGSTOP)
            thread, answers = self.act(street, "note", f"{VILLAGE}/1", "--by", "Zhou", "--note", f"n{round_}",
                                       "--key", f"key-{round_}")
            if freeze:
                stays(lambda: not answers, 1, "the command under way")
            else:
                wait_until(lambda: len(self.ask(village, "alarm", 1)["changes"]) > 2 or answers, what="it was done")
            village.kill()
            village.start()
            thread.join()
            code, said = answers[0]
            self.assertEqual(code, 0, said)
            self.assertTrue(json.loads(said)["done"], said)
        notes = [c["data"]["alarm"]["note"] for c in self.ask(village, "alarm", 1)["changes"]
                 if c["data"]["alarm"]["event"] == "noted"]
        self.assertEqual(notes, ["n0", "n1"])

    def test_without_an_answer_the_person_is_told_so_in_time(self):
        street = self.street_box()
        village = self.village_box(street)
        self.report(village, True)
        self.wait_for_state(street, "UNACK")
        village.process.child.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        answer = self.ask(street, "ack", f"{VILLAGE}/1", "--by", "Zhou", "--key", "k", code=1)
        self.assertEqual(answer["reason"], "no_answer")
        self.assertLess(time.monotonic() - began, 8)
        village.process.child.send_signal(signal.SIGCONT)
        # What was on its way is still done, once.
        self.wait_for_state(street, "ACK")
        again = self.ask(street, "ack", f"{VILLAGE}/1", "--by", "Zhou", "--key", "k")
        self.assertTrue(again["repeat"])


class TwoLevels(StreetCase):
    def test_a_district_asks_a_village_through_its_street(self):
        street = self.street_box(more='commands = ["take"]\n')
        village = self.village_box(street)
        self.report(village, True)
        self.wait_for_state(street, "UNACK")
        desk = Desk(self, self.broker.port, results=STREET_COMMANDS + "/result/#", commands=STREET_COMMANDS)
        command = {"action": "take", "gateway": VILLAGE, "alarm": 1, "by": "Qian", "from": "district desk", "key": "d1",
                   "seen_revision": 1, "expires": in_seconds(60)}
        wait_until(lambda: STREET_COMMANDS in self.broker.process.log(), what="the street asks for commands")
        done = desk.ask(command)
        self.assertEqual((done["done"], done["key"], done["alarm"]["state"]), (True, "d1", "ACK"))
        alarm, = self.open_alarms(village)
        self.assertEqual(alarm["owner"], "Qian")
        change = self.ask(village, "alarm", 1)["changes"][-1]["data"]["alarm"]
        self.assertEqual(change["by"]["from"], "street: district: district desk")
        self.assertTrue(desk.ask(command)["repeat"])
        self.assertEqual(desk.ask(dict(command, action="note", note="x", key="d2"))["reason"], "not_granted")
        self.assertEqual(desk.ask(dict(command, key="d3", expires=in_seconds(-5)))["reason"], "expired")


if __name__ == "__main__":
    unittest.main(verbosity=2)
