"""What a street asks for comes down to its village, is done once, and is answered; over our own client and Paho."""
import datetime
import json
import re
import signal
import struct
import threading
import time
import unittest

import jsonschema
import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

import mqtt_wire
from doubles import FakeBroker, Script
from harness import SOURCE, Daemon, Mosquitto, is_transition, wait_until
from test_duty import DutyCase

PREFIX = "wp/v1/310118/106/203/zhaoxiang-03/"
COMMANDS, RESULTS = PREFIX + "cmd", PREFIX + "cmd/result"
SCHEMA = json.loads((SOURCE / "docs" / "command.schema.json").read_text())


def in_seconds(seconds):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Desk:
    """A person's program at the street: sends commands, keeps the answers."""

    def __init__(self, test, port, protocol=mqtt.MQTTv5, commands=COMMANDS, results=RESULTS + "/#"):
        self.commands = commands
        self.answers, self.lock, self.codes = [], threading.Lock(), []
        self.protocol = protocol
        subscribed = threading.Event()
        self.client = mqtt.Client("desk", protocol=protocol)
        self.client.max_queued_messages_set(0)
        self.client.on_message = self._on_message
        self.client.on_connect = lambda client, *_: client.subscribe(results, qos=1)
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        test.addCleanup(self.close)
        assert subscribed.wait(20), "no SUBACK"

    def _on_message(self, _client, _userdata, message):
        with self.lock:
            self.answers.append(message)

    def send(self, command, retain=False, topic=None, response=None, correlation=None):
        properties = None
        if response:
            properties = Properties(PacketTypes.PUBLISH)
            properties.ResponseTopic = response
            properties.CorrelationData = correlation
        payload = command if isinstance(command, (bytes, str)) else json.dumps(command)
        options = {} if properties is None else {"properties": properties}
        self.client.publish(topic or self.commands, payload, qos=1, retain=retain, **options).wait_for_publish(20)

    def snapshot(self):
        with self.lock:
            return [(message.topic, json.loads(message.payload), getattr(message, "properties", None))
                    for message in self.answers]

    def ask(self, command, **how):
        """The answer to this command."""
        before = len(self.snapshot())
        self.send(command, **how)
        wait_until(lambda: len(self.snapshot()) > before, what=f"an answer to {str(command)[:200]}")
        answer = self.snapshot()[before][1]
        jsonschema.validate(answer, SCHEMA)
        if answer["done"]:
            jsonschema.validate(json.loads(command) if isinstance(command, str) else command, SCHEMA)
        return answer

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def take(key, alarm=1, seconds=60, **more):
    return {"action": "take", "alarm": alarm, "by": "Zhou", "from": "duty desk", "key": key,
            "seen_revision": 1, "expires": in_seconds(seconds), **more}


class CommandCase(DutyCase):
    def village(self, street, grants='["all"]', more="", client=None):
        """A village whose link asks for commands already, where it may."""
        daemon = Daemon(self, [("street", street.port)], extra=f"commands = {grants}\n{more}\n")
        if client:
            daemon.config.write_text(re.sub('client = "[a-z]*"', f'client = "{client}"', daemon.config.read_text()))
        return self.start_asking(daemon, street) if grants != "[]" else daemon.start()

    @staticmethod
    def start_asking(daemon, street):
        before = street.process.log().count(" 1 " + COMMANDS)
        daemon.start()
        wait_until(lambda: street.process.log().count(" 1 " + COMMANDS) > before, what="a SUBSCRIBE for commands")
        return daemon

    def broker(self):
        return Mosquitto(self, extra="log_type all\n")

    def link(self, daemon):
        return daemon.status()["upstreams"][0]


