"""What expires while the box is off, and the wills of clients that do not come back after it."""
import contextlib
import sqlite3
import struct
import time
import unittest

from box_clock import BoxClock
from harness import Daemon, wait_until
from mqtt_wire import EXPIRY, MESSAGE_EXPIRY, disconnect
from test_conformance import Peer


class Box:
    """A daemon whose clock the test moves, kept by a time service or by nobody."""

    def __init__(self, test):
        self.clock = BoxClock(test)
        self.daemon = Daemon(test).start(self.clock.environment)

    def restart(self):
        self.daemon.kill()
        self.daemon.start(self.clock.environment)

    def is_off_for(self, seconds, synced=True):
        self.daemon.kill()
        self.clock.move(seconds, synced)
        self.daemon.start(self.clock.environment)


def stored(daemon, question):
    with contextlib.closing(sqlite3.connect(f"file:{daemon.store}/watchpost.db?mode=ro", uri=True)) as store:
        return store.execute(question).fetchall()


class TimeOff(unittest.TestCase):
    lasting = {"clean": False, "props": [(EXPIRY, 600)]}

    def prepared(self):
        """A session that is away with three messages, and two retained ones."""
        box = Box(self)
        away = Peer(self, box.daemon, "away", **self.lasting)
        away.subscribes(("t", 1))
        away.send(disconnect())
        there = Peer(self, box.daemon, "there")
        for payload, props in (("brief", [(MESSAGE_EXPIRY, 100)]), ("long", [(MESSAGE_EXPIRY, 1000)]), ("ever", [])):
            there.publishes("t", payload, 1, props=props)
        there.publishes("kept/brief", "x", 1, retain=True, props=[(MESSAGE_EXPIRY, 100)])
        there.publishes("kept/long", "x", 1, retain=True, props=[(MESSAGE_EXPIRY, 1000)])
        # What is known of the session is on disk five seconds after its client left.
        wait_until(lambda: stored(box.daemon, "SELECT 1 FROM deadline WHERE kind = 0 AND name = 'away'"),
                   what="the deadline of the session on disk")
        return box

    def test_what_expired_meanwhile_is_gone_and_the_rest_is_older(self):
        box = self.prepared()
        box.is_off_for(300)
        away = Peer(self, box.daemon, "away", **self.lasting)
        self.assertEqual(away.present, 1)
        first, second = away.gets(), away.gets()
        self.assertEqual((first.payload, second.payload), (b"long", b"ever"))
        self.assertFalse(first.dup or second.dup, "neither was ever sent")
        left = struct.unpack(">I", first.properties[1:])[0]
        self.assertTrue(640 < left <= 700, left)
        away.subscribes(("kept/#", 0), packet_id=2)
        self.assertEqual(away.gets().topic, b"kept/long")

    def test_a_session_ends_while_the_box_is_off(self):
        box = self.prepared()
        box.is_off_for(700)
        self.assertEqual(Peer(self, box.daemon, "away", **self.lasting).present, 0)

    def test_where_nobody_keeps_the_clock_nothing_is_judged_by_it(self):
        box = self.prepared()
        box.is_off_for(7_000_000, synced=False)
        away = Peer(self, box.daemon, "away", **self.lasting)
        self.assertEqual(away.present, 1)
        self.assertEqual([away.gets().payload for _ in range(3)], [b"brief", b"long", b"ever"])


class Wills(unittest.TestCase):
    def test_after_a_crash_the_will_waits_for_its_client_and_goes_when_that_said_goodbye(self):
        box = Box(self)
        will = ("siren/state", "offline", 1, True, [])
        siren = Peer(self, box.daemon, "siren", will=will)
        gone = Peer(self, box.daemon, "gone", will=will)
        gone.send(disconnect())
        self.assertIsNone(gone.read())
        wait_until(lambda: stored(box.daemon, "SELECT client_id FROM will") == [("siren",)],
                   what="the will on disk, within five seconds")
        siren.is_open()
        began = time.monotonic()
        box.restart()
        display = Peer(self, box.daemon, "display")
        display.subscribes(("siren/#", 1))
        # It comes 60 s after the start, once: the siren does not come back.
        display.socket.settimeout(2)
        self.assertRaises(TimeoutError, display.gets)
        box.clock.let_pass(55)
        display.socket.settimeout(20)
        got = display.gets()
        self.assertEqual((got.topic, got.payload), (b"siren/state", b"offline"))
        self.assertGreater(time.monotonic() - began + 55, 60)
        box.restart()
        late = Peer(self, box.daemon, "late")
        late.subscribes(("siren/#", 1))
        self.assertTrue(late.gets().retain)


if __name__ == "__main__":
    unittest.main(verbosity=2)
