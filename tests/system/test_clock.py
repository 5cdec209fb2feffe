"""A wall clock that lies: a boot in 1970, steps of ten years, a time service that comes late.

Order, ids, retention and timers must not notice; the street must be able to place every event in time.
"""
import calendar
import datetime
import json
import signal
import threading
import time
import unittest

import jsonschema
import paho.mqtt.client as mqtt

from box_clock import BoxClock
from certificates import Authority
from harness import (BUILD, SOURCE, Daemon, Mosquitto, Publisher, Subscriber, check_ledger, nonce_of, senml,
                     smoke, smoke_topic, temp_folder, wait_until)
from mqtt_wire import EXPIRY, Wire
from times import lasts, stays

SCHEMA = jsonschema.Draft7Validator(json.loads((SOURCE / "docs" / "event.schema.json").read_text()))
LEVEL = "wp/in/water/river"
TEN_YEARS = 3652 * 86_400
EARLIEST = calendar.timegm((2026, 1, 1, 0, 0, 0))
# Longest time between sending and stamping on a busy machine. A wrong offset would be hours or years.
NEAR = 1.5


class Village(threading.Thread):
    """Publishes alarms and levels without a pause, and notes when each message was sent."""

    def __init__(self, test, port, name, overtaking=()):
        super().__init__(daemon=True)
        self.name_of_ours = name
        self.overtaking = overtaking  # last digits of the messages at QoS 2
        self.sent = {}
        self.publisher = Publisher(test, port, name, mqtt.MQTTv5)
        self.ended = threading.Event()
        test.addCleanup(self.ended.set)

    def publish(self, i):
        nonce = f"{self.name_of_ours}-{i:06}"
        self.sent[nonce] = time.time()
        if i % 10 == 0:
            self.publisher.publish(smoke_topic(nonce), smoke(nonce), nonce)
        else:
            # At QoS 2 the packet id is stored too, in the lane of the alarms, so such a message may
            # overtake.
            qos = 2 if i % 10 in self.overtaking else 1
            self.publisher.publish(LEVEL, senml("river", "level", i / 100, nonce), nonce, qos)

    def run(self):
        i = 0
        while not self.ended.wait(0.004):
            # No message waits in the client, so that the noted time is the time of sending.
            if self.publisher.outstanding() < 10:
                self.publish(i)
                i += 1

    def finish(self):
        self.ended.set()
        if self.is_alive():
            self.join()
        wait_until(lambda: self.publisher.outstanding() == 0, what="acknowledgements")


def seconds_of(text):
    time_of = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    return (time_of - datetime.datetime(1970, 1, 1)).total_seconds()


def corrections_of(events):
    """The events about the clock, each once, in order."""
    once = {e["id"]: e for topic, e in events if topic.endswith("/status/gateway/clock")}
    return sorted(once.values(), key=lambda e: int(e["sequence"]))


def place(event, corrections):
    """True seconds since 1970, or None, computed as docs/guide.md tells a street's server to do."""
    epoch, _, seq = event["id"].split(".")
    seq, recorded = int(seq), seconds_of(event["recordedtime"])
    for correction in (c["data"] for c in corrections):
        affected = correction["affected"]
        span = affected.get(event["wpclass"])
        if affected["epoch"] != epoch or span is None or not span["first"] <= seq <= span["last"]:
            continue
        number = correction["correction"]
        if correction["mixed"]:
            to_old = abs(recorded - seconds_of(correction["before"]["wall"]))
            to_new = abs(recorded - seconds_of(correction["corrected_time"]))
            number += 1 if to_new < to_old else 0
        offsets = {c["data"]["correction"]: c["data"]["offset_ms"] for c in corrections
                   if c["data"]["run"] == correction["run"] and c["data"]["correction"] >= number}
        return recorded + sum(offsets.values()) / 1000
    return recorded if event["wpclock"] != "unset" else None


