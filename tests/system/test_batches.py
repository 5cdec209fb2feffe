"""Batches upstream: fewer bytes, the same custody. `watchpost receive` reads them behind a real
Mosquitto."""
import os
import random
import signal
import threading
import time

import paho.mqtt.client as mqtt

from doubles import FaultProxy
from harness import Daemon, Mosquitto, Subscriber, wait_until
from test_receive import Load, Receiver, watchpost
from times import at_any_moment
from upstream_case import UpstreamCase, run_in_parallel, upstream

ROUNDS = int(os.environ.get("WATCHPOST_KILL_ROUNDS", "3"))
TRUE_SIZE = os.environ.get("WATCHPOST_SLOW") == "1"
RATE = 2_000 if TRUE_SIZE else 8_000  # bytes a second
BATCHES = "batch_events = 100\n"


class Watcher:
    """Notes topic, content type, encoding and size of each publication."""

    def __init__(self, test, port):
        self.seen = []
        self.ready = threading.Event()
        self.client = mqtt.Client("watcher", protocol=mqtt.MQTTv5)
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        test.addCleanup(self.client.loop_stop)
        test.addCleanup(self.client.disconnect)
        self.client.subscribe("wp/v1/#", qos=1)
        test.assertTrue(self.ready.wait(20))

    def _on_message(self, _client, _userdata, message):
        if message.topic.endswith("/rcpt"):
            return
        properties = message.properties.json()
        encoding = dict(properties.get("UserProperty", [])).get("content-encoding", "")
        self.seen.append((message.topic, properties.get("ContentType", ""), encoding,
                          len(message.payload)))

    def batches(self):
        return [each for each in list(self.seen) if each[0].endswith("/batch")]


