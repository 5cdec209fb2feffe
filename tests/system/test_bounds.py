"""Bounds: whatever waits, and whichever client breaks the rules, memory and start-up stay as they are.

WATCHPOST_BACKLOG=10000000 runs the long outage at full size (4 GB of disk, some minutes).
"""
import os
import resource
import selectors
import signal
import socket
import subprocess
import threading
import time
import unittest

from harness import (BUILD, Daemon, Mosquitto, is_sanitized, noise, nonce_of, senml, smoke, smoke_topic,
                     wait_until)
from mqtt_wire import PUBACK, V311, Wire, connect, publish
from times import lasts

BACKLOG = int(os.environ.get("WATCHPOST_BACKLOG", "100000"))
LEVEL = "wp/in/water/gauge"
MIB = 1024


def timed_start(daemon):
    """Seconds from exec until the socket listens."""
    began = time.monotonic()
    daemon.start()
    return time.monotonic() - began


class Fresh:
    """A client that connects now and wants its PUBACK like every other."""

    def __init__(self, test, daemon, name="fresh"):
        self.wire = Wire(test, daemon.port)
        self.wire.connect(name)

    def seconds_for_puback(self, topic=LEVEL, payload=None):
        began = time.monotonic()
        self.wire.send(publish(topic, payload or senml("gauge", "level", 1.0, "fresh"), qos=1, packet_id=7))
        self.wire.expect(PUBACK, 7)
        return time.monotonic() - began


class BoundsCase(unittest.TestCase):
    def grown(self, daemon, before, limit_kib, what):
        """Fails where resident memory grew by more than the limit; prints by how much it grew."""
        grown = daemon.resident_kib() - before
        print(f"{what}: {grown} KiB more resident, at most {limit_kib} allowed")
        if not is_sanitized():
            self.assertLess(grown, limit_kib, what)


class LongOutage(BoundsCase):
    def test_a_backlog_costs_neither_memory_nor_start_up_and_an_alarm_overtakes_it(self):
        street = Mosquitto(self)
        empty = Daemon(self, [("street", street.port)])
        empty_start = timed_start(empty)
        Fresh(self, empty).seconds_for_puback()
        empty_kib = empty.resident_kib()
        empty.stop()

        daemon = Daemon(self, [("street", street.port)])
        daemon.config.write_text(daemon.config.read_text().replace(
            "[store]\n", '[store]\nquota = "32 GiB"\n'))
        filled = subprocess.run([BUILD / "tests" / "fill_store", daemon.store, str(BACKLOG)],
                                capture_output=True, text=True, timeout=1200)
        self.assertEqual(filled.returncode, 0, filled.stderr)
        size = sum(file.stat().st_size for file in daemon.store.iterdir())
        print(f"filled: {filled.stdout.strip()}, {size / 1e6:.0f} MB")

        took = timed_start(daemon)
        print(f"start-up {took:.2f} s with {BACKLOG} records, {empty_start:.2f} s with none")
        if not is_sanitized():
            self.assertLess(took, 2)
        self.assertEqual(daemon.backlog(), BACKLOG)
        Fresh(self, daemon).seconds_for_puback()
        self.grown(daemon, empty_kib, 10 * MIB, f"{empty_kib} KiB with an empty store; with the backlog")

        subscriber = street.start_awaited()
        wait_until(lambda: daemon.status()["upstreams"][0]["acknowledged"] > 0, 60, "a flow")
        # The street stands still, so that the number of events that the gateway has sent so far is fixed.
        street.process.child.send_signal(signal.SIGSTOP)
        self.assertGreater(daemon.backlog(), 1_000, "the backlog is too small for this machine")
        wait_until(lambda: self.stands_still(daemon), what="a full window")
        sent = daemon.status()["upstreams"][0]["published"]
        Fresh(self, daemon, "hall").seconds_for_puback(smoke_topic("fire"), smoke("fire"))
        street.process.child.send_signal(signal.SIGCONT)

        events = wait_until(lambda: self.up_to(subscriber, "fire"), 20, "the alarm")
        telemetry = [int(e["sequence"]) for e in events if e["wpclass"] == "telemetry"]
        overtaken = max(telemetry, default=sent)
        print(f"the alarm came after {overtaken - sent} further records of telemetry")
        self.assertLess(overtaken - sent, 100)
        self.assertGreater(daemon.backlog(), 0)
        self.grown(daemon, empty_kib, 10 * MIB, "while it is forwarded")

        daemon.kill()
        again = timed_start(daemon)
        print(f"start-up {again:.2f} s after kill -9")
        if not is_sanitized():
            self.assertLess(again, 2)

    @staticmethod
    def stands_still(daemon):
        before = daemon.status()["upstreams"][0]["published"]
        lasts(0.1, "the time between two looks")
        return before == daemon.status()["upstreams"][0]["published"]

    @staticmethod
    def up_to(subscriber, nonce):
        events = [event for _, event in subscriber.records()]
        for i, event in enumerate(events):
            if nonce_of(event) == nonce:
                return events[:i]
        return None


