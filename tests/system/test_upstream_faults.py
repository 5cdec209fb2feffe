"""Links that break without a word, answers that get lost, slow and flapping networks: what was
acknowledged arrives, the operator is told, and the link comes back by itself.

WATCHPOST_FLAPS=30 lets the link flap for so many seconds (default 5).
"""
import os
import time

from doubles import FakeBroker, FaultProxy, Script, puback
from harness import Daemon, Mosquitto, Subscriber, client_in_use, nonce_of, wait_until
from times import lasts
from upstream_case import HEALED_WITHIN, UpstreamCase, run_in_parallel, upstream

FLAPS = int(os.environ.get("WATCHPOST_FLAPS", "5"))
QUICK = 'acknowledge_timeout = "1 s"'


class Silence(UpstreamCase):
    """Nothing gets through, and neither FIN nor RST tells of that."""

    def road(self, extra="", **proxy):
        street = Mosquitto(self).start()
        road = FaultProxy(self, street.port, **proxy)
        daemon = Daemon(self, extra=upstream("street", road.port, extra)).start()
        subscriber = Subscriber(self, street.port)
        self.wait_for_state(daemon, "connected")
        return street, road, daemon, subscriber

    def test_a_busy_link_that_falls_silent_is_left_at_acknowledge_timeout(self):
        _, road, daemon, subscriber = self.road(QUICK)
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(300)])
        road.stall()
        self.publish(publisher, [f"t{i}" for i in range(300, 600)] + ["a"])
        noticed = self.seconds_until(lambda: self.link(daemon)["state"] != "connected", 5,
                                     "the silence noticed")
        print(f"busy link silent: noticed after {noticed:.1f} s with acknowledge_timeout 1 s")
        self.wait_for_failure(daemon, "has not acknowledged", "look at the broker")
        road.abandon()
        # An attempt that began during the silence is dead too; it is given up after 15 s.
        healed = self.check_healed(daemon, within=HEALED_WITHIN + 15)
        print(f"connected again {healed:.1f} s after the end of the silence")
        self.check_all_arrived(publisher, subscriber)

    def test_a_broker_restarted_behind_a_link_that_does_not_say_so_gets_everything(self):
        street, road, daemon, _ = self.road(QUICK)
        publisher = self.publisher(daemon)
        road.stall()
        street.stop()
        street.start()
        # The old link never learns of its end, but a new one works.
        road.abandon()
        subscriber = Subscriber(self, street.port, client_id="after")
        self.publish(publisher, [f"t{i}" for i in range(200)] + ["a"])
        wait_until(lambda: "a" in subscriber.nonces(), 6, "the alarm over a new link")
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)
        self.assertGreaterEqual(daemon.process.log().count("is connected"), 2)

    def test_a_stall_shorter_than_the_timeouts_costs_no_link(self):
        _, road, daemon, subscriber = self.road('acknowledge_timeout = "4 s"\nkeep_alive = "5 s"')
        publisher = self.publisher(daemon)
        road.stall()
        self.publish(publisher, [f"t{i}" for i in range(200)])
        lasts(1.5, "the stall")
        road.resume()
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)
        self.assertEqual(daemon.process.log().count("is connected"), 1)

    def test_a_link_that_flaps_every_second_loses_nothing(self):
        _, road, daemon, subscriber = self.road()
        publisher = self.publisher(daemon)
        sent = 0
        for _ in range(FLAPS):
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                self.publish(publisher, [f"t{sent}"])
                sent += 1
                lasts(0.002, "the time between two messages")
            road.refusing = True
            road.cut()
            lasts(0.5, "the gap")
            road.refusing = False
        print(f"flapping for {FLAPS} s: {sent} messages, {len(road.accepted)} attempts")
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)
        # Paho needs a second for each attempt, so only every other flap finds a link.
        self.assertGreaterEqual(daemon.process.log().count("is connected"), FLAPS // 2)

    def test_a_broker_restarted_in_the_middle_of_a_window_gets_the_rest_and_no_second_life(self):
        street = Mosquitto(self)
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        publisher = self.publisher(daemon, window=1000)
        self.publish(publisher, [f"t{i}" for i in range(10_000)])
        wait_until(lambda: publisher.outstanding() == 0, 30, "the backlog on disk")
        subscriber = street.start_awaited()
        for _ in range(2):
            seen = len(subscriber.events)
            wait_until(lambda: len(subscriber.events) > seen + 500, what="the drain under way")
            street.stop()
            street.start()
        # Two short links in a row leave a reason in the status, until a link has stood three times as long.
        self.check_healed(daemon, within=HEALED_WITHIN + 15, drained=30)
        wait_until(lambda: len(subscriber.nonces()) == 10_000, 30, "everything")
        self.check_all_arrived(publisher, subscriber)


class LostAnswers(UpstreamCase):
    def test_lost_pubacks_make_repeats_under_the_same_id_and_move_no_cursor(self):
        street = Mosquitto(self).start()
        road = FaultProxy(self, street.port)
        swallowed = []

        def swallow(packet):
            if packet[0] >> 4 != 4:
                return packet
            swallowed.append(packet)
            return b""
        subscriber = Subscriber(self, street.port)
        daemon = Daemon(self, extra=upstream("street", road.port, QUICK)).start()
        self.wait_for_state(daemon, "connected")
        wait_until(lambda: self.link(daemon)["in_flight"] == 0, what="a quiet link")
        road.filter = swallow
        publisher = self.publisher(daemon)
        # The events are few enough for a link without any answer, whose window is still small.
        nonces = ["t0", "t1", "t2", "a"]
        self.publish(publisher, nonces)
        wait_until(lambda: len(subscriber.nonces()) == 4 and len(swallowed) >= 5,
                   what="all at the street, all answers lost")
        # The events are delivered, but the daemon cannot know that, so no cursor may move.
        self.assertEqual(sum(self.link(daemon)["backlog"].values()), 5, "the alarm is two events")
        self.wait_for_failure(daemon, "has not acknowledged")
        self.assertEqual(sum(self.link(daemon)["backlog"].values()), 5)
        road.filter = None
        road.cut()
        self.check_healed(daemon)
        ids = self.check_all_arrived(publisher, subscriber)
        arrivals = [nonce_of(e) for _, e in subscriber.records()]
        self.assertGreater(len(arrivals), 5, "nothing was sent again")
        for nonce in nonces:
            self.assertEqual(len(ids[nonce]), 1, "a repeat under another id")

    def test_every_second_puback_lost_still_delivers_all_in_the_end(self):
        street = Mosquitto(self).start()
        road = FaultProxy(self, street.port)
        count = [0]

        def swallow(packet):
            count[0] += packet[0] >> 4 == 4
            return b"" if packet[0] >> 4 == 4 and count[0] % 20 == 0 else packet
        subscriber = Subscriber(self, street.port)
        daemon = Daemon(self, extra=upstream("street", road.port, QUICK)).start()
        road.filter = swallow
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(120)])
        wait_until(lambda: count[0] > 140, 15, "repeats")
        road.filter = None
        self.check_healed(daemon)
        self.check_all_arrived(publisher, subscriber)

    def test_pubacks_in_reverse_order_and_for_unknown_ids_answer_what_they_name(self):
        held = []

        class Backwards(Script):
            def publish(self, link, publication):
                if publication.topic.endswith("/online"):
                    return link.accept(publication)
                held.append(publication)
                link.send(puback(60_000 + len(held)))  # acknowledges an id that was never sent
                if len(held) % 3 == 0:
                    for each in reversed(held[-3:]):
                        link.accept(each)
                        link.send(puback(each.packet_id))  # acknowledges each publication twice
        street = FakeBroker(self, Backwards())
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(99)])
        self.check_healed(daemon)
        self.check_all_arrived(publisher, street)
        self.assertEqual(len(street.links), 1)
        self.assertEqual(len(street.records()), 99)

    def test_the_last_pubacks_alone_answer_nothing_before_them(self):
        held = []

        class LastOnly(Script):
            def publish(self, link, publication):
                if publication.topic.endswith("/online"):
                    return link.accept(publication)
                held.append(publication)
                if int(publication.event["sequence"]) > 2:
                    link.accept(publication)
        street = FakeBroker(self, LastOnly())
        daemon = Daemon(self, extra=upstream("street", street.port)).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, [f"t{i}" for i in range(30)])
        wait_until(lambda: len(street.records()) == 28, what="28 acknowledged")
        wait_until(lambda: self.link(daemon)["acknowledged"] == 28, what="28 counted")
        self.assertEqual(self.link(daemon)["backlog"]["telemetry"], 30)
        daemon.kill()
        street.script = Script()
        daemon.start()
        self.check_healed(daemon)
        self.check_all_arrived(publisher, street)