class Course(CommandCase):
    def check_course(self, more, protocol, client=None):
        street = self.broker()
        subscriber = street.start_awaited()
        daemon = self.village(street, more=more, client=client)
        desk = Desk(self, street.port, protocol)
        self.report(daemon, True)
        wait_until(lambda: any(is_transition(e) for _, e in subscriber.records() if "id" in e), what="the alarm")
        done = desk.ask(take("k1"))
        self.assertEqual((done["done"], done["repeat"], done["key"], done["action"]), (True, False, "k1", "take"))
        self.assertEqual((done["alarm"]["number"], done["alarm"]["state"]), (1, "ACK"))
        # Sent again: answered, not done again.
        again = desk.ask(take("k1"))
        self.assertEqual((again["done"], again["repeat"]), (True, True))
        for action in ({"action": "arrive"}, {"action": "verify", "is_true": True, "seen_revision": 2},
                       {"action": "note", "note": "a pan"}):
            command = dict(take(f"k-{action['action']}"), **action)
            if "seen_revision" not in action:
                del command["seen_revision"]
            self.assertTrue(desk.ask(command)["done"], command)
        alarm, = self.open_alarms(daemon)
        self.assertEqual((alarm["state"], alarm["owner"]), ("ACK", "Zhou"))
        wait_until(lambda: daemon.backlog() == 0, what="no backlog")
        changes = [e["data"]["alarm"] for _, e in subscriber.records() if "data" in e and is_transition(e)]
        self.assertEqual([one["event"] for one in changes], ["raised", "taken", "arrived", "verified_true", "noted"])
        self.assertEqual(changes[1]["by"], {"origin": "upstream", "who": "Zhou", "from": "street: duty desk"})
        self.assertEqual(self.link(daemon)["commands"], {"received": 5, "refused": 0})

    def test_a_street_takes_an_alarm_and_the_village_tells_of_it(self):
        self.check_course("", mqtt.MQTTv5)

    def test_the_same_by_3_1_1(self):
        self.check_course('protocol = "3.1.1"', mqtt.MQTTv311)

    def test_the_same_over_paho(self):
        self.check_course("", mqtt.MQTTv5, "paho")

    def test_the_same_over_paho_by_3_1_1(self):
        self.check_course('protocol = "3.1.1"', mqtt.MQTTv311, "paho")

    def test_an_answer_goes_where_it_is_wanted_with_its_correlation_data(self):
        street = self.broker().start()
        for client in ("watchpost", "paho"):
            daemon = self.village(street, client=client)
            desk = Desk(self, street.port)
            own = RESULTS + "/desk-7"
            desk.ask(take("k", alarm=9), response=own, correlation=b"\x00\xff7")
            topic, answer, properties = desk.snapshot()[0]
            self.assertEqual((topic, answer["reason"]), (own, "alarm_unknown"))
            self.assertEqual(properties.CorrelationData, b"\x00\xff7")
            # Not onto a topic of others.
            desk.ask(take("k", alarm=9), response=PREFIX + "alarm/fire/x", correlation=b"8")
            self.assertEqual(desk.snapshot()[1][0], RESULTS)
            desk.close()
            daemon.stop()


class Asked(CommandCase):
    @staticmethod
    def wish(action, key, **more):
        return {"action": action, "by": "Zhou", "key": key, "expires": in_seconds(60), **more}

    def test_a_street_asks_for_the_state_and_for_a_range_and_gets_both(self):
        street = self.broker()
        subscriber = street.start_awaited()
        daemon = self.village(street)
        desk = Desk(self, street.port)
        self.assertEqual(desk.ask(self.wish("send_state", "s0"))["open_alarms"], [])
        self.report(daemon, True)
        wait_until(lambda: any(is_transition(e) for _, e in subscriber.records() if "id" in e), what="the alarm")
        state = desk.ask(self.wish("send_state", "s1"))
        self.assertEqual([one["state"] for one in state["open_alarms"]], ["UNACK"])
        self.assertEqual(state["more_alarms"], 0)
        desk.ask(take("t1"))
        self.assertEqual(desk.ask(self.wish("send_state", "s1"))["open_alarms"][0]["owner"], "Zhou")

        wait_until(lambda: daemon.backlog() == 0, what="no backlog")
        sent = [e["id"] for _, e in subscriber.records() if e.get("wpclass") == "alarm"]
        self.assertTrue(desk.ask(self.wish("replay", "r1", **{"class": "alarm", "first": 1, "last": len(sent)}))["done"])
        wait_until(lambda: len([e for _, e in subscriber.records() if e.get("wpclass") == "alarm"]) >= 2 * len(sent),
                   what="the events again")
        again = [e["id"] for _, e in subscriber.records() if e.get("wpclass") == "alarm"][len(sent):]
        # The record that says so is one of class status.
        self.assertEqual(again, sent)
        far = desk.ask(self.wish("replay", "r2", **{"class": "alarm", "first": 1, "last": 10_001}))
        self.assertEqual((far["done"], far["reason"]), (False, "no_range"))


