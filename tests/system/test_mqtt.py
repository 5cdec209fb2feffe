"""The listener as other programs meet it: real clients, and by hand what no library would let a test send.

Section numbers are those of MQTT 5.0 unless 3.1.1 is named.
"""
import json
import shutil
import socket
import subprocess
import threading
import unittest

import paho.mqtt.client as mqtt

from harness import (BUILD, Daemon, Mosquitto, Publisher, free_port, is_sanitized, senml, temp_folder,
                     wait_until)
from mqtt_wire import (ALIAS, ALIAS_MAXIMUM, ASSIGNED_ID, CONTENT, CORRELATION, EXPIRY,
                       FORMAT, KEEP_ALIVE, MESSAGE_EXPIRY, METHOD, PACKET_SIZE, PINGREQ, PINGRESP,
                       PROBLEM, PUBACK, PUBCOMP, PUBREC, PUBREL, RECEIVE_MAXIMUM, RESPONSE,
                       SUBACK, UNSUBACK, USER, V5, V311, WILL_DELAY, Wire, ack, connect, disconnect,
                       packet, properties, publish, text)
from times import lasts

# The limits are small, so that a test can reach them.
SMALL = ('receive_maximum = 3\ntopic_alias_maximum = 4\nmax_packet_size = "4 KiB"\n'
         'keep_alive_max = "60 s"\nsession_expiry_max = "1 h"\n')


def stored(daemon):
    """Payloads of the undecoded messages in the store, oldest first."""
    newest = daemon.status()["store"]["newest"]
    count = sum(newest.values())
    if not count:
        return []
    out = subprocess.run([BUILD / "watchpost", "tail", "--json", "--from-oldest", "--count", str(count),
                          "--socket", daemon.socket], capture_output=True, text=True, timeout=30,
                         check=True).stdout
    return [json.loads(line)["data"].get("raw") for line in out.splitlines()]


class Case(unittest.TestCase):
    def daemon_with(self, listener_extra="", extra=""):
        return Daemon(self, listener_extra=listener_extra, extra=extra).start()

    def wire(self, daemon):
        return Wire(self, daemon.port)

    def connected(self, daemon, *args, **kwargs):
        wire = self.wire(daemon)
        self.assertEqual(wire.connect(*args, **kwargs)[1], 0)
        return wire

    def wait_stored(self, daemon, *payloads):
        wait_until(lambda: set(payloads) <= set(stored(daemon)), what=f"{payloads} in the store")