class ClockCase(unittest.TestCase):
    def box(self, **options):
        self.street = Mosquitto(self).start()
        self.subscriber = Subscriber(self, self.street.port)
        self.clock = BoxClock(self)
        self.daemon = Daemon(self, [("street", self.street.port)], **options)
        return self.daemon

    def start(self):
        return self.daemon.start(self.clock.environment)

    def wait_for_state(self, state):
        wait_until(lambda: self.daemon.status()["upstreams"][0]["state"] == state, what=state)

    def arrived(self, *villages):
        wanted = set().union(*(v.publisher.acknowledged for v in villages))
        wait_until(lambda: wanted <= self.subscriber.nonces(), what="everything at the street")
        wait_until(lambda: self.daemon.backlog() == 0, what="no backlog")
        return self.subscriber.records()

    def check_order(self, records, village):
        """Checks that in each class sequences rise in the order of sending, whatever the clock said."""
        by_class = {}
        for event in {e["id"]: e for _, e in records}.values():
            if (nonce_of(event) or "").startswith(village.name_of_ours):
                by_class.setdefault(event["wpclass"], []).append((int(event["sequence"]), nonce_of(event)))
        self.assertEqual(set(by_class), {"alarm", "telemetry"})
        for pairs in by_class.values():
            nonces = [nonce for _, nonce in sorted(pairs)]
            self.assertEqual(nonces, sorted(nonces))

    def check_marks(self, records):
        for _, event in records:
            wrong = seconds_of(event["recordedtime"]) < EARLIEST
            self.assertEqual(event["wpclock"] == "unset", wrong, event)
        for _, event in records[:50] + [r for r in records if r[0].endswith("/status/gateway/clock")]:
            SCHEMA.validate(event)