class Crowd(BoundsCase):
    def test_five_thousand_idle_connections_cost_a_stated_amount_each_and_delay_nobody(self):
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard != resource.RLIM_INFINITY and hard < 6000:
            self.skipTest(f"this machine allows {hard} open files")
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        resource.setrlimit(resource.RLIMIT_NOFILE, (6000, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        daemon = Daemon(self, listener_extra="max_connections = 6000").start()
        before = daemon.resident_kib()
        greeting = [connect(f"idle-{i}", version=V311) for i in range(5000)]
        sockets = []
        for packet in greeting:
            idle = socket.create_connection(("127.0.0.1", daemon.port), timeout=20)
            self.addCleanup(idle.close)
            idle.sendall(packet)
            sockets.append(idle)
        for idle in sockets:
            self.assertEqual(idle.recv(4), b"\x20\x02\x00\x00")
        per_connection = (daemon.resident_kib() - before) / 5000
        print(f"{per_connection:.1f} KiB resident for each of 5,000 idle connections")
        if not is_sanitized():
            self.assertLess(per_connection, 4)
        slowest = max(Fresh(self, daemon, f"fresh-{i}").seconds_for_puback() for i in range(10))
        self.assertLess(slowest, 1)
        self.assertEqual(daemon.status()["connections"]["open"], 5010)


class Stalled(BoundsCase):
    def test_half_a_packet_and_then_silence_costs_what_was_sent_until_the_keep_alive_ends_it(self):
        daemon = Daemon(self).start()
        Fresh(self, daemon).seconds_for_puback()
        before = daemon.resident_kib()
        half, count = 50_000, 200
        wires = []
        for i in range(count):
            wire = Wire(self, daemon.port)
            wire.connect(f"half-{i}", version=V311, keep_alive=1)
            wire.send(publish(LEVEL, b"x" * 2 * half, qos=1, version=V311)[:half])
            wires.append(wire)
        self.assertLess(Fresh(self, daemon, "other").seconds_for_puback(), 1)
        self.grown(daemon, before, 2 * count * half / 1024, f"{count} halves of {half} bytes")
        for wire in wires:
            wire.socket.settimeout(10)
            self.assertIsNone(wire.read(), "still open after one and a half keep alives")
        self.assertLess(Fresh(self, daemon, "later").seconds_for_puback(), 1)
        self.assertEqual(daemon.status()["totals"]["messages"], 3)

    def test_clients_that_publish_and_never_read_their_answers_are_bounded_and_delay_nobody(self):
        daemon = Daemon(self).start()
        Fresh(self, daemon).seconds_for_puback()
        before = daemon.resident_kib()
        flood = Flood(self, daemon, clients=20, payload=200, reads=False)
        flood.run_for(3)
        slowest = max(Fresh(self, daemon, f"other-{i}").seconds_for_puback() for i in range(5))
        print(f"{flood.sent / 1e6:.1f} MB sent; the slowest of five others waited {slowest:.2f} s")
        self.assertLess(slowest, 2)
        # 8 MiB of small messages that wait for the disk take about 30 MiB of resident memory.
        self.grown(daemon, before, 48 * MIB, "20 clients that never read")


class Flood:
    """Clients that send as fast as their sockets take the bytes."""

    def __init__(self, test, daemon, clients, payload, reads=True):
        self.payload = noise(payload).encode()
        # Packets are sent in rounds, and never with more unacknowledged packet ids than exist.
        self.per_round = max(1, 262_144 // payload)
        self.sent = self.begun = self.acknowledged = 0
        self.selector = selectors.DefaultSelector()
        test.addCleanup(self.selector.close)
        for i in range(clients):
            wire = socket.socket()
            test.addCleanup(wire.close)
            # The kernel's buffers are kept small, because they are not under test.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
            if not reads:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
            wire.connect(("127.0.0.1", daemon.port))
            wire.sendall(connect(f"flood-{i}", version=V311))
            assert wire.recv(4) == b"\x20\x02\x00\x00"
            wire.setblocking(False)
            self.selector.register(wire, selectors.EVENT_WRITE | (selectors.EVENT_READ if reads else 0),
                                   {"id": 0, "left": b""})

    def run_for(self, seconds, begin=True):
        end = time.monotonic() + seconds
        while time.monotonic() < end and (begin or self.acknowledged < self.begun):
            for key, events in self.selector.select(0.1):
                try:
                    if events & selectors.EVENT_READ:
                        self.read(key.fileobj)
                    if events & selectors.EVENT_WRITE:
                        self.write(key.fileobj, key.data, begin)
                except BlockingIOError:
                    pass
                except OSError:
                    self.selector.unregister(key.fileobj)

    def finish(self, seconds):
        """Sends no new packets; packets already begun are sent and acknowledged."""
        self.run_for(seconds, begin=False)

    def write(self, wire, client, begin):
        if not client["left"] and begin:
            ids = [(client["id"] + i) % 50_000 + 1 for i in range(self.per_round)]
            client["id"] = ids[-1]
            client["left"] = b"".join(publish(LEVEL, self.payload, qos=1, version=V311, packet_id=i)
                                      for i in ids)
            self.begun += len(ids)
        if not client["left"]:
            self.selector.modify(wire, selectors.EVENT_READ, client)
            return
        sent = wire.send(client["left"])
        self.sent += sent
        client["left"] = client["left"][sent:]

    def read(self, wire):
        answer = wire.recv(65_536)
        if not answer:
            raise OSError("closed")
        self.acknowledged += len(answer) // 4


class FasterThanTheDisk(BoundsCase):
    def test_who_publishes_faster_than_the_disk_waits_and_memory_stays(self):
        daemon = Daemon(self).start({"LD_PRELOAD": str(BUILD / "tests" / "slow_sync_shim.so"),
                                     "WATCHPOST_SYNC_DELAY_MS": "20"})
        Fresh(self, daemon).seconds_for_puback()
        before = daemon.resident_kib()
        flood = Flood(self, daemon, clients=30, payload=16_000)
        waiting, peak, slowest = [], [], []
        done = threading.Event()

        def look():
            i = 0
            while not done.wait(0.3):
                i += 1
                peak.append(daemon.resident_kib())
                waiting.append(daemon.status()["store"]["waiting"])
                slowest.append(Fresh(self, daemon, f"other-{i}").seconds_for_puback())
        looker = threading.Thread(target=look)
        looker.start()
        flood.run_for(3)
        done.set()
        looker.join()
        print(f"{flood.sent / 1e6:.0f} MB sent, {flood.acknowledged} acknowledged; at most "
              f"{max(waiting) / 1e6:.1f} MB waited for the disk; others waited up to {max(slowest):.2f} s")
        self.assertGreater(max(waiting), 4 << 20, "the disk kept up: nothing was tried")
        # The limit is 8 MiB, and the bytes past it that one read of each socket may bring.
        self.assertLess(max(waiting), 16 << 20)
        self.assertLess(max(slowest), 3)
        print(f"peak {max(peak) - before} KiB more resident")
        if not is_sanitized():
            self.assertLess(max(peak) - before, 48 * MIB)
        flood.finish(30)
        self.assertEqual(flood.acknowledged, flood.begun, "sent, and never acknowledged")


if __name__ == "__main__":
    unittest.main(verbosity=2)