class Batches(UpstreamCase):
    def drained(self, daemon, receiver):
        wait_until(lambda: daemon.backlog() == 0, 40, "an empty backlog")
        newest = sum(daemon.status()["store"]["newest"].values())
        wait_until(lambda: receiver.count() >= newest, 40, "every record at the receiver")
        self.assertEqual(receiver.count(), newest)
        return newest

    def check_audit(self, daemon, receiver):
        self.assertEqual(receiver.rows("SELECT reason FROM unreadable"), [])
        self.assertEqual(daemon.stop(), 0)
        answer = watchpost("audit", receiver.file, "--gateway", "zhaoxiang-03", "--store",
                           daemon.store)
        self.assertEqual(answer.returncode, 0, answer.stdout + answer.stderr)

    def backlog_by(self, settings, protocol="5"):
        street = Mosquitto(self).start()
        daemon = Daemon(self, extra=upstream("street", street.port,
                                             f'{settings}protocol = "{protocol}"\n')).start()
        receiver = Receiver(self, street.port).start()
        watcher = Watcher(self, street.port)
        self.wait_for_state(daemon, "connected")
        street.process.child.send_signal(signal.SIGSTOP)  # events that come now form a backlog
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(600)] + [f"a{i}" for i in range(20)])
        wait_until(lambda: publisher.outstanding() == 0, what="the backlog on disk")
        street.process.child.send_signal(signal.SIGCONT)
        newest = self.drained(daemon, receiver)
        self.assertGreaterEqual(receiver.nonces(), publisher.acknowledged)
        self.assertEqual(receiver.rows("SELECT sum(repeats) FROM stream"), [(0,)])
        self.check_audit(daemon, receiver)
        wait_until(lambda: any("/alarm/" in each[0] for each in watcher.seen), what="the watcher")
        for topic, content_type, _, _ in watcher.seen:
            batch = "-batch" if topic.endswith("/batch") else ""
            self.assertEqual(content_type, f"application/cloudevents{batch}+json"
                             if protocol == "5" else "")
            self.assertFalse(batch and "/alarm/" in topic, topic)
        print(f"{settings!r} {protocol}: {newest} events in {len(watcher.seen)} publications, "
              f"{sum(each[3] for each in watcher.seen)} bytes")
        return watcher

    def test_single_events_by_default(self):
        self.assertEqual(self.backlog_by("").batches(), [])

    def test_batches(self):
        for _, _, encoding, size in self.check_batches(self.backlog_by(BATCHES)):
            self.assertEqual(encoding, "")
            self.assertLessEqual(size, 16 * 1024 + 2)

    def test_batches_by_3_1_1(self):
        self.check_batches(self.backlog_by(BATCHES, "3.1.1"))

    def test_deflated_batches(self):
        for _, _, encoding, _ in self.check_batches(
                self.backlog_by(BATCHES + 'compression = "deflate"\n')):
            self.assertEqual(encoding, "deflate")

    def test_zstd_batches(self):
        for _, _, encoding, _ in self.check_batches(
                self.backlog_by(BATCHES + 'compression = "zstd"\n')):
            self.assertEqual(encoding, "zstd")

    def check_batches(self, watcher):
        self.assertGreater(len(watcher.batches()), 4)
        self.assertLess(len(watcher.batches()), 300)
        return watcher.batches()

    def test_a_broker_that_refuses_the_batch_topic_gets_the_events_singly(self):
        rules = self.rules("topic write wp/v1/+/+/+/+/+/+/+\ntopic read #\n")
        street = Mosquitto(self, extra=f"acl_file {rules}\n").start()
        daemon = Daemon(self, extra=upstream("street", street.port, BATCHES)).start()
        receiver = Receiver(self, street.port, "--no-receipts").start()
        self.wait_for_state(daemon, "connected")
        street.process.child.send_signal(signal.SIGSTOP)
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(300)])
        wait_until(lambda: publisher.outstanding() == 0, what="the backlog on disk")
        street.process.child.send_signal(signal.SIGCONT)
        self.drained(daemon, receiver)
        self.assertEqual(receiver.nonces(), {f"t{i}" for i in range(300)})
        link = self.link(daemon)
        self.assertEqual(link["failure"], "")
        self.assertIn("refuses a batch of telemetry events (0x87, not authorized)",
                      daemon.process.log())
        self.check_audit(daemon, receiver)

    def rules(self, text):
        folder = Daemon(self).folder
        file = folder / "acl"
        file.write_text(text)
        file.chmod(0o644)
        folder.chmod(0o755)
        return file

    def test_a_slow_link_gets_small_batches_and_alarms_overtake(self):
        for settings in ("", 'compression = "zstd"\n'):
            with self.subTest(settings):
                self.check_slow_link(BATCHES + 'batch_bytes = "64 KiB"\n' + settings)

    def check_slow_link(self, settings):
        street = Mosquitto(self).start()
        road = FaultProxy(self, street.port, rate=RATE)
        daemon = Daemon(self, extra=upstream("street", road.port, settings)).start()
        alarms = Subscriber(self, street.port, ("wp/v1/+/+/+/+/alarm/#",), "alarms")
        watcher = Watcher(self, street.port)
        publisher = self.publisher(daemon)
        backlog = 300 if TRUE_SIZE else 150
        self.publish(publisher, [f"t{i}" for i in range(backlog * (20 if "zstd" in settings else 1))])
        delays = []
        for i in range(4):
            before = len(watcher.seen)
            wait_until(lambda: len(watcher.seen) >= before + 3, 30, "the backlog moving")
            sent = time.monotonic()
            self.publish(publisher, [f"a{i}"])
            wait_until(lambda: f"a{i}" in alarms.nonces(), 40, "the alarm")
            delays.append(time.monotonic() - sent)
        self.assertGreater(daemon.backlog(), 0, "the backlog was gone before the alarms")
        sizes = [each[3] for each in watcher.batches()]
        print(f"{RATE} bytes/s, {settings!r}: alarms after "
              + ", ".join(f"{delay:.1f}" for delay in delays)
              + f" s, {len(sizes)} batches of at most {max(sizes, default=0)} bytes")
        self.assertGreater(len(sizes), 2)
        # Batches keep the same bound as single events.
        self.assertLess(max(delays), 2_400 / RATE + 2)
        self.assertEqual(len(road.accepted), 1, daemon.process.log())

    def test_kills_of_a_gateway_that_sends_batches_lose_nothing_and_repeat_exactly(self):
        for custody in ("broker", "receipt"):
            with self.subTest(custody):
                self.check_kills(custody)

    def check_kills(self, custody):
        seed = int(os.environ.get("WATCHPOST_SEED", time.time_ns() % 1_000_000))
        dice = random.Random(seed)
        street = Mosquitto(self).start()
        # The link is so slow that some event always waits to share a batch.
        road = FaultProxy(self, street.port, rate=500_000)
        daemon = Daemon(self, extra=upstream(
            "street", road.port, f'{BATCHES}compression = "zstd"\ncustody = "{custody}"\n'
            'receipt_timeout = "2 s"\n')).start()
        receiver = Receiver(self, street.port).start()
        watcher = Watcher(self, street.port)
        load = Load(self.publisher(daemon, "load"), "load", 1)
        load.start()
        for _ in range(ROUNDS):
            before = receiver.count()
            wait_until(lambda: receiver.count() > before + 100, 40, "more events")
            at_any_moment(dice, 0.3)
            daemon.kill()
            daemon.start()
        load.stop.set()
        load.join()
        wait_until(lambda: load.publisher.outstanding() == 0, 60, "acknowledgements")
        newest = self.drained(daemon, receiver)
        self.assertEqual(load.publisher.acknowledged - receiver.nonces(), set())
        batches = len(watcher.batches())
        self.assertGreater(batches, ROUNDS)
        repeats = receiver.rows("SELECT sum(repeats) FROM stream")[0][0]
        # A repeat that differs from the first event would count as unreadable.
        self.check_audit(daemon, receiver)
        print(f"seed {seed}, {custody}: {len(load.publisher.acknowledged)} acknowledged, {newest} "
              f"records, {batches} batches, {repeats} repeats after {ROUNDS} kills, lost 0")


if __name__ == "__main__":
    run_in_parallel()