class Steps(ClockCase):
    def test_every_event_can_be_placed_in_time_whatever_the_clock_did_meanwhile(self):
        self.box()
        # A link without traffic is kept alive by its pings.
        self.daemon.config.write_text(self.daemon.config.read_text() + (
            f'[[upstream]]\nname = "quiet"\nurl = "mqtt://127.0.0.1:{self.street.port}"\n'
            'classes = ["patrol"]\nrequired = false\nkeep_alive = "5 s"\n'))
        # The disk is slow, so that messages wait for their commit whenever the clock moves.
        self.clock.environment["LD_PRELOAD"] += f" {BUILD / 'tests' / 'slow_sync_shim.so'}"
        self.clock.environment["WATCHPOST_SYNC_DELAY_MS"] = "20"
        self.clock.boot_in_1970()
        self.start()
        idle = Wire(self, self.daemon.port)
        idle.connect("idle", keep_alive=60)
        village = Village(self, self.daemon.port, "village")
        mixed = Village(self, self.daemon.port, "mixed", overtaking=(3, 6, 9))
        village.start()
        mixed.start()
        wait_until(lambda: village.publisher.acknowledged and mixed.publisher.acknowledged, what="messages")
        for seconds, synced in ((TEN_YEARS, False), (0, True), (TEN_YEARS, True), (0, True),
                                (600 - time.time(), False), (0, True)):
            self.clock.move(seconds, synced)
            lasts(1.1, "a while with this clock; the daemon looks at it once a second")
        village.finish()
        mixed.finish()
        records = self.arrived(village, mixed)

        check_ledger(self, village.publisher.acknowledged | mixed.publisher.acknowledged, records)
        self.check_order(records, village)
        self.check_marks(records)
        corrections = corrections_of(records)
        exact = [c["data"] for c in corrections if not c["data"]["mixed"]]
        self.assertEqual([(c["reason"], c["was"], c["quality"]) for c in exact],
                         [("unset", "unset", "unset"), ("jump", "unset", "free"), ("synced", "free", "synced"),
                          ("jump", "synced", "synced"), ("jump", "synced", "synced"),
                          ("unset", "synced", "unset"), ("synced", "unset", "synced")])
        off, sent = {}, {**village.sent, **mixed.sent}
        for _, event in records:
            nonce = nonce_of(event)
            if nonce:
                placed = place(event, corrections)
                self.assertIsNotNone(placed, f"{event} belongs to no correction")
                off[nonce] = abs(placed - sent[nonce])
        self.assertGreater(len(off), 500)
        self.assertGreater(len(corrections), len(exact), "nothing waited when the clock moved")
        print(f"{len(off)} events under seven clocks, {len(corrections) - len(exact)} mixed tails; the worst "
              f"is placed {max(off.values()):.3f} s off")
        self.assertLess(max(off.values()), NEAR)
        self.assertTrue(idle.is_open(), "a keep alive of 60 s ended within seconds")
        log = self.daemon.process.log()
        self.assertEqual((log.count("quiet is connected"), log.count("not connected")), (1, 0), log)
        # History is removed by size, never by date.
        self.assertEqual(min(self.daemon.status()["store"]["oldest"][c] for c in ("alarm", "telemetry")), 1)

    def test_a_boot_in_1970_that_ended_without_a_good_clock_is_not_placed_by_the_next_ones(self):
        self.box()
        lives = []
        for life in ("first", "second"):
            self.clock.boot_in_1970()
            self.start()
            village = Village(self, self.daemon.port, life)
            for i in range(30):
                village.publish(i)
            village.finish()
            lives.append(village)
            if life == "first":
                self.daemon.kill()
        wait_until(lambda: self.daemon.backlog() == 0, what="forwarding")
        self.clock.move(0)
        records = wait_until(lambda: (lambda r: len(corrections_of(r)) >= 3 and r)(self.arrived(*lives)),
                             what="the correction")

        check_ledger(self, lives[0].publisher.acknowledged | lives[1].publisher.acknowledged, records)
        corrections = corrections_of(records)
        self.assertEqual([c["data"]["reason"] for c in corrections], ["unset", "unset", "synced"])
        self.assertNotEqual(corrections[0]["data"]["run"], corrections[1]["data"]["run"])
        self.assertEqual(corrections[1]["data"]["run"], corrections[2]["data"]["run"])
        self.assertTrue(all(c["data"]["earlier"] == "order" for c in corrections))
        for _, event in records:
            nonce = nonce_of(event) or ""
            if nonce.startswith("first"):
                self.assertIsNone(place(event, corrections), "placed by another life's offset")
            elif nonce.startswith("second"):
                self.assertLess(abs(place(event, corrections) - lives[1].sent[nonce]), NEAR)

    def test_a_clock_that_is_moved_little_by_little_is_told_as_a_drift(self):
        self.box()
        self.start()
        village = Village(self, self.daemon.port, "village")
        village.start()
        for i in range(7):
            self.clock.move(-0.4 * i)
            lasts(0.2, "a step of the clock")
        village.finish()
        records = wait_until(lambda: (lambda r: corrections_of(r) and r)(self.arrived(village)),
                             what="the correction")
        self.check_order(records, village)
        data = corrections_of(records)[0]["data"]
        self.assertEqual(data["reason"], "drift")
        # Told from two seconds on; the look that falls between the last two steps tells the smaller one.
        self.assertGreater(data["offset_ms"], -2700)
        self.assertLess(data["offset_ms"], -1950)
        self.assertRegex(self.daemon.process.log(), r"warning The clock was moved little by little back by 2\.\d+ s")

    def test_the_status_tells_a_clock_that_is_wrong_and_then_no_more(self):
        self.box()
        self.clock.boot_in_1970()
        self.start()
        self.assertEqual(self.daemon.status()["clock"], "unset")
        self.assertIn("timedatectl", self.daemon.status()["troubles"][0]["next"]["en"])
        self.clock.move(0)
        wait_until(lambda: self.daemon.status()["clock"] == "synced", what="a good clock")
        self.assertFalse(self.daemon.status()["troubles"])