class Connecting(Case):
    def setUp(self):
        self.daemon = self.daemon_with(SMALL)

    def test_connack_states_the_limits_that_are_kept(self):
        present, code, said = self.wire(self.daemon).connect("a")
        self.assertEqual((present, code), (0, 0))
        self.assertEqual(said, {RECEIVE_MAXIMUM: 3, PACKET_SIZE: 4096, ALIAS_MAXIMUM: 4, KEEP_ALIVE: 60})
        wire = self.wire(self.daemon)
        wire.send(connect("b", version=V311, keep_alive=30))
        self.assertEqual(wire.socket.recv(100), b"\x20\x02\x00\x00")

    def test_every_field_and_property_of_connect_is_taken(self):
        will = ("will/t", b"gone", 2, True, [(WILL_DELAY, 5), (FORMAT, 1), (MESSAGE_EXPIRY, 60),
                                             (CONTENT, "text/plain"), (RESPONSE, "r/t"),
                                             (CORRELATION, b"\x00\x01"), (USER, ("k", "v"))])
        present, code, said = self.wire(self.daemon).connect(
            "all", clean=True, keep_alive=10, will=will,
            props=[(EXPIRY, 60), (RECEIVE_MAXIMUM, 10), (PACKET_SIZE, 1000), (ALIAS_MAXIMUM, 5),
                   (0x19, 1), (PROBLEM, 1), (USER, ("a", "b")), (USER, ("a", "b"))])
        self.assertEqual((present, code), (0, 0))
        self.assertNotIn(EXPIRY, said)
        self.assertNotIn(KEEP_ALIVE, said)

    def test_an_expiry_over_the_limit_is_shortened_and_said(self):
        self.assertEqual(self.wire(self.daemon).connect("e", props=[(EXPIRY, 0xFFFFFFFF)])[2][EXPIRY], 3600)

    def test_without_a_client_id_one_is_assigned(self):
        said = [self.wire(self.daemon).connect("")[2] for _ in range(2)]
        self.assertTrue(all(s[ASSIGNED_ID] for s in said))
        self.assertNotEqual(said[0][ASSIGNED_ID], said[1][ASSIGNED_ID])
        self.assertEqual(self.wire(self.daemon).connect("", version=V311)[1], 0)

    def test_a_connect_that_must_be_refused_gets_the_prescribed_connack(self):
        refused = {
            "3.1.1 empty id, clean session 0": (connect("", version=V311, clean=False), "20020002"),
            "MQTT 3.1 without a client id": (packet(0x10, text("MQIsdp"), b"\x03\x02\x00\x0a", text("")),
                                             "20020002"),
            "3.1.1 level 3": (packet(0x10, text("MQTT"), b"\x03\x02\x00\x0a", text("old")), "20020001"),
            # Mosquitto's bridges mark their level with 0x80; this one is the level of another version.
            "a bridge's level 0x83": (packet(0x10, text("MQTT"), b"\x83\x02\x00\x0a", text("b")),
                                      "20020001"),
        }
        for name, (sent, answer) in refused.items():
            with self.subTest(name):
                wire = self.wire(self.daemon).send(sent)
                self.assertEqual(wire.socket.recv(100).hex(), answer)
                self.assertIsNone(wire.read())
        codes = {
            "level 6": (packet(0x10, text("MQTT"), b"\x06\x02\x00\x0a\x00", text("new")), 0x84),
            "authentication method": (connect(props=[(METHOD, "SCRAM-SHA-1")]), 0x8C),
            "authentication data without a method": (connect(props=[(0x16, b"x")]), 0x82),
            "receive maximum 0": (connect(props=[(RECEIVE_MAXIMUM, 0)]), 0x82),
            "maximum packet size 0": (connect(props=[(PACKET_SIZE, 0)]), 0x82),
            "request problem information 2": (connect(props=[(PROBLEM, 2)]), 0x82),
            "a property twice": (connect(props=[(EXPIRY, 1), (EXPIRY, 1)]), 0x82),
            "a property of PUBLISH": (connect(props=[(ALIAS, 1)]), 0x81),
            "an unknown property": (connect(props=[(0x7E, "x")]), 0x81),
            "the reserved flag": (connect(flags=3), 0x81),
            "will QoS 3": (connect(flags=0x1E), 0x81),
            "will QoS without a will": (connect(flags=0x0A), 0x81),
            "will retain without a will": (connect(flags=0x22), 0x81),
            "a will topic with a wildcard": (connect(will=("a/#", b"", 0, False, [])), 0x90),
            "a client id that is not UTF-8": (connect(b"\xff\xfe"), 0x81),
            "a client id with NUL": (connect("a\0b"), 0x81),
            "a user name flag without one": (connect(flags=0x82), 0x81),
            "bytes after the end": (packet(0x10, connect()[2:], b"more"), 0x81),
            "a client id of 300 bytes": (connect("x" * 300), 0x85),
        }
        for name, (sent, code) in codes.items():
            with self.subTest(name):
                wire = self.wire(self.daemon).send(sent)
                self.assertEqual(wire.connack()[1], code)
                self.assertIsNone(wire.read())
        silent = {
            "not MQTT": packet(0x10, text("HTTP"), b"\x05\x02\x00\x00\x00", text("x")),
            "3.1.1 password without user name": connect(version=V311, password="p"),
            "3.1.1 reserved flag": connect(version=V311, flags=3),
            "PINGREQ first": PINGREQ,
            "PUBLISH first": publish("a", "b"),
            "HTTP": b"GET / HTTP/1.1\r\nHost: gateway\r\nUser-Agent: a browser of some name\r\nAccept: */*\r\n\r\n",
            "TLS": bytes.fromhex("1603010200010001fc0303") + bytes(500),
            "a CONNECT over the maximum": connect("x" * 5000),
            "a length of five bytes": b"\x10\xff\xff\xff\xff\x7f",
        }
        for name, sent in silent.items():
            with self.subTest(name):
                self.assertIsNone(self.wire(self.daemon).send(sent).read())

    def test_a_second_connect_ends_the_connection(self):
        wire = self.connected(self.daemon, "twice")
        self.assertEqual(wire.send(connect("twice")).farewell(), 0x82)

    def test_packets_sent_before_connack_are_answered_after_it_in_order(self):
        wire = self.wire(self.daemon)
        wire.send(connect("eager", props=[(EXPIRY, 60)]), publish("t", "1", 1, 1), PINGREQ)
        self.assertEqual(wire.connack()[1], 0)
        self.assertEqual({wire.read()[0], wire.read()[0]}, {PUBACK, PINGRESP})

    def test_a_client_that_takes_only_tiny_packets_gets_no_larger_one(self):
        wire = self.wire(self.daemon).send(connect("tiny", props=[(PACKET_SIZE, 8)]))
        self.assertIsNone(wire.read())  # its CONNACK would be too large, so the connection is closed