class BrokenBrokers(UpstreamCase):
    """Each server speaks something that is not MQTT, or stops in the middle; later it speaks well."""

    def check(self, script, *said, extra=QUICK, attempts=3, seconds=12):
        street = FakeBroker(self, script)
        daemon = Daemon(self, extra=upstream("street", street.port, extra)).start()
        publisher = self.publisher(daemon)
        self.publish(publisher, ["a0"])
        wait_until(lambda: len(street.links) >= attempts, seconds, f"{attempts} attempts")
        failure = self.wait_for_failure(daemon, *said)
        opened = [link.opened for link in street.links]
        print(f"{type(script).__name__}: {failure} (seconds between attempts: "
              + ", ".join(f"{b - a:.1f}" for a, b in zip(opened, opened[1:])) + ")")
        self.publish(publisher, ["a1", "t"])
        wait_until(lambda: publisher.outstanding() == 0, what="acknowledgements without an upstream")
        self.assertEqual(self.link(daemon)["backlog"]["alarm"], 4, "each alarm is two events")
        self.assertLess(daemon.resident_kib(), 100 * 1024)
        street.script = Script()
        street.drop_links()
        self.check_healed(daemon)
        self.check_all_arrived(publisher, street)

    def test_one_that_closes_right_after_connack_is_met_with_growing_waits(self):
        class Closes(Script):
            def connect(self, link):
                super().connect(link)
                link.close()
        # The gateway's own state is the first message, and nobody answers it.
        self.check(Closes(), "Each connection ends when we send", "status/gateway/online",
                   attempts=6)

    def test_one_that_closes_instead_of_connack(self):
        class Hangs(Script):
            def connect(self, link):
                link.close()
        self.check(Hangs(), "cannot be reached", "Check the network")

    def test_garbage_instead_of_connack(self):
        class Garbage(Script):
            def connect(self, link):
                link.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                link.close()
        self.check(Garbage(), "cannot be reached")

    def test_garbage_after_connack(self):
        class Rubbish(Script):
            def publish(self, link, publication):
                link.send(bytes(range(256)) * 4)
        self.check(Rubbish())

    def test_half_a_puback_for_ever(self):
        class Half(Script):
            def publish(self, link, publication):
                if publication.topic.endswith("/online"):
                    link.send(puback(publication.packet_id)[:3])
        self.check(Half(), "has not acknowledged")

    def test_half_a_connack_for_ever(self):
        class HalfConnack(Script):
            def connect(self, link):
                link.send(b"\x20\x03")
        self.check(HalfConnack(), "cannot be reached", attempts=2, seconds=40)

    def test_a_remaining_length_of_256_mib_takes_no_memory(self):
        class Huge(Script):
            def publish(self, link, publication):
                link.send(b"\x30\xff\xff\xff\x7f" + b"x" * 100_000)
        # Paho waits until all of the packet has arrived.
        self.check(Huge(), {"paho": "has not acknowledged",
                            "watchpost": "larger than is taken"}[client_in_use()])

    def test_a_remaining_length_of_five_bytes(self):
        class Five(Script):
            def publish(self, link, publication):
                link.send(b"\x30\xff\xff\xff\xff\x7f" + b"x" * 1000)
        self.check(Five())


if __name__ == "__main__":
    run_in_parallel(9)
