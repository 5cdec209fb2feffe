"""What waits for subscribers that are away: on disk, in order, within bounds that are told; and little of it
in memory."""
import json
import struct
import unittest

from harness import Daemon, is_sanitized, noise, senml, wait_until
from mqtt_wire import EXPIRY, PUBACK, PUBCOMP, PUBREC, PUBREL, RECEIVE_MAXIMUM, SUBACK, Wire, ack, disconnect, packet, \
    properties, publish, text
from times import stays

PUBLISH = 3
LASTING = ((EXPIRY, 3600),)


class Display:
    """A program with a lasting session that acknowledges what it gets, over as many connections as it takes."""

    def __init__(self, test, daemon, topic, qos=1, window=200):
        self.test, self.daemon, self.topic, self.qos, self.window = test, daemon, topic, qos, window
        self.got = []
        self.receiving = set()
        self.wire = None

    def come(self):
        self.wire = Wire(self.test, self.daemon.port)
        props = LASTING + ((RECEIVE_MAXIMUM, self.window),)
        return self.wire.connect("display", clean=False, props=props)[0]

    def subscribe(self):
        self.wire.send(packet(0x82, struct.pack(">H", 1), properties(), text(self.topic), bytes([self.qos])))
        self.wire.expect(SUBACK, 1)

    def leave(self):
        self.wire.send(disconnect())
        self.wire.close()

    def take(self, count):
        """Reads so many packets; None where the connection ended before."""
        for _ in range(count):
            answer = self.wire.read()
            if answer is None:
                return None
            self.handle(*answer)
        return count

    def take_until(self, enough):
        while not enough():
            if self.take(1) is None:
                return

    def handle(self, kind, body):
        if kind == PUBREL:
            packet_id = struct.unpack(">H", body[:2])[0]
            self.receiving.discard(packet_id)
            self.wire.send(ack(PUBCOMP, packet_id))
        else:
            self.test.assertEqual(kind, PUBLISH)
            size = struct.unpack(">H", body[:2])[0]
            packet_id = struct.unpack(">H", body[2 + size:4 + size])[0]
            payload = body[4 + size + 1 + body[4 + size]:]
            if self.qos == 2:
                if packet_id not in self.receiving:
                    self.receiving.add(packet_id)
                    self.got.append(payload)
                self.wire.send(ack(PUBREC, packet_id))
            else:
                self.got.append(payload)
                self.wire.send(ack(PUBACK, packet_id))


def publish_all(test, daemon, messages, qos=1, batch=500):
    """Each message until it is acknowledged; returns when all are."""
    wire = Wire(test, daemon.port)
    wire.connect("sender")
    for at in range(0, len(messages), batch):
        part = messages[at:at + batch]
        ids = [1 + (at + i) % 60_000 for i in range(len(part))]
        wire.send(*[publish(topic, payload, qos, packet_id) for (topic, payload), packet_id in zip(part, ids)])
        for packet_id in ids:
            wire.expect(PUBACK if qos == 1 else PUBREC, packet_id)
        if qos == 2:
            wire.send(*[ack(PUBREL, packet_id) for packet_id in ids])
            for packet_id in ids:
                wire.expect(PUBCOMP, packet_id)
    wire.close()


def numbered(first, count):
    return [(f"hall/{number % 7}/state", f"{number:07d} {noise(200)}") for number in range(first, first + count)]


def numbers(payloads):
    return [int(payload[:7]) for payload in payloads]


class Waiting(unittest.TestCase):
    def test_fifty_thousand_messages_wait_on_disk_alone_and_come_in_order_over_kill_9(self):
        daemon = Daemon(self, extra="").start()
        display = Display(self, daemon, "hall/#")
        display.come()
        display.subscribe()
        display.leave()
        publish_all(self, daemon, numbered(0, 20_000))
        daemon.kill()
        daemon.start()
        publish_all(self, daemon, numbered(20_000, 5_000))  # after that, caches are as large as they become
        before = daemon.resident_kib()
        publish_all(self, daemon, numbered(25_000, 25_000))
        grown = daemon.resident_kib() - before
        status = daemon.status()["subscribers"]
        self.assertEqual(status["queued"], 50_000)
        self.assertGreater(status["queued_bytes"], 50_000 * 200)
        self.assertEqual(set(status["yielded"].values()), {0})
        if not is_sanitized():
            self.assertLess(grown, 3 * 1024, f"{grown} KiB more for 25,000 messages of 200 bytes")
        self.assertEqual(display.come(), 1, "the session is there")
        display.take(12_000)
        daemon.kill()
        display.wire.close()
        daemon.start()
        display.come()
        display.take_until(lambda: len(display.got) >= 50_000 and numbers(display.got[-1:]) == [49_999])
        peak = daemon.resident_kib()
        got = numbers(display.got)
        first_time = sorted(set(got))
        self.assertEqual(first_time, list(range(50_000)), "each message has come")
        seen, order = set(), []
        for number in got:
            if number not in seen:
                order.append(number)
            seen.add(number)
        self.assertEqual(order, first_time, "in the order in which they were published")
        if not is_sanitized():
            self.assertLess(peak - before, 8 * 1024, "nor does giving them out take memory")
        wait_until(lambda: daemon.status()["subscribers"]["queued"] == 0, what="the queue to be empty")

    def test_qos_2_comes_once_and_in_order_from_a_long_queue_over_kills(self):
        daemon = Daemon(self).start()
        display = Display(self, daemon, "hall/#", qos=2)
        display.come()
        display.subscribe()
        display.leave()
        publish_all(self, daemon, numbered(0, 5_000), qos=2)
        for packets in (1_500, 2_500, 1_000):
            display.come()
            display.take(packets)
            daemon.kill()
            display.wire.close()
            daemon.start()
        display.come()
        display.take_until(lambda: len(display.got) == 5_000 and not display.receiving)
        self.assertEqual(numbers(display.got), list(range(5_000)))
        wait_until(lambda: daemon.status()["subscribers"]["queued"] == 0, what="the queue to be empty")

    def test_what_is_published_while_the_queue_is_given_out_follows_it(self):
        daemon = Daemon(self).start()
        display = Display(self, daemon, "hall/#", window=50)
        display.come()
        display.subscribe()
        display.leave()
        publish_all(self, daemon, numbered(0, 4_000))
        display.come()
        for first in range(4_000, 8_000, 500):
            display.take(300)
            publish_all(self, daemon, numbered(first, 500), batch=100)
        display.take_until(lambda: len(display.got) == 8_000)
        self.assertEqual(numbers(display.got), list(range(8_000)))
        # From here on it keeps up again, and nothing is read from the disk.
        publish_all(self, daemon, numbered(8_000, 10))
        display.take_until(lambda: len(display.got) == 8_010)
        self.assertEqual(numbers(display.got[-10:]), list(range(8_000, 8_010)))

    def test_a_session_that_is_to_end_with_its_connection_still_gets_what_waited(self):
        daemon = Daemon(self).start()
        display = Display(self, daemon, "hall/#")
        display.come()
        display.subscribe()
        display.leave()
        publish_all(self, daemon, numbered(0, 3_000))
        display.wire = Wire(self, daemon.port)
        display.wire.connect("display", clean=False)
        display.take_until(lambda: len(display.got) == 3_000)
        self.assertEqual(numbers(display.got), list(range(3_000)))
        display.wire.close()
        wait_until(lambda: daemon.status()["connections"]["sessions"] == 0, what="the session to end")
        daemon.kill()
        daemon.start()
        self.assertEqual(display.come(), 0, "the session has ended")