class Passwords(Case):
    def test_a_file_of_mosquitto_passwd_decides_and_anonymous_is_refused(self):
        folder = temp_folder(self)
        tool = shutil.which("mosquitto_passwd")
        subprocess.run([tool, "-b", "-c", folder / "clients", "meter", "sécret"], check=True,
                       capture_output=True)
        subprocess.run([tool, "-b", folder / "clients", "reader", "other"], check=True,
                       capture_output=True)
        daemon = self.daemon_with(f'anonymous = false\npassword_file = "{folder}/clients"\n')
        self.assertEqual(self.wire(daemon).connect("a")[1], 0x87)
        self.assertEqual(self.wire(daemon).connect("a", version=V311)[1], 5)
        self.assertEqual(self.wire(daemon).connect("a", user="meter", password="no")[1], 0x86)
        self.assertEqual(self.wire(daemon).connect("a", user="nobody", password="x")[1], 0x86)
        self.assertEqual(self.wire(daemon).connect("a", user="meter")[1], 0x86)
        self.assertEqual(self.wire(daemon).connect("a", version=V311, user="meter", password="no")[1], 4)
        self.assertEqual(self.wire(daemon).connect("a", user="meter", password="sécret")[1], 0)
        self.assertEqual(
            self.wire(daemon).connect("b", version=V311, user="reader", password="other")[1], 0)
        for version in ("311", "5"):
            run = subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-V", version, "-q", "1",
                                  "-t", "t", "-m", "m"], capture_output=True, text=True, timeout=20)
            self.assertNotEqual(run.returncode, 0)
            self.assertRegex(run.stderr.lower(), "not authori[sz]ed")
            subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-V", version, "-q", "1", "-u",
                            "reader", "-P", "other", "-t", "t", "-m", "m"], check=True, timeout=20)

    def test_a_device_with_a_wrong_password_every_second_does_not_fill_the_log(self):
        folder = temp_folder(self)
        subprocess.run([shutil.which("mosquitto_passwd"), "-b", "-c", folder / "clients", "u", "p"],
                       check=True, capture_output=True)
        daemon = self.daemon_with(f'anonymous = false\npassword_file = "{folder}/clients"\n')
        for _ in range(50):
            self.assertEqual(self.wire(daemon).connect("meter-7", user="u", password="x")[1], 0x86)
        lines = [line for line in daemon.process.log().splitlines() if "password is wrong" in line]
        self.assertEqual(len(lines), 1, "\n".join(lines))
        self.assertIn("meter-7", lines[0])
        self.assertIn("127.0.0.1", lines[0])