class Refused(CommandCase):
    def test_each_refusal_says_why_in_both_languages(self):
        street = self.broker().start()
        daemon = self.village(street, grants='["acknowledge", "note"]')
        desk = Desk(self, street.port)
        self.report(daemon, True)
        no_expiry = take("k")
        del no_expiry["expires"]
        for command, reason in ((dict(take("k"), action="arrive"), "not_granted"),
                                (dict(take("k"), action="shelve"), "not_granted"),
                                (no_expiry, "expiry_missing"),
                                (take("k", seconds=-1), "expired"),
                                (take("k", seconds=2 * 3600), "expiry_too_far"),
                                (take("k", alarm="0000abcd-1"), "alarm_unknown"),
                                (dict(take("k"), seen_revision=7), "alarm_changed"),
                                (dict(take("k"), by=" "), "nobody_named"),
                                (take(""), "key_missing"),
                                (dict(take("k"), dance=1), "unreadable"),
                                ("{", "unreadable"), (b"\xff\xfe\x00", "unreadable"), ("[" * 9000, "unreadable"),
                                ("x" * 1_000_000, "too_large")):
            with self.subTest(reason=reason):
                answer = desk.ask(command)
                self.assertEqual((answer["done"], answer["reason"]), (False, reason))
                self.assertTrue(answer["text"]["en"] and answer["text"]["zh-CN"], answer)
                self.assertNotEqual(answer["text"]["en"], answer["text"]["zh-CN"])
        self.assertEqual(self.open_alarms(daemon)[0]["state"], "UNACK")
        self.assertEqual(self.link(daemon)["commands"], {"received": 14, "refused": 14})
        self.assertTrue(desk.ask(take("k"))["done"])

    def test_a_retained_command_is_not_executed_when_the_link_comes_back(self):
        street = self.broker().start()
        daemon = self.village(street)
        desk = Desk(self, street.port)
        self.report(daemon, True)
        daemon.stop()
        desk.send(take("k"), retain=True)
        daemon.start()
        wait_until(lambda: desk.snapshot(), what="an answer")
        self.assertEqual(desk.snapshot()[0][1]["reason"], "retained_copy")
        self.assertEqual(self.open_alarms(daemon)[0]["state"], "UNACK")
        desk.send(b"", retain=True)

    def test_a_command_of_another_gateway_is_not_heard(self):
        street = self.broker().start()
        daemon = self.village(street)
        desk = Desk(self, street.port)
        self.report(daemon, True)
        desk.send(take("k"), topic=COMMANDS.replace("zhaoxiang-03", "zhaoxiang-04"))
        self.assertEqual(desk.ask(take("k2", alarm=2))["reason"], "alarm_unknown")
        self.assertEqual(self.link(daemon)["commands"]["received"], 1)

    def test_without_a_grant_nothing_is_asked_for_and_a_reload_grants(self):
        street = self.broker().start()
        daemon = self.village(street, grants="[]")
        wait_until(lambda: self.link(daemon)["state"] == "connected", what="a link")
        self.report(daemon, True)
        self.assertNotIn("SUBSCRIBE", street.process.log())
        daemon.config.write_text(daemon.config.read_text().replace("commands = []", 'commands = ["take"]'))
        desk = Desk(self, street.port)
        self.hang_up(daemon)
        wait_until(lambda: COMMANDS in street.process.log(), what="a SUBSCRIBE")
        wait_until(lambda: "upstream street: commands" in daemon.process.log(), what="the reload in the log")
        self.assertTrue(desk.ask(take("k"))["done"])
        daemon.config.write_text(daemon.config.read_text().replace('commands = ["take"]', 'commands = ["note"]'))
        self.hang_up(daemon)
        wait_until(lambda: desk.ask(take("k2"))["reason"] == "not_granted", what="the grant is gone")

    @staticmethod
    def hang_up(daemon):
        daemon.process.child.send_signal(signal.SIGHUP)

    def test_a_street_that_may_not_be_read_is_a_trouble_with_the_topic(self):
        class Denies(Script):
            def subscribe(self, link, packet_id, filters):
                link.send(mqtt_wire.packet(0x90, struct.pack(">HB", packet_id, 0) + b"\x87" * filters))
        broker = FakeBroker(self, Denies())
        daemon = Daemon(self, [("street", broker.port)], extra='commands = ["all"]\n').start()
        wait_until(lambda: any(t["code"] == "upstream_commands_forbidden" for t in daemon.status()["troubles"]),
                   what="the trouble")
        told = next(t for t in daemon.status()["troubles"] if t["code"] == "upstream_commands_forbidden")
        self.assertIn(COMMANDS, told["text"]["en"])
        self.report(daemon, True)
        wait_until(lambda: broker.records(), what="events go up all the same")