class Timers(ClockCase):
    def test_links_are_given_up_and_made_again_in_seconds_whichever_way_the_clock_went(self):
        self.box(extra='acknowledge_timeout = "1 s"\n')
        self.start()
        self.wait_for_state("connected")
        village = Village(self, self.daemon.port, "village")
        number = iter(range(100))
        for years in (-10, 10):
            self.clock.move(years / 10 * TEN_YEARS)
            # A street that stands still is noticed by its silence; a street that is gone is connected to
            # again.
            self.street.process.child.send_signal(signal.SIGSTOP)
            village.publish(next(number))
            wait_until(lambda: self.daemon.status()["upstreams"][0]["failure"], 8, "silence noticed")
            # The street's broker remembers its subscriber, who may come back later than the gateway.
            self.street.process.child.send_signal(signal.SIGCONT)
            self.street.stop()
            self.clock.move(-years / 10 * TEN_YEARS)
            self.street.start()
            wait_until(lambda: self.daemon.backlog() == 0, 8, "the link again")
        village.finish()
        check_ledger(self, village.publisher.acknowledged, self.arrived(village))

    def test_sessions_end_by_time_that_passed_and_not_by_the_clock(self):
        self.box()
        self.start()
        for name, expiry in (("long", 3600), ("short", 1)):
            Wire(self, self.daemon.port).connect(name, clean=True, props=[(EXPIRY, expiry)])

        def sessions():
            return self.daemon.status()["connections"]["sessions"]
        wait_until(lambda: sessions() == 2, what="two sessions")

        def is_there(name):
            wire = Wire(self, self.daemon.port)
            present, code, _ = wire.connect(name, clean=False, props=[(EXPIRY, 3600)])
            self.assertEqual(code, 0)
            wire.drop()
            return present == 1

        self.assertTrue(is_there("long"))
        self.clock.move(TEN_YEARS)
        stays(lambda: sessions() >= 1, 1.5, "the long session")  # it looks for ended ones once a second
        self.assertTrue(is_there("long"), "ended by the clock")
        # By its clock the box was off for ten years; sessions go on where they stood.
        self.daemon.kill()
        self.clock.boot_in_1970()
        self.start()
        self.assertTrue(is_there("long"), "ended by the clock over a restart")
        self.clock.move(2 * TEN_YEARS)
        wait_until(lambda: sessions() == 1, what="the end of the short session")
        self.assertFalse(is_there("short"), "kept by the clock")


class Certificates(ClockCase):
    def test_a_certificate_of_the_future_is_told_as_a_wrong_clock_and_the_link_comes_up_by_itself(self):
        authority = Authority(temp_folder(self))
        certificate, key = authority.issue("street")
        street = Mosquitto(self).speak_tls(authority, certificate, key).start()
        self.subscriber = Subscriber(self, street.inside)
        self.clock = BoxClock(self)
        self.daemon = Daemon(self, extra=(
            f'[[upstream]]\nname = "street"\nurl = "mqtts://localhost:{street.port}"\n'
            f'ca_file = "{authority.certificate}"\nreconnect_first = "100 ms"\n'
            'reconnect_ceiling = "400 ms"\n'))
        self.clock.boot_in_1970()
        self.start()
        village = Village(self, self.daemon.port, "village")
        village.publish(0)
        village.finish()

        def failure():
            return self.daemon.status()["upstreams"][0]["failure"]
        told = wait_until(failure, what="a word about the link")
        print(told)
        for part in ("not valid yet", "1970-01-01", "clock", "timedatectl"):
            self.assertIn(part, told)
        self.assertGreater(self.daemon.backlog(), 0)
        stays(lambda: self.daemon.process.log().count("not valid yet") == 1, 1, "said once")

        self.clock.move(0)
        self.arrived(village)
        self.assertEqual(failure(), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
