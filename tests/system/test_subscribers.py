"""Those who subscribe at the listener: displays, sirens, Zigbee2MQTT, Home Assistant, a bridge."""
import json
import subprocess
import threading
import unittest

import paho.mqtt.client as mqtt

from harness import Daemon, Mosquitto, Process, temp_folder, wait_until
from mqtt_wire import V311, Wire, publish
from times import stays

TOPIC = "hall/lamp/state"


class Subscriber:
    """A program that subscribes with Paho, and what it got."""

    def __init__(self, test, port, client_id, topics, lasting=False, version=mqtt.MQTTv311):
        self.got = []
        self.granted = threading.Event()
        self.session_present = None
        self.client = mqtt.Client(client_id, clean_session=not lasting, protocol=version)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = self.connected
        self.client.on_subscribe = lambda *_: self.granted.set()
        self.client.on_message = lambda _client, _data, message: self.got.append(message)
        self.topics = topics
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        test.addCleanup(self.leave)
        wait_until(lambda: self.session_present is not None, what=f"{client_id} let in")
        test.assertTrue(self.granted.wait(20) if topics else True)

    def connected(self, client, _data, flags, _code):
        self.session_present = flags["session present"]
        if self.topics:
            client.subscribe(self.topics)

    def payloads(self, topic=None):
        return [m.payload.decode() for m in list(self.got) if topic in (None, m.topic)]

    def leave(self):
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self):
        """As a program that is killed: without DISCONNECT."""
        self.client.loop_stop()
        self.client.socket().close()


def pub(port, topic, message, *more, qos=1):
    subprocess.run(["mosquitto_pub", "-p", str(port), "-q", str(qos), "-t", topic, "-m", message, *more],
                   check=True, timeout=30)


class Online(unittest.TestCase):
    def test_each_client_program_gets_what_it_asked_for(self):
        daemon = Daemon(self).start()
        subscribers = []
        for version in ("mqttv31", "mqttv311", "mqttv5"):
            for qos in (0, 1, 2):
                log = temp_folder(self) / "out"
                subscribers.append((Process(self, ["mosquitto_sub", "-p", str(daemon.port), "-V", version, "-q",
                                                   str(qos), "-t", "hall/+/state", "-C", "3", "-F", "%q %r %p"],
                                            log), qos))
        wait_until(lambda: daemon.status()["subscribers"]["subscriptions"] == len(subscribers))
        for qos in (0, 1, 2):
            pub(daemon.port, TOPIC, f"m{qos}", qos=qos)
            pub(daemon.port, "hall/other", "no")
        for process, qos in subscribers:
            wait_until(lambda: not process.is_running(), what="mosquitto_sub to have its three messages")
            self.assertEqual(process.log().split("\n")[:3], [f"{min(qos, q)} 0 m{q}" for q in (0, 1, 2)])

    def test_retained_messages_come_to_later_subscribers_and_survive_kill_9(self):
        daemon = Daemon(self).start()
        pub(daemon.port, TOPIC, "on", "-r")
        pub(daemon.port, "hall/fan/state", "off", "-r")
        pub(daemon.port, "hall/fan/state", "", "-r")
        daemon.kill()
        daemon.start()
        late = Subscriber(self, daemon.port, "late", [("hall/#", 1)])
        wait_until(lambda: late.got)
        pub(daemon.port, TOPIC, "again")
        wait_until(lambda: len(late.got) == 2)
        self.assertEqual([(m.payload, m.retain) for m in late.got], [(b"on", True), (b"again", False)])

    def test_a_will_reaches_those_who_subscribe_and_stays_retained(self):
        daemon = Daemon(self).start()
        display = Subscriber(self, daemon.port, "display", [("siren/#", 1)])
        siren = Subscriber(self, daemon.port, "siren", [("siren/set", 1)])
        siren.leave()
        client = mqtt.Client("siren")
        client.will_set("siren/availability", "offline", qos=1, retain=True)
        client.connect("127.0.0.1", daemon.port)
        client.publish("siren/availability", "online", qos=1, retain=True)
        client.loop_start()
        wait_until(lambda: display.payloads() == ["online"])
        client.loop_stop()
        client.socket().close()
        wait_until(lambda: display.payloads() == ["online", "offline"])
        late = Subscriber(self, daemon.port, "late", [("siren/availability", 1)])
        wait_until(lambda: late.payloads() == ["offline"])

    def test_one_slow_subscriber_holds_up_nobody(self):
        daemon = Daemon(self).start()
        slow = Wire(self, daemon.port)
        slow.connect("slow", version=V311)
        slow.send(b"\x82\x0b\x00\x01\x00\x06hall/#\x00")  # and it reads nothing from then on
        quick = Subscriber(self, daemon.port, "quick", [("hall/#", 1)])
        sender = Wire(self, daemon.port)
        sender.connect("sender", version=V311)
        for number in range(500):
            sender.send(publish("hall/x", b"y" * 20_000, qos=0, version=V311))
            wait_until(lambda: len(quick.got) > number - 20, what="the quick one to keep up")
        wait_until(lambda: len(quick.got) == 500, what="all messages at the quick one")