class Bounds(unittest.TestCase):
    @staticmethod
    def alarms(count):
        return [(f"wp/in/fire/smoke-{number}", senml(f"smoke-{number}", "smoke", True, f"alarm {number}"))
                for number in range(count)]

    @staticmethod
    def readings(first, count):
        return [("wp/in/water/well-1", senml("well-1", "water_level", 1.25, f"{number:07d} {noise(300)}"))
                for number in range(first, first + count)]

    def daemon(self, settings):
        daemon = Daemon(self)
        daemon.config.write_text(daemon.config.read_text().replace("[store]\n", f"[store]\n{settings}\n"))
        return daemon.start()

    def troubles(self, daemon):
        return {trouble["code"]: trouble for trouble in daemon.status()["troubles"]}

    def test_at_its_bound_a_queue_keeps_its_alarms_and_says_what_went(self):
        daemon = self.daemon('client_queue = "1 MiB"')
        display = Display(self, daemon, "wp/in/#")
        display.come()
        display.subscribe()
        display.leave()
        publish_all(self, daemon, self.alarms(100))
        self.assertNotIn("client_queue_full", self.troubles(daemon))
        publish_all(self, daemon, self.readings(0, 6_000))
        status = daemon.status()["subscribers"]
        self.assertLessEqual(status["queued_bytes"], 1024 * 1024)
        self.assertEqual(status["yielded"]["alarm"], 0)
        gone = status["yielded"]["telemetry"]
        self.assertEqual(status["queued"] + gone, 6_100)
        self.assertGreater(gone, 2_000)
        trouble = self.troubles(daemon)["client_queue_full"]
        self.assertEqual(trouble["args"]["client"], "display")
        self.assertEqual(trouble["args"]["by_class"]["telemetry"], gone)
        self.assertEqual(trouble["args"]["by_class"]["alarm"], 0)
        self.assertIn("client display is full", daemon.process.log())
        self.assertNotIn("client_queues_full", self.troubles(daemon))
        daemon.kill()
        daemon.start()
        display.come()
        display.take_until(lambda: len(display.got) == 6_100 - gone)
        stays(lambda: len(display.got) == 6_100 - gone, 0.2, "nothing else")
        nonces = [next(record["vs"] for record in json.loads(payload) if record["n"] == "nonce")
                  for payload in display.got]
        self.assertEqual(nonces[:100], [f"alarm {number}" for number in range(100)])
        self.assertEqual([int(nonce[:7]) for nonce in nonces[100:]], list(range(gone, 6_000)))

    def test_at_the_bound_of_all_the_longest_queue_gives_way(self):
        daemon = self.daemon('client_queue = "1 MiB"\nclient_queues = "1 MiB"')
        display = Display(self, daemon, "wp/in/#")
        display.come()
        display.subscribe()
        display.leave()
        wire = Wire(self, daemon.port)
        wire.connect("siren", clean=False, props=LASTING)
        wire.send(packet(0x82, struct.pack(">H", 1), properties(), text("wp/in/fire/#"), bytes([1])))
        wire.expect(SUBACK, 1)
        wire.close()
        publish_all(self, daemon, self.readings(0, 2_000))
        publish_all(self, daemon, self.alarms(500))
        status = daemon.status()["subscribers"]
        self.assertLessEqual(status["queued_bytes"], 1024 * 1024)
        self.assertEqual(status["yielded"]["alarm"], 0)
        trouble = self.troubles(daemon)["client_queues_full"]
        self.assertGreater(trouble["args"]["by_class"]["telemetry"], 0)
        self.assertEqual(trouble["args"]["by_class"]["alarm"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