class Sessions(Case):
    def setUp(self):
        self.daemon = self.daemon_with(SMALL)

    def test_a_session_is_present_until_clean_start_or_expiry(self):
        keep = dict(clean=False, props=[(EXPIRY, 60)])
        self.assertEqual(self.wire(self.daemon).connect("s", **keep)[0], 0)
        self.assertEqual(self.wire(self.daemon).connect("s", **keep)[0], 1)
        self.assertEqual(self.wire(self.daemon).connect("s", clean=True, props=[(EXPIRY, 60)])[0], 0)
        self.assertEqual(self.wire(self.daemon).connect("s", clean=False)[0], 1)
        # The earlier session named no expiry, so it ends with its connection, here by take-over.
        self.assertEqual(self.wire(self.daemon).connect("s", clean=False)[0], 0)
        self.assertEqual(self.wire(self.daemon).connect("t", clean=False, version=V311)[0], 0)
        self.assertEqual(self.wire(self.daemon).connect("t", clean=False, version=V311)[0], 1)
        self.assertEqual(self.wire(self.daemon).connect("t", clean=True, version=V311)[0], 0)

    def test_a_session_ends_when_its_expiry_has_passed(self):
        wire = self.connected(self.daemon, "s", props=[(EXPIRY, 1)])
        wire.send(disconnect())
        self.assertIsNone(wire.read())
        wait_until(lambda: self.daemon.status()["connections"]["sessions"] == 0, what="the expiry")
        self.assertEqual(self.wire(self.daemon).connect("s", clean=False)[0], 0)

    def test_disconnect_changes_the_expiry(self):
        wire = self.connected(self.daemon, "s", props=[(EXPIRY, 60)])
        wire.send(disconnect(0, [(EXPIRY, 0)]))
        self.assertIsNone(wire.read())
        self.assertEqual(self.wire(self.daemon).connect("s", clean=False)[0], 0)

    def test_disconnect_may_not_revive_an_expiry_of_0(self):
        wire = self.connected(self.daemon, "s")
        self.assertEqual(wire.send(disconnect(0, [(EXPIRY, 60)])).farewell(), 0x82)

    def test_sessions_survive_kill_9_and_those_that_ended_do_not(self):
        for client_id in ("kept", "ended", "wiped"):
            self.connected(self.daemon, client_id, clean=False, props=[(EXPIRY, 600)])
        wire = self.connected(self.daemon, "ended", clean=False, props=[(EXPIRY, 600)])
        wire.send(disconnect(0, [(EXPIRY, 0)]))
        self.assertIsNone(wire.read())
        wire = self.connected(self.daemon, "wiped", clean=True)
        # The QoS 1 message goes through the same spool, so its PUBACK means that earlier messages are
        # committed too.
        wire.send(publish("t", "x", 1, 1)).expect(PUBACK, 1)
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.wire(self.daemon).connect("kept", clean=False)[0], 1)
        self.assertEqual(self.wire(self.daemon).connect("ended", clean=False)[0], 0)
        self.assertEqual(self.wire(self.daemon).connect("wiped", clean=False)[0], 0)

    def test_clean_start_forgets_durably_before_connack(self):
        # What CONNACK says must hold after any crash. Otherwise a later QoS 2 message with the old packet
        # id would be taken for a repeat of a message that the old session received.
        for attempt in range(5):
            old = self.connected(self.daemon, "s", clean=True, props=[(EXPIRY, 600)])
            old.send(publish("t", f"old-{attempt}", 2, 7)).expect(PUBREC, 7)
            self.assertEqual(self.wire(self.daemon).connect("s", clean=True, props=[(EXPIRY, 600)])[0], 0)
            self.daemon.kill()
            self.daemon.start()
            again = self.connected(self.daemon, "s", clean=False, props=[(EXPIRY, 600)])
            again.send(publish("t", f"new-{attempt}", 2, 7)).expect(PUBREC, 7)
            self.wait_stored(self.daemon, f"new-{attempt}")

    def test_take_over_tells_the_old_client_and_serves_the_new(self):
        for version, code in ((V5, 0x8E), (V311, None)):
            with self.subTest(version):
                old = self.connected(self.daemon, "same", version=version)
                new = self.connected(self.daemon, "same", version=version)
                self.assertEqual(old.farewell(), code)
                self.assertTrue(new.is_open())

    def test_keep_alive_closes_after_one_and_a_half(self):
        quick = self.connected(self.daemon, "quick", keep_alive=1)
        old = self.connected(self.daemon, "old", version=V311, keep_alive=1)
        alive = self.connected(self.daemon, "alive", keep_alive=3)
        code, seconds = quick.seconds_until_closed()
        self.assertEqual(code, 0x8D)
        self.assertGreater(seconds, 1.0)
        self.assertLess(seconds, 4)
        self.assertIsNone(old.farewell())
        self.assertTrue(alive.is_open())
        lasts(2, "a silence shorter than one and a half keep alives")
        self.assertTrue(alive.is_open())

    def test_stop_says_server_shutting_down(self):
        wire, old = self.connected(self.daemon, "a"), self.connected(self.daemon, "b", version=V311)
        stopper = threading.Thread(target=self.daemon.stop)
        stopper.start()
        self.assertEqual(wire.farewell(), 0x8B)
        self.assertIsNone(old.farewell())
        stopper.join()


class Wills(Case):
    def setUp(self):
        self.daemon = self.daemon_with()

    def will(self, name, delay=0, version=V5):
        return ("will/t", name, 1, False, [(WILL_DELAY, delay)] if delay else [])

    def published(self, name, seconds=10):
        try:
            wait_until(lambda: name in stored(self.daemon), seconds)
            return True
        except AssertionError:
            return False

    def test_a_will_speaks_for_a_lost_client_and_not_for_one_that_said_goodbye(self):
        for version in (V311, V5):
            polite = self.connected(self.daemon, "p", version=version, will=self.will(f"polite-{version}"))
            polite.send(b"\xe0\x00")
            self.assertIsNone(polite.read())
            lost = self.connected(self.daemon, "l", version=version, will=self.will(f"lost-{version}"))
            lost.drop()
            broken = self.connected(self.daemon, "m", version=version, will=self.will(f"bad-{version}"))
            broken.send(b"\x00\x00")
            self.connected(self.daemon, "k", version=version, keep_alive=1,
                           will=self.will(f"silent-{version}"))
            for name in ("lost", "bad", "silent"):
                self.assertTrue(self.published(f"{name}-{version}"), name)
            self.assertNotIn(f"polite-{version}", stored(self.daemon))
        asked = self.connected(self.daemon, "q", will=self.will("asked for"))
        asked.send(disconnect(4))
        self.assertIsNone(asked.read())
        self.assertTrue(self.published("asked for"))

    def test_a_delayed_will_is_cancelled_by_the_client_coming_back_and_else_comes(self):
        props = [(EXPIRY, 600)]
        self.connected(self.daemon, "back", props=props, will=self.will("cancelled", 2)).drop()
        self.connected(self.daemon, "gone", props=props, will=self.will("came", 2)).drop()
        self.connected(self.daemon, "back", clean=False, props=props)
        self.assertTrue(self.published("came"))
        self.assertNotIn("cancelled", stored(self.daemon))

    def test_a_delayed_will_does_not_outlive_its_session(self):
        self.connected(self.daemon, "short", props=[(EXPIRY, 1)], will=self.will("at the end", 600)).drop()
        self.assertTrue(self.published("at the end"))
        self.connected(self.daemon, "wiped", props=[(EXPIRY, 60)], will=self.will("wiped", 600)).drop()
        self.connected(self.daemon, "wiped", clean=True)
        self.assertTrue(self.published("wiped"))

    def test_a_take_over_publishes_the_will_of_the_old_connection(self):
        self.connected(self.daemon, "t", will=self.will("taken over"))
        self.connected(self.daemon, "t")
        self.assertTrue(self.published("taken over"))

    def test_a_clean_stop_publishes_no_wills(self):
        self.connected(self.daemon, "t", will=self.will("stopped"))
        self.daemon.stop()
        self.daemon.start()
        self.assertNotIn("stopped", stored(self.daemon))