class Lasting(unittest.TestCase):
    def test_a_lasting_session_gets_what_came_while_it_was_away_over_kill_9(self):
        daemon = Daemon(self).start()
        away = Subscriber(self, daemon.port, "display", [("hall/#", 2)], lasting=True)
        away.leave()
        for number in range(40):
            pub(daemon.port, TOPIC, str(number), qos=1 + number % 2)
            if number == 20:
                daemon.kill()
                daemon.start()
        daemon.kill()
        daemon.start()
        back = Subscriber(self, daemon.port, "display", [], lasting=True)
        wait_until(lambda: len(back.got) >= 40)
        self.assertTrue(back.session_present)
        # A client has a message of QoS 2 only with its PUBREL; within each QoS they keep their order.
        for qos in (1, 2):
            self.assertEqual([m.payload.decode() for m in back.got if m.qos == qos],
                             [str(number) for number in range(40) if 1 + number % 2 == qos])

    def test_what_was_acknowledged_does_not_come_again_after_a_restart(self):
        daemon = Daemon(self).start()
        display = Subscriber(self, daemon.port, "display", [("hall/#", 1)], lasting=True)
        for number in range(20):
            pub(daemon.port, TOPIC, str(number))
        wait_until(lambda: len(display.got) == 20)
        display.leave()
        daemon.stop()
        daemon.start()
        back = Subscriber(self, daemon.port, "display", [], lasting=True)
        pub(daemon.port, TOPIC, "new")
        wait_until(lambda: back.payloads() and back.payloads()[-1] == "new")
        self.assertEqual(back.payloads(), ["new"])

    def test_an_end_of_the_session_ends_its_subscriptions_and_its_messages(self):
        daemon = Daemon(self).start()
        Subscriber(self, daemon.port, "display", [("hall/#", 1)], lasting=True).leave()
        pub(daemon.port, TOPIC, "old")
        Subscriber(self, daemon.port, "display", [], lasting=False).leave()
        daemon.kill()
        daemon.start()
        back = Subscriber(self, daemon.port, "display", [], lasting=True)
        self.assertFalse(back.session_present)
        pub(daemon.port, TOPIC, "new")
        other = Subscriber(self, daemon.port, "other", [("hall/#", 1)])
        pub(daemon.port, TOPIC, "last")
        wait_until(lambda: other.payloads() == ["last"])
        self.assertEqual(back.payloads(), [])

    def test_qos_2_comes_once_over_kills_of_the_daemon(self):
        daemon = Daemon(self).start()
        display = Subscriber(self, daemon.port, "display", [("hall/#", 2)], lasting=True)
        sender = mqtt.Client("sender", clean_session=False)
        sender.reconnect_delay_set(1, 1)
        sender.connect("127.0.0.1", daemon.port)
        sender.loop_start()
        self.addCleanup(sender.loop_stop)
        self.addCleanup(sender.disconnect)
        sent = []
        for round_number in range(4):
            for number in range(50):
                sent.append(f"{round_number}-{number}")
                sender.publish(TOPIC, sent[-1], qos=2)
            wait_until(lambda: len(display.got) > 50 * round_number + 10)
            daemon.kill()
            daemon.start()
        wait_until(lambda: len(set(display.payloads())) == len(sent), seconds=60)
        stays(lambda: len(display.payloads()) == len(sent), 1, "each message once")
        self.assertEqual(display.payloads(), sent)


class Bridges(unittest.TestCase):
    def test_a_bridge_of_one_topic_in_both_directions_has_no_echo_and_keeps_retain(self):
        for version in ("mqttv31", "mqttv311", "mqttv50"):
            with self.subTest(version=version):
                daemon = Daemon(self).start()
                # With max_inflight_messages 0 Mosquitto would ask for Receive Maximum 0, which is not MQTT.
                office = Mosquitto(self, extra=f"max_inflight_messages 20\nconnection {version}\n"
                                               f"address 127.0.0.1:{daemon.port}\n"
                                               f"bridge_protocol_version {version}\ntopic {version}/# both 1\n").start()
                wait_until(lambda: daemon.status()["subscribers"]["subscriptions"] == 1)
                here = Subscriber(self, daemon.port, "here", [(f"{version}/#", 1)])
                there = Subscriber(self, office.port, "there", [(f"{version}/#", 1)])
                pub(office.port, f"{version}/state", "from there", "-r")
                wait_until(lambda: here.payloads() == ["from there"])
                pub(daemon.port, f"{version}/set", "from here", "-r")
                wait_until(lambda: there.payloads()[-1:] == ["from here"])
                pub(daemon.port, f"{version}/end", "end")
                wait_until(lambda: there.payloads()[-1:] == ["end"])
                self.assertEqual(there.payloads(), ["from there", "from here", "end"])
                self.assertEqual(here.payloads(), ["from there", "from here", "end"])
                late = Subscriber(self, office.port, "late", [(f"{version}/set", 1)])
                wait_until(lambda: late.got)
                self.assertTrue(late.got[0].retain, "the bridge did not see RETAIN")

    def test_a_mosquitto_bridge_takes_and_brings(self):
        daemon = Daemon(self).start()
        office = Mosquitto(self, extra=f"connection box\naddress 127.0.0.1:{daemon.port}\n"
                                       "topic down/# in 1\ntopic up/# out 1\n").start()
        wait_until(lambda: daemon.status()["subscribers"]["subscriptions"] == 1)
        here = Subscriber(self, daemon.port, "here", [("up/#", 1)])
        there = Subscriber(self, office.port, "there", [("down/#", 1)])
        pub(daemon.port, "down/siren", "on")
        pub(office.port, "up/smoke", json.dumps({"smoke": True}))
        wait_until(lambda: there.payloads() == ["on"] and here.payloads() == ['{"smoke": true}'])


if __name__ == "__main__":
    unittest.main(verbosity=2)