class Hostile(CommandCase):
    def test_a_thousand_commands_a_second_neither_delay_alarms_nor_fill_the_store(self):
        street = self.broker()
        subscriber = street.start_awaited(topics=(PREFIX + "alarm/#",))
        daemon = self.village(street)
        desk = Desk(self, street.port)
        self.report(daemon, True)
        before = daemon.resident_kib()
        stop, sent = threading.Event(), [0]

        def flood():
            while not stop.is_set():
                for _ in range(50):
                    desk.client.publish(COMMANDS, json.dumps(dict(take(f"f{sent[0]}"), action="note", note="x" * 500)))
                    sent[0] += 1
                stop.wait(0.05)
        flooding = threading.Thread(target=flood)
        flooding.start()
        delays = []
        try:
            for i in range(20):
                began = time.monotonic()
                self.report(daemon, True, f"room-{i}")
                wait_until(lambda: any(e.get("subject") == f"room-{i}" and is_transition(e)
                                       for _, e in subscriber.records()), what="the alarm", every=0.005)
                delays.append(time.monotonic() - began)
                stop.wait(0.2)
        finally:
            stop.set()
            flooding.join()
        status = self.link(daemon)
        print(f"{sent[0]} commands; from the sensor to the street at most {max(delays) * 1000:.0f} ms; "
              f"{status['commands']}; {daemon.resident_kib() - before} KiB more")
        self.assertGreater(sent[0], 3000)
        self.assertLess(status["commands"]["received"], 100)
        self.assertLess(max(delays), 2)
        wait_until(lambda: any(answer.get("done") for _, answer, _ in desk.snapshot()), what="an answer")

    def test_a_key_that_was_used_does_nothing_after_a_kill(self):
        street = self.broker().start()
        daemon = self.village(street)
        desk = Desk(self, street.port)
        self.report(daemon, True)
        command = json.dumps(take("k1"))
        self.assertTrue(desk.ask(command)["done"])
        daemon.kill()
        self.start_asking(daemon, street)
        again = desk.ask(command)
        self.assertEqual((again["done"], again["repeat"]), (True, True))
        other = desk.ask(dict(take("k1"), action="note", note="x"))
        self.assertEqual(other["reason"], "key_reused")
        self.assertEqual(len(self.ask(daemon, "alarm", 1)["changes"]), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