class Publishing(Case):
    def setUp(self):
        self.daemon = self.daemon_with(SMALL)

    def test_each_qos_gets_its_exact_answer(self):
        for version in (V311, V5):
            wire = self.connected(self.daemon, f"q{version}", version=version)
            wire.send(publish("t", f"0-{version}", 0, version=version), PINGREQ)
            self.assertEqual(wire.read(), (PINGRESP, b""))
            wire.send(publish("t", f"1-{version}", 1, 0xABCD, version=version))
            self.assertEqual(wire.read(), (PUBACK, b"\xab\xcd"))
            wire.send(publish("t", f"2-{version}", 2, 0xFFFF, version=version))
            self.assertEqual(wire.read(), (PUBREC, b"\xff\xff"))
            wire.send(ack(PUBREL, 0xFFFF))
            self.assertEqual(wire.read(), (PUBCOMP, b"\xff\xff"))
            self.wait_stored(self.daemon, f"0-{version}", f"1-{version}", f"2-{version}")

    def test_every_property_of_publish_is_taken(self):
        wire = self.connected(self.daemon, "p")
        wire.send(publish("t", b"\xff\x00 not UTF-8", 1, 1, retain=True, props=[
            (FORMAT, 1), (MESSAGE_EXPIRY, 1), (CONTENT, "text/plain"), (RESPONSE, "a/b"),
            (CORRELATION, b"\x00"), (USER, ("k", "v")), (USER, ("k", "w"))]))
        wire.expect(PUBACK, 1)

    def test_a_repeated_qos_1_message_is_acknowledged_again(self):
        wire = self.connected(self.daemon, "d")
        wire.send(publish("t", "m", 1, 5)).expect(PUBACK, 5)
        wire.send(publish("t", "m", 1, 5, dup=True)).expect(PUBACK, 5)

    def test_qos_2_is_stored_once_over_repeats_reconnects_and_kill_9(self):
        for version in (V311, V5):
            options = dict(version=version, clean=False)
            if version == V5:
                options["props"] = [(EXPIRY, 600)]
            client_id, payload = f"once-{version}", f"once-{version}"
            repeat = publish("t", payload, 2, 9, version, dup=True)
            wire = self.connected(self.daemon, client_id, **options)
            wire.send(publish("t", payload, 2, 9, version)).expect(PUBREC, 9)
            wire.send(repeat).expect(PUBREC, 9)
            wire.drop()
            wire = self.wire(self.daemon)
            self.assertEqual(wire.connect(client_id, **options)[:2], (1, 0))
            wire.send(repeat).expect(PUBREC, 9)
            self.daemon.kill()
            self.daemon.start()
            wire = self.wire(self.daemon)
            self.assertEqual(wire.connect(client_id, **options)[:2], (1, 0))
            wire.send(repeat).expect(PUBREC, 9)
            wire.send(ack(PUBREL, 9)).expect(PUBCOMP, 9)
            self.daemon.kill()
            self.daemon.start()
            wire = self.connected(self.daemon, client_id, **options)
            wire.send(ack(PUBREL, 9)).expect(PUBCOMP, 9)
            # The packet id is free again, so this is a new message.
            wire.send(publish("t", f"next-{version}", 2, 9, version)).expect(PUBREC, 9)
            self.wait_stored(self.daemon, f"next-{version}")
            self.assertEqual(stored(self.daemon).count(payload), 1)

    def test_pubrel_for_an_unknown_id(self):
        self.connected(self.daemon, "u").send(ack(PUBREL, 77)).expect(PUBCOMP, 77)
        old = self.connected(self.daemon, "v", version=V311).send(ack(PUBREL, 77))
        self.assertEqual(old.read(), (PUBCOMP, b"\x00\x4d"))

    def test_topic_aliases(self):
        wire = self.connected(self.daemon, "al")
        wire.send(publish("topic/one", "1", 1, 1, props=[(ALIAS, 4)]),
                  publish("", "2", 1, 2, props=[(ALIAS, 4)]),
                  publish("topic/two", "3", 1, 3, props=[(ALIAS, 4)]))
        for i in (1, 2, 3):
            wire.expect(PUBACK, i)
        wire.send(publish("", "4", 1, 4, props=[(ALIAS, 4)])).expect(PUBACK, 4)
        out = subprocess.run([BUILD / "watchpost", "tail", "--json", "--from-oldest", "--count", "4",
                              "--socket", self.daemon.socket], capture_output=True, text=True, timeout=20)
        topics = [json.loads(line)["data"]["topic"] for line in out.stdout.splitlines()]
        self.assertEqual(topics, ["topic/one", "topic/one", "topic/two", "topic/two"])
        for name, alias, topic, code in (("0", 0, "t", 0x94), ("above", 5, "t", 0x94),
                                         ("never set", 3, "", 0x82)):
            with self.subTest(name):
                wire = self.connected(self.daemon, "bad")
                self.assertEqual(wire.send(publish(topic, "x", 1, 1, props=[(ALIAS, alias)])).farewell(),
                                 code)

    def test_aliases_end_with_the_connection(self):
        keep = dict(clean=False, props=[(EXPIRY, 60)])
        wire = self.connected(self.daemon, "al", **keep)
        wire.send(publish("topic/one", "1", 1, 1, props=[(ALIAS, 1)])).expect(PUBACK, 1)
        wire = self.connected(self.daemon, "al", **keep)
        self.assertEqual(wire.send(publish("", "x", 1, 1, props=[(ALIAS, 1)])).farewell(), 0x82)

    def test_receive_maximum_counts_what_has_no_pubcomp(self):
        wire = self.connected(self.daemon, "rm")
        for i in (1, 2, 3):
            wire.send(publish("t", f"rm{i}", 2, i)).expect(PUBREC, i)
        wire.send(ack(PUBREL, 1)).expect(PUBCOMP, 1)
        wire.send(publish("t", "rm4", 2, 4)).expect(PUBREC, 4)
        wire.send(publish("t", "q0", 0), PINGREQ)
        self.assertEqual(wire.read()[0], PINGRESP)
        self.assertEqual(wire.send(publish("t", "rm5", 1, 5)).farewell(), 0x93)
        self.assertNotIn("rm5", stored(self.daemon))

    def test_the_maximum_packet_size_is_exact(self):
        wire = self.connected(self.daemon, "big")
        room = 4096 - 3 - len(text("t")) - 2 - 1
        wire.send(publish("t", b"x" * room, 1, 1)).expect(PUBACK, 1)
        self.assertEqual(wire.send(publish("t", b"x" * (room + 1), 1, 2)).farewell(), 0x95)


class Misbehaving(Case):
    def setUp(self):
        self.daemon = self.daemon_with(SMALL)
        self.bystander = self.connected(self.daemon, "bystander")

    def test_each_malformed_packet_closes_only_its_connection_with_the_prescribed_code(self):
        table = {
            "packet type 0": (b"\x00\x00", 0x81),
            "Remaining Length of five bytes": (b"\x30\xff\xff\xff\xff\x01", 0x81),
            "Remaining Length not shortest": (b"\xc0\x80\x00", 0x81),
            "PINGREQ with flags": (b"\xc1\x00", 0x81),
            "PINGREQ with a body": (b"\xc0\x01\x00", 0x81),
            "PUBREL without its flag": (packet(0x60, b"\x00\x01"), 0x81),
            "PUBLISH QoS 3": (packet(0x36, text("t"), b"\x00\x01\x00"), 0x81),
            "PUBLISH DUP at QoS 0": (publish("t", "x", dup=True), 0x81),
            "PUBLISH packet id 0": (publish("t", "x", 1, 0), 0x82),
            "PUBLISH +": (publish("a/+", "x"), 0x90),
            "PUBLISH #": (publish("#", "x"), 0x90),
            "PUBLISH no topic": (publish("", "x"), 0x82),
            "PUBLISH topic not UTF-8": (publish(b"\xc3\x28", "x"), 0x81),
            "PUBLISH topic with a surrogate": (publish(b"\xed\xa0\x80", "x"), 0x81),
            "PUBLISH topic overlong": (publish(b"\xc0\x80", "x"), 0x81),
            "PUBLISH topic with NUL": (publish(b"a\0b", "x"), 0x81),
            "PUBLISH cut off in the topic": (packet(0x30, b"\x00\x09abc"), 0x81),
            "PUBLISH properties past the end": (packet(0x30, text("t"), b"\x7f"), 0x81),
            "PUBLISH format 2": (publish("t", "x", props=[(FORMAT, 2)]), 0x82),
            "PUBLISH alias twice": (publish("t", "x", props=[(ALIAS, 1), (ALIAS, 1)]), 0x82),
            "PUBLISH subscription identifier": (publish("t", "x", props=[(0x0B, 1)]), 0x82),
            "PUBLISH response topic with +": (publish("t", "x", props=[(RESPONSE, "+")]), 0x82),
            "PUBLISH a property of CONNECT": (publish("t", "x", props=[(EXPIRY, 1)]), 0x81),
            "SUBSCRIBE without a filter": (packet(0x82, b"\x00\x01\x00"), 0x82),
            "SUBSCRIBE QoS 3": (packet(0x82, b"\x00\x01\x00", text("a"), b"\x03"), 0x81),
            "SUBSCRIBE without its flag": (packet(0x80, b"\x00\x01\x00", text("a"), b"\x00"), 0x81),
            "UNSUBSCRIBE without a filter": (packet(0xA2, b"\x00\x01\x00"), 0x82),
            "CONNACK from a client": (b"\x20\x03\x00\x00\x00", 0x82),
            "AUTH without a method": (packet(0xF0, b"\x18\x00"), 0x82),
            "DISCONNECT with an unknown code": (packet(0xE0, b"\x33"), 0x82),
            "DISCONNECT with a server reference": (disconnect(0, [(0x1C, "x")]), 0x82),
            "a packet over the maximum": (b"\x30\xff\xff\x7f", 0x95),
        }
        for name, (sent, code) in table.items():
            with self.subTest(name):
                wire = self.connected(self.daemon, "wrong")
                self.assertEqual(wire.send(sent).farewell(), code)
                self.assertTrue(self.bystander.is_open())
        for name, sent in {"packet type 0": b"\x00\x00", "AUTH": b"\xf0\x00",
                           "PUBLISH QoS 3": packet(0x36, text("t"), b"\x00\x01"),
                           "PUBLISH +": publish("+", "x", version=V311),
                           "PUBLISH no topic": publish("", "x", version=V311)}.items():
            with self.subTest(f"3.1.1 {name}"):
                wire = self.connected(self.daemon, "wrong3", version=V311)
                self.assertIsNone(wire.send(sent).farewell())
                self.assertTrue(self.bystander.is_open())

    def test_the_same_mistake_every_second_is_one_line(self):
        for _ in range(40):
            wire = self.connected(self.daemon, "clumsy\nwarning forged line")
            self.assertEqual(wire.send(publish("a/+", "x")).farewell(), 0x90)
        log = self.daemon.process.log()
        self.assertEqual(log.count("wildcard"), 1, log)
        self.assertFalse([line for line in log.splitlines() if line.startswith("warning forged")])
        self.assertGreaterEqual(self.daemon.status()["connections"]["malformed"], 40)

    def test_each_filter_is_granted_or_refused_by_itself(self):
        wire = self.connected(self.daemon, "sub")
        wire.send(packet(0x82, b"\x00\x07", properties(), text("a/#"), b"\x01", text("a/#/b"), b"\x00"))
        body = wire.expect(SUBACK)
        self.assertEqual((body[:2], body[-2:]), (b"\x00\x07", b"\x01\x8f"))
        wire.send(packet(0xA2, b"\x00\x08", properties(), text("a/#"), text("b")))
        self.assertEqual(wire.expect(UNSUBACK), b"\x00\x08\x00\x00\x11")
        old = self.connected(self.daemon, "sub3", version=V311)
        old.send(packet(0x82, b"\x00\x07", text("a/#"), b"\x02", text("a#"), b"\x00"))
        self.assertEqual(old.read(), (SUBACK, b"\x00\x07\x02\x80"))
        old.send(packet(0xA2, b"\x00\x08", text("a/#")))
        self.assertEqual(old.read(), (UNSUBACK, b"\x00\x08"))
        self.assertTrue(wire.is_open() and old.is_open())


class Addresses(Case):
    def test_several_listeners_on_ipv4_and_ipv6_have_their_own_rules(self):
        try:
            with socket.socket(socket.AF_INET6) as probe:
                probe.bind(("::1", 0))
        except OSError:
            self.skipTest("no IPv6 on this machine")
        second, strict = free_port(), free_port()
        daemon = self.daemon_with(extra=(
            f'[[listener]]\naddress = "::1"\nport = {second}\nreceive_maximum = 7\n'
            f'[[listener]]\naddress = "127.0.0.1"\nport = {strict}\nanonymous = false\n'
            f'password_file = "{self.passwords()}"\n'))
        self.assertEqual(self.wire(daemon).connect("four")[1], 0)
        six = Wire(self, second, "::1")
        self.assertEqual(six.connect("six")[2][RECEIVE_MAXIMUM], 7)
        six.send(publish("t", "over IPv6", 1, 1)).expect(PUBACK, 1)
        self.assertEqual(Wire(self, strict).connect("x")[1], 0x87)
        # A session belongs to the client, whatever address it connects by.
        self.assertEqual(self.wire(daemon).connect("six")[1], 0)
        self.assertEqual(six.farewell(), 0x8E)
        with self.assertRaises(OSError):
            socket.create_connection(("127.0.0.1", second), timeout=2)
        peers = [client["peer"] for client in daemon.status()["clients"]]
        self.assertTrue(all(peer.startswith("127.0.0.1:") for peer in peers), peers)

    def passwords(self):
        folder = temp_folder(self)
        subprocess.run([shutil.which("mosquitto_passwd"), "-b", "-c", folder / "p", "u", "p"], check=True,
                       capture_output=True)
        return folder / "p"

    def test_no_more_clients_than_configured(self):
        daemon = self.daemon_with("max_connections = 2\n")
        first, second = self.connected(daemon, "1"), self.connected(daemon, "2")
        for _ in range(20):
            self.assertIsNone(self.wire(daemon).send(connect("3")).read())
        self.assertTrue(first.is_open() and second.is_open())
        self.assertEqual(daemon.process.log().count("max_connections"), 1)

    def test_a_port_in_use_is_named(self):
        daemon = self.daemon_with()
        other = Daemon(self)
        other.config.write_text(other.config.read_text().replace(str(other.port), str(daemon.port)))
        run = subprocess.run([BUILD / "watchpostd", "--config", other.config], capture_output=True,
                             text=True, timeout=20)
        self.assertNotEqual(run.returncode, 0)
        self.assertIn(f"port {daemon.port}", run.stderr)
        self.assertIn("[[listener]]", run.stderr)


class Third(Case):
    """Clients as villages use them."""

    def test_clients_of_mqtt_3_1_deliver(self):
        daemon = self.daemon_with()
        subprocess.run(["mosquitto_pub", "-p", str(daemon.port), "-V", "mqttv31", "-i", "meter-1", "-q", "2",
                        "-t", "old/meter", "-m", "one"], check=True, timeout=30)
        client = mqtt.Client("meter-2", clean_session=False, protocol=mqtt.MQTTv31)
        client.connect("127.0.0.1", daemon.port)
        client.loop_start()
        self.addCleanup(client.loop_stop)
        self.addCleanup(client.disconnect)
        client.publish("old/meter", "two", qos=1).wait_for_publish(30)
        self.assertEqual(stored(daemon), ["one", "two"])
        versions = [one["version"] for one in daemon.status()["clients"] if one["client_id"] == "meter-2"]
        self.assertEqual(versions, ["3.1"])
        client.disconnect()

    def test_a_mosquitto_bridge_with_its_defaults_delivers(self):
        daemon = self.daemon_with()
        office = Mosquitto(self, persistent=False, extra=(
            f"connection up\naddress 127.0.0.1:{daemon.port}\ntopic # out 1\nrestart_timeout 1\n"))
        office.start()
        wait_until(lambda: any(c["client_id"] for c in daemon.status()["clients"]), what="the bridge")
        subprocess.run(["mosquitto_pub", "-p", str(office.port), "-q", "1", "-t", "a/b", "-m", "bridged"],
                       check=True, timeout=20)
        self.wait_stored(daemon, "bridged")

    def test_fifty_clients_at_once_are_all_acknowledged(self):
        daemon = self.daemon_with()
        publishers = [Publisher(self, daemon.port, f"c{i}", mqtt.MQTTv5 if i % 2 else mqtt.MQTTv311)
                      for i in range(50)]
        for publisher in publishers:
            for i in range(40):
                publisher.publish("wp/in/water/a", senml("a", "level", 1.0, f"n{i}"), f"n{i}", 1 + i % 2)
        wait_until(lambda: not any(p.outstanding() for p in publishers), 60, "all acknowledgements")
        self.assertEqual(sum(daemon.status()["store"]["newest"].values()), 50 * 40)

    def test_two_thousand_connections_cost_bounded_memory(self):
        daemon = self.daemon_with()
        before = daemon.resident_kib()
        wires = [self.connected(daemon, f"many-{i}", will=("w", b"x" * 100, 0, False, []))
                 for i in range(2000)]
        for i, wire in enumerate(wires):
            wire.send(publish(f"t/{i % 50}", b"x" * 200, 1, 1))
        for wire in wires:
            wire.expect(PUBACK, 1)
        grown = daemon.resident_kib() - before
        print(f"2000 connections: {before} KiB before, {grown / 2000:.1f} KiB each", flush=True)
        if not is_sanitized():
            self.assertLess(grown / 2000, 40)
        for wire in wires:
            wire.send(disconnect())
        wait_until(lambda: daemon.status()["connections"]["open"] == 0, what="all closed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
